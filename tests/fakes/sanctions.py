"""
Blocks, complaints and debts as the office does them: the use cases, and short words for them.
"""
# ruff: noqa: D102  - each property is the use case of its name

from functools import cached_property

from chalicelib.domain.blocks import Evidence, EvidenceKind
from chalicelib.domain.complaints import About
from chalicelib.domain.payments import PaymentEvent, PaymentEventKind
from chalicelib.jurisdictions import jurisdiction
from chalicelib.usecases.block_account import BlockAccount, Charge
from chalicelib.usecases.decide_complaint import DecideComplaint, Verdict
from chalicelib.usecases.hold_photographs import CasePhotographs, HoldPhotographs
from chalicelib.usecases.make_complaint import Grievance, MakeComplaint
from chalicelib.usecases.ports import Write
from chalicelib.usecases.read_complaints import ReadComplaints
from chalicelib.usecases.redress import Redress
from chalicelib.usecases.remind_complaints import RemindComplaints
from chalicelib.usecases.reverse_payment import ReversePayment
from chalicelib.usecases.suspended import FollowStanding
from tests.fakes import samples
from tests.fakes.samples import NOW

REGISTRAR, HEAD, DEPUTY = "acc_registrar", "acc_head", "acc_deputy"
DOCUMENT = Evidence(EvidenceKind.DOCUMENT, sha256="ab" * 32)


def working_calendar():
    """
    Give Kazakhstan's working days.
    """
    return jurisdiction().calendar.working


class Sanctions:
    """
    Mixed into the office, whose store, clock and chance it uses.
    """

    @cached_property
    def follow(self):
        return FollowStanding(
            **self._parts("committer", "accounts", "bookings", "places", "locks", "ledger", "clock", "chance", "rules_on")
        )

    @cached_property
    def blocking(self):
        parts = self._parts("committer", "accounts", "bookings", "requests", "clock", "chance", "rules_on")
        return BlockAccount(**parts, follow=self.follow)

    @cached_property
    def complain(self):
        names = ("committer", "accounts", "bookings", "histories", "complaints", "requests", "people", "clock", "chance", "rules_on")
        return MakeComplaint(**self._parts(*names), calendar=working_calendar)

    @cached_property
    def decide_complaint(self):
        parts = self._parts("committer", "accounts", "complaints", "requests", "people", "clock", "chance", "rules_on")
        redress = Redress(**self._parts("bookings", "places", "locks", "ledger"), follow=self.follow)
        return DecideComplaint(**parts, redress=redress, follow=self.follow)

    @cached_property
    def complaints_read(self):
        parts = self._parts("complaints", "bookings", "people", "clock", "rules_on")
        return ReadComplaints(**parts, found=self.case_photographs, photos=lambda: self.shelf)

    @cached_property
    def case_photographs(self):
        return CasePhotographs(**self._parts("accounts", "bookings", "passages", "rules_on"))

    @cached_property
    def hold_photographs(self):
        parts = self._parts("committer", "complaints", "bookings", "ledger", "clock", "rules_on")
        return HoldPhotographs(**parts, found=self.case_photographs, photos=lambda: self.shelf)

    @cached_property
    def reminding(self):
        return RemindComplaints(**self._parts("committer", "accounts", "complaints", "clock", "rules_on"), calendar=working_calendar)

    @cached_property
    def reverse(self):
        return ReversePayment(**self._parts("committer", "accounts", "bookings", "ledger", "clock", "rules_on"))

    def people_of(self, *numbers):
        """
        Open the accounts of users `acc_<number>`, of a registrar, the head and the head's deputy.
        """
        for number in numbers:
            account = samples.account(id=f"acc_{number}", person=f"per_of_{number}", roles=("user",), checkpoints=())
            self.store.commit(Write(account))
        for id_ in (REGISTRAR, HEAD, DEPUTY):
            staff = samples.account(id=id_, person=f"per_{id_}", roles=("registrar",), checkpoints=(), head=id_ != REGISTRAR)
            self.store.commit(Write(staff))

    def block(self, account="acc_1", *bookings, by=REGISTRAR):
        """
        Block an account: the outcome.
        """
        charge = Charge("VIN принадлежит другому ТС", (DOCUMENT,), bookings)
        return self.blocking.block(registrar=by, account=account, charge=charge, request=None)

    def unblock(self, account="acc_1"):
        """
        Lift its block: the outcome.
        """
        return self.blocking.unblock(registrar=REGISTRAR, account=account, reason="ошибка", request=None)

    def complained(self, about=About.BLOCK, *, account="acc_1", booking=None, vehicle=None):
        """
        Complain: the outcome.
        """
        grievance = Grievance(about, "Прошу пересмотреть", booking, vehicle)
        return self.complain(account=account, grievance=grievance, request=None)

    def ruled(self, complaint, *, upheld, effect=None, booking=None, by=HEAD):
        """
        Decide a complaint: the outcome.
        """
        verdict = Verdict(upheld, "По результатам проверки", effect, booking)
        return self.decide_complaint(head=by, complaint=complaint, verdict=verdict, request=None)

    def disputed(self, attempt, amount, *, won=False):
        """
        Let the payer's bank take a card payment back, or lose the dispute.
        """
        kind = PaymentEventKind.DISPUTE_WON if won else PaymentEventKind.DISPUTE_OPENED
        event = PaymentEvent(
            f"evt_{attempt}_{kind}", kind, f"pi_{attempt}", None, amount, "KZT", NOW, livemode=False, charge=f"ch_{attempt}"
        )
        return self.receive(event=event)

    def paid_by_card(self, number=1, **changes):
        """
        Bring a booking to `confirmed` by card: its id and the attempt's.
        """
        booking = self.held(number, **changes)
        attempt = self.pay_for(booking, by_card=True).answer["attempt"]
        self.receive(event=self.provider.succeeded(attempt))
        return booking, attempt
