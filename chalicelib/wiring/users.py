"""
The use cases of users and their bookings with their ports.
"""

from datetime import date

from chalicelib.domain.bookings import Booking
from chalicelib.domain.verification import Source
from chalicelib.usecases.ask_registers import AskRegisters
from chalicelib.usecases.cancel_booking import CancelBooking
from chalicelib.usecases.confirm_booking import ConfirmBooking
from chalicelib.usecases.find_places import FindPlaces
from chalicelib.usecases.issue_pass import IssuePass
from chalicelib.usecases.keep_profile import KeepProfile
from chalicelib.usecases.know_caller import KnowCaller
from chalicelib.usecases.open_intent import OpenIntent
from chalicelib.usecases.open_register import OpenRegister
from chalicelib.usecases.pay_booking import PayBooking
from chalicelib.usecases.read_bookings import ReadBookings
from chalicelib.usecases.receive_payment import ReceivePayment
from chalicelib.usecases.receive_payout import ReceivePayout
from chalicelib.usecases.recheck_booking import RecheckBooking
from chalicelib.usecases.request_booking import RequestBooking
from chalicelib.usecases.say_ready import SayReady
from chalicelib.usecases.sign_in import Codes, SignIn
from chalicelib.usecases.take_place import TakePlace
from chalicelib.usecases.top_up_wallet import TopUpWallet
from chalicelib.usecases.verify_booking import VerifyBooking
from chalicelib.wiring.consents import gather_proofs, start_consents
from chalicelib.wiring.lists import prove_ground
from chalicelib.wiring.money import settle_refund
from chalicelib.wiring.outside import (
    keyed_hash,
    law,
    limits,
    once,
    parts,
    payments,
    recent_places,
    registers,
    tokens,
)
from chalicelib.wiring.sanctions import reverse_payment


def _agreement_version() -> str:
    return law().agreement().version


@once
def identity() -> KnowCaller:
    """
    Tell callers apart.
    """
    return KnowCaller(**parts("accounts"), tokens=tokens)


@once
def codes() -> Codes:
    """
    Derive sign-in codes.
    """
    return Codes(keyed_hash())


@once
def sign_in() -> SignIn:
    """
    §15.
    """
    return SignIn(
        **parts("committer", "accounts", "people", "clock", "chance", "keyed", "rules_on"),
        codes=codes(),
        issuer=tokens,
        limits_factor=limits().factor,
    )


@once
def keep_profile() -> KeepProfile:
    """
    The user's account.
    """
    return KeepProfile(**parts("committer", "accounts", "people", "ledger", "clock"), agreement_version=_agreement_version)


@once
def find_places() -> FindPlaces:
    """
    §16, §22.
    """
    return FindPlaces(**parts("committer", "clock", "rules_on", "tariff_on"), places=recent_places())


def toward(checkpoint: str) -> str | None:
    """
    Name the country a checkpoint leads to.
    """
    found = law().checkpoint(checkpoint)
    return found.country if found else None


@once
def request_booking() -> RequestBooking:
    """
    §16.
    """

    def is_open(checkpoint: str, _: date) -> bool:
        found = law().checkpoint(checkpoint)
        return found is not None and found.status == "open"

    return RequestBooking(
        **parts("committer", "accounts", "ledger", "requests", "people", "clock", "chance", "rules_on"),
        toward=toward,
        ground=prove_ground(),
        is_open=is_open,
        agreement_version=_agreement_version,
        consents=start_consents(),
    )


def sources() -> list[Source]:
    """
    List the sources of §18.
    """
    return list(law().verification_sources())


def inapplicable(source: str, booking: Booking) -> bool:
    """
    Tell what has no subject (D12).
    """
    known = law().sources
    ground = known.inapplicable_ground(
        known.by_id[source],
        vehicle_country=booking.vehicle.country,
        neighbor_country=booking.toward,
        cargo_kind=booking.cargo.kind,
        declared=booking.cargo.declaration_number is not None,
    )
    return ground is not None


@once
def ask_registers() -> AskRegisters:
    """
    §18.
    """
    return AskRegisters(**parts("people"), registers=lambda: registers())  # noqa: PLW0108 - looked up at each call


@once
def verify_booking() -> VerifyBooking:
    """
    §17–20.
    """
    return VerifyBooking(
        **parts("committer", "bookings", "accounts", "clock", "rules_on"),
        ask=ask_registers(),
        proofs=gather_proofs(),
        sources=sources,
        inapplicable=inapplicable,
    )


@once
def recheck_booking() -> RecheckBooking:
    """
    D11.
    """
    return RecheckBooking(
        **parts("committer", "bookings", "clock", "rules_on"), ask=ask_registers(), sources=sources, inapplicable=inapplicable
    )


@once
def take_place() -> TakePlace:
    """
    §20–22.
    """
    names = ("committer", "accounts", "bookings", "places", "locks", "ledger", "requests", "clock", "chance", "rules_on", "tariff_on")
    return TakePlace(**parts(*names), ground=prove_ground())


@once
def confirm_booking() -> ConfirmBooking:
    """
    §20, §23.
    """

    def code_of(checkpoint: str) -> str:
        return law().checkpoints[checkpoint].code

    return ConfirmBooking(**parts("committer", "rules_on"), code_of=code_of)


@once
def open_intent() -> OpenIntent:
    """
    §23, §26.
    """
    return OpenIntent(**parts("committer", "payers", "clock"), provider=lambda: payments())  # noqa: PLW0108 - looked up at each call


@once
def pay_booking() -> PayBooking:
    """
    §23, §26.
    """
    return PayBooking(
        **parts("committer", "accounts", "bookings", "places", "locks", "ledger", "requests", "clock", "chance", "rules_on", "tariff_on"),
        provider=payments,
        open=open_intent(),
        confirm=confirm_booking(),
    )


@once
def receive_payment() -> ReceivePayment:
    """
    The provider's events.
    """
    return ReceivePayment(
        **parts("committer", "accounts", "bookings", "places", "locks", "ledger", "clock", "rules_on"),
        confirm=confirm_booking(),
        reverse=reverse_payment(),
        payout=ReceivePayout(**parts("committer", "ledger", "clock", "rules_on")),
        refund=settle_refund(),
    )


@once
def top_up_wallet() -> TopUpWallet:
    """
    §23.
    """
    return TopUpWallet(**parts("committer", "ledger", "requests", "clock", "keyed"), open=open_intent())


@once
def say_ready() -> SayReady:
    """
    D17.
    """
    return SayReady(**parts("committer", "bookings", "requests", "clock", "rules_on"))


@once
def cancel_booking() -> CancelBooking:
    """
    §28.
    """
    return CancelBooking(**parts("committer", "bookings", "places", "locks", "ledger", "requests", "clock", "chance", "rules_on"))


@once
def read_bookings() -> ReadBookings:
    """
    Bookings to be seen.
    """
    return ReadBookings(**parts("bookings", "locks", "histories", "passages", "people", "clock", "rules_on"))


@once
def open_register() -> OpenRegister:
    """
    What everybody may know.
    """
    return OpenRegister(**parts("bookings", "histories", "passages", "keyed", "clock", "rules_on"), signer=tokens)


@once
def issue_pass() -> IssuePass:
    """
    D25.
    """
    return IssuePass(**parts("bookings", "clock", "rules_on"), signer=tokens)
