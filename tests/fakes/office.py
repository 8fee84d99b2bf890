"""
The use cases on a store, with stand-ins for everything foreign: what `wiring` builds, for tests. `rebuilt` is another process.
"""
# ruff: noqa: D102  - each property is the use case of its name

from datetime import date
from functools import cached_property

from chalicelib.domain.fees import Tariff
from chalicelib.domain.money import LedgerAccount, Posting, transfer
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.verification import Source
from chalicelib.usecases.ask_registers import AskRegisters
from chalicelib.usecases.cancel_booking import CancelBooking
from chalicelib.usecases.confirm_booking import ConfirmBooking
from chalicelib.usecases.find_places import FindPlaces
from chalicelib.usecases.pay_booking import PayBooking
from chalicelib.usecases.ports import Committed, Write
from chalicelib.usecases.prove_ground import ProveGround
from chalicelib.usecases.receive_payment import ReceivePayment
from chalicelib.usecases.receive_payout import ReceivePayout
from chalicelib.usecases.recheck_booking import RecheckBooking
from chalicelib.usecases.request_booking import RequestBooking
from chalicelib.usecases.show_flow import ShowFlow
from chalicelib.usecases.sign_in import Codes, SignIn
from chalicelib.usecases.take_place import Choice, TakePlace
from chalicelib.usecases.top_up_wallet import TopUpWallet
from chalicelib.usecases.verify_booking import VerifyBooking
from tests import factories
from tests.fakes import settlements
from tests.fakes.authority import Authority
from tests.fakes.bank_desk import Bank
from tests.fakes.card_house import CardHouse
from tests.fakes.changes import Changes
from tests.fakes.consent_desk import ConsentDesk
from tests.fakes.finance import Finance
from tests.fakes.memory_people import MemoryPeople
from tests.fakes.outside import Camera, CountingChance, Link, OpenSigner, PlainHash, Registers, StandingClock
from tests.fakes.payers import Payers
from tests.fakes.photos import PhotoShelf
from tests.fakes.purse import Purse
from tests.fakes.rules import RULES
from tests.fakes.samples import HERE
from tests.fakes.sanctions import Sanctions
from tests.fakes.site import Site

MCI = 432_500
FEE = MCI
DEPOSIT = 20 * MCI
TARIFF = Tariff(
    since=date(2026, 1, 1),
    mci=MCI,
    multiples={class_: 1 if class_ is PlaceClass.GENERAL else 100 for class_ in PlaceClass},
    secondary_multiple=100,
    deposit_multiple=20,
    source="test",
)
AGREEMENT = "2026-01"
SOURCES = (
    Source("1", "user", residents=True, non_residents=True, before_place=True),
    Source("2", "owner", residents=True, non_residents=False, before_place=True),
    Source("10", "owner", residents=True, non_residents=True, before_place=True, notice_only_for_residents=True),
    Source("13", "driver", residents=True, non_residents=False, before_place=True),
    Source("17-1", "user", residents=True, non_residents=True, before_place=False),
)


