"""
Blocks, complaints and debts with their ports (§6-2, §27).
"""

from chalicelib import observability
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.usecases.block_account import BlockAccount
from chalicelib.usecases.decide_complaint import DecideComplaint
from chalicelib.usecases.hold_photographs import CasePhotographs, HoldPhotographs
from chalicelib.usecases.make_complaint import MakeComplaint
from chalicelib.usecases.read_complaints import ReadComplaints
from chalicelib.usecases.redress import Redress
from chalicelib.usecases.remind_complaints import RemindComplaints, Reminded
from chalicelib.usecases.reverse_payment import ReversePayment
from chalicelib.usecases.suspended import FollowStanding
from chalicelib.wiring.outside import law, once, parts, photos


def working_calendar() -> WorkingCalendar:
    """
    Give Kazakhstan's working days.
    """
    return law().calendar.working


@once
def follow_standing() -> FollowStanding:
    """
    D22, D28.
    """
    return FollowStanding(**parts("committer", "accounts", "bookings", "places", "locks", "ledger", "clock", "chance", "rules_on"))


@once
def block_account() -> BlockAccount:
    """
    §6-2.
    """
    return BlockAccount(**parts("committer", "accounts", "bookings", "requests", "clock", "chance", "rules_on"), follow=follow_standing())


@once
def make_complaint() -> MakeComplaint:
    """
    §6-2, §28.
    """
    return MakeComplaint(
        **parts("committer", "accounts", "bookings", "histories", "complaints", "requests", "people", "clock", "chance", "rules_on"),
        calendar=working_calendar,
    )


@once
def read_complaints() -> ReadComplaints:
    """
    Complaints to be seen.
    """
    return ReadComplaints(**parts("complaints", "bookings", "people", "clock", "rules_on"), found=_case_photographs(), photos=photos)


@once
def _case_photographs() -> CasePhotographs:
    return CasePhotographs(**parts("accounts", "bookings", "passages", "rules_on"))


@once
def hold_photographs() -> HoldPhotographs:
    """
    D31.
    """
    return HoldPhotographs(
        **parts("committer", "complaints", "bookings", "ledger", "clock", "rules_on"), found=_case_photographs(), photos=photos
    )


@once
def decide_complaint() -> DecideComplaint:
    """
    §6-2.
    """
    return DecideComplaint(
        **parts("committer", "accounts", "complaints", "requests", "people", "clock", "chance", "rules_on"),
        redress=Redress(**parts("bookings", "places", "locks", "ledger"), follow=follow_standing()),
        follow=follow_standing(),
    )


@once
def _reminders() -> RemindComplaints:
    return RemindComplaints(**parts("committer", "accounts", "complaints", "clock", "rules_on"), calendar=working_calendar)


def remind_complaints() -> Reminded:
    """
    Remind the head of complaints, and count those overdue.
    """
    told = _reminders()()
    observability.metric("OverdueComplaints", told.overdue)
    return told


@once
def reverse_payment() -> ReversePayment:
    """
    §27, D28.
    """
    return ReversePayment(**parts("committer", "accounts", "bookings", "ledger", "clock", "rules_on"))