class Office(Authority, Bank, Changes, Finance, Payers, Purse, Sanctions, Site):
    """
    Use cases by name, built at first use.
    """

    def __init__(self, store, **parts):
        self.store = store
        self.clock = parts.get("clock") or StandingClock()
        self.chance = parts.get("chance") or CountingChance()
        self.provider = parts.get("provider") or CardHouse()
        self.link = parts.get("link") or Link()
        self.people = parts.get("people") or MemoryPeople()
        self.registers = parts.get("registers") or Registers()
        self.keyed = PlainHash()
        self.camera = parts.get("camera") or Camera()
        self.shelf = parts.get("shelf") or PhotoShelf()
        self.signer = OpenSigner()
        self.requisites = settlements.requisites()

    def rebuilt(self):
        """
        Give the same office in another process: nothing but the store and the world outside is remembered.
        """
        world = {name: getattr(self, name) for name in ("clock", "chance", "provider", "link", "people", "registers")}
        return Office(self.store, camera=self.camera, shelf=self.shelf, **world)

    def _parts(self, *names):
        known = {
            "committer": self.store,
            "clock": self.clock,
            "chance": self.chance,
            "people": self.people,
            "keyed": self.keyed,
            "rules_on": lambda _: RULES,
            "tariff_on": lambda _: TARIFF,
        }
        return {name: known[name] if name in known else getattr(self.store, name) for name in names}

    @cached_property
    def request(self):
        return RequestBooking(
            **self._parts("committer", "accounts", "ledger", "requests", "people", "clock", "chance", "rules_on"),
            ground=self.ground,
            toward=lambda _: "CN",
            is_open=lambda checkpoint, _: checkpoint == HERE,
            agreement_version=lambda: AGREEMENT,
            consents=self.consents.start,
        )

    @cached_property
    def consents(self):
        return ConsentDesk(self)

    @cached_property
    def ground(self):
        return ProveGround(self.store.vehicle_lists, self.store.bookings)

    @cached_property
    def verify(self):
        return VerifyBooking(
            **self._parts("committer", "bookings", "accounts", "clock", "rules_on"),
            ask=AskRegisters(**self._parts("people"), registers=lambda: self.registers),
            proofs=self.consents.proofs,
            sources=lambda: SOURCES,
            inapplicable=lambda source, booking: False,
        )

    @cached_property
    def recheck(self):
        return RecheckBooking(
            **self._parts("committer", "bookings", "clock", "rules_on"),
            ask=self.verify.ask,
            sources=lambda: SOURCES,
            inapplicable=self.verify.inapplicable,
        )

    @cached_property
    def take(self):
        names = ("committer", "accounts", "bookings", "places", "locks", "ledger", "requests", "clock", "chance", "rules_on", "tariff_on")
        return TakePlace(**self._parts(*names), ground=self.ground)

    @cached_property
    def find(self):
        return FindPlaces(**self._parts("committer", "places", "clock", "rules_on", "tariff_on"))

    @cached_property
    def confirm(self):
        return ConfirmBooking(**self._parts("committer", "rules_on"), code_of=lambda _: "NZH")

    @cached_property
    def pay(self):
        return PayBooking(
            **self._parts(
                "committer", "accounts", "bookings", "places", "locks", "ledger", "requests", "clock", "chance", "rules_on", "tariff_on"
            ),
            provider=lambda: self.provider,
            open=self.open_intent,
            confirm=self.confirm,
        )

    @cached_property
    def receive(self):
        parts = self._parts("committer", "accounts", "bookings", "places", "locks", "ledger", "clock", "rules_on")
        payout = ReceivePayout(**self._parts("committer", "ledger", "clock", "rules_on"))
        return ReceivePayment(**parts, confirm=self.confirm, reverse=self.reverse, payout=payout, refund=self.refunding)

    @cached_property
    def top_up(self):
        return TopUpWallet(**self._parts("committer", "ledger", "requests", "clock", "keyed"), open=self.open_intent)

    @cached_property
    def cancel(self):
        names = ("committer", "bookings", "places", "locks", "ledger", "requests", "clock", "chance", "rules_on")
        return CancelBooking(**self._parts(*names))

    @cached_property
    def flow(self):
        parts = self._parts("committer", "bookings", "places", "passages", "clock", "rules_on")
        return ShowFlow(**parts, watched=lambda checkpoint: checkpoint == HERE)

    @cached_property
    def sign_in(self):
        return SignIn(
            **self._parts("committer", "accounts", "people", "clock", "chance", "keyed", "rules_on"),
            codes=Codes(self.keyed),
            issuer=lambda: self.signer,
            limits_factor=lambda: 1,
        )

    # -- a life in short words

    def open(self, *plans):
        """
        Write plans; none: the booked day's.
        """
        for plan in plans or (factories.plan(),):
            self.store.commit(Write(plan))

    def fill(self, account, amount):
        """
        Put money on a wallet, explained by its posting.
        """
        legs = transfer(LedgerAccount.PROVIDER, LedgerAccount.WALLET_AVAILABLE, amount)
        now = self.clock.now()
        posting = Posting(f"fill:{self.chance.id('p')}", account, "top_up", now, RULES.today(now), legs)
        wallet = self.store.ledger.wallet(account)
        assert self.store.commit(Write(posting), Write(wallet.after([posting]), wallet.version)) == Committed()

    def verified(self, number=1, **changes):
        """
        Put a verified application there: its id.
        """
        booking = factories.verified(number, **{"verified_at": self.clock.now(), "created_at": self.clock.now(), **changes})
        self.store.commit(Write(booking))
        return booking.id

    def held(self, number=1, *, slot=factories.SLOT, pool=Pool.PRIMARY, **changes):
        """
        Put a verified application there and take a place: its id.
        """
        booking = self.verified(number, **changes)
        self.take_for(booking, slot=slot, pool=pool)
        return booking

    def take_for(self, booking, *, slot=factories.SLOT, pool=Pool.PRIMARY, key=None):
        """
        Take a place for a booking: the outcome.
        """
        account = self.store.bookings.get(booking).account
        return self.take(
            account=account, booking=booking, choice=Choice(slot, None, pool), request=factories.request(key or f"take-{booking}")
        )

    def pay_for(self, booking, *, by_card=False, key=None):
        """
        Pay for a booking: the outcome.
        """
        account = self.store.bookings.get(booking).account
        return self.pay(account=account, booking=booking, by_card=by_card, request=factories.request(key or f"pay-{booking}"))

    def cancel_for(self, booking, *, key=None):
        """
        Cancel a booking: the outcome.
        """
        account = self.store.bookings.get(booking).account
        return self.cancel(account=account, booking=booking, request=factories.request(key or f"cancel-{booking}"))

    def confirmed(self, number=1, **changes):
        """
        Bring a booking to `confirmed` out of a filled wallet: its id.
        """
        booking = self.held(number, **changes)
        self.fill(self.store.bookings.get(booking).account, self.store.bookings.get(booking).due.to_pay)
        self.pay_for(booking)
        return booking

    def booking(self, booking):
        """
        Read a booking.
        """
        return self.store.bookings.get(booking)

    def wallet(self, account="acc_1"):
        """
        Read a wallet's available and held money.
        """
        wallet = self.store.ledger.wallet(account)
        return wallet.available, wallet.held
