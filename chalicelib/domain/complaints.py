"""
A complaint to the registrar's head (§6-2, §28, D22): registered, decided once within five working days, its effect carried out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from chalicelib.domain.calendar import WorkingCalendar, add_working_days, previous_working_day
from chalicelib.domain.decisions import Allowed, Code, Decision, Refused
from chalicelib.domain.records import Account
from chalicelib.domain.rules import Rules


class About(StrEnum):
    """
    What is complained about.
    """

    BLOCK = "block"
    FEE = "fee"
    DEPOSIT = "deposit"
    RESCHEDULE = "reschedule"
    VEHICLE_TAKEN = "vehicle_taken"
    OTHER = "other"


class ComplaintStatus(StrEnum):
    """
    Where a complaint stands.
    """

    REGISTERED = "registered"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Effect(StrEnum):
    """
    What the system carries out when a complaint is upheld.
    """

    UNBLOCK = "unblock"
    FEE_RETURNED = "fee_returned"
    DEPOSIT_RELEASED = "deposit_released"
    DEPOSIT_FORGIVEN = "deposit_forgiven"
    RESCHEDULE_RETURNED = "reschedule_returned"
    VEHICLE_FREED = "vehicle_freed"
    NONE = "none"


EFFECTS: Final[Mapping[About, tuple[Effect, ...]]] = MappingProxyType(
    {
        About.BLOCK: (Effect.UNBLOCK,),
        About.FEE: (Effect.FEE_RETURNED,),
        About.DEPOSIT: (Effect.DEPOSIT_RELEASED, Effect.DEPOSIT_FORGIVEN),
        About.RESCHEDULE: (Effect.RESCHEDULE_RETURNED, Effect.FEE_RETURNED),
        About.VEHICLE_TAKEN: (Effect.VEHICLE_FREED,),
        About.OTHER: (Effect.NONE, Effect.FEE_RETURNED, Effect.DEPOSIT_RELEASED, Effect.DEPOSIT_FORGIVEN, Effect.RESCHEDULE_RETURNED),
    }
)
"""What upholding a complaint may do, the usual effect first."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """
    The head's decision; its grounds lie in the personal data store under `grounds`.
    """

    outcome: ComplaintStatus
    by: str
    at: datetime
    grounds: str
    effect: Effect = Effect.NONE
    booking: str | None = None


@dataclass(frozen=True, slots=True)
class Complaint:
    """
    One complaint. Its words lie in the personal data store under `text`; `against` is the officer or registrar whose act it is about.

    `case` is the block complained of; `vehicle` (`KZ#123ABC02`) is what a stranger took. Reminders are told once each.
    """

    id: str
    version: int
    account: str
    about: About
    text: str
    registered_at: datetime
    due_on: date
    booking: str | None = None
    case: str | None = None
    vehicle: str | None = None
    against: str | None = None
    ruling: Ruling | None = None
    reminded_at: datetime | None = None
    overdue_at: datetime | None = None

    @property
    def status(self) -> ComplaintStatus:
        """
        Tell whether and how it was decided.
        """
        return ComplaintStatus.REGISTERED if self.ruling is None else self.ruling.outcome


def due_on(registered_at: datetime, *, calendar: WorkingCalendar, rules: Rules) -> date:
    """
    Give the last day for the decision: five working days, the first of them the day after registration (§6-2).
    """
    return add_working_days(rules.today(registered_at), count=rules.complaint_working_days, calendar=calendar)


class Nudge(StrEnum):
    """
    What the head is told of a complaint that waits.
    """

    REMINDER = "complaint_due"
    OVERDUE = "complaint_overdue"


def nudge_now(complaint: Complaint, *, today: date, calendar: WorkingCalendar) -> Nudge | None:
    """
    Give what is to be told today: a reminder from one working day before the last day, an alarm after it; each once.
    """
    if complaint.ruling is not None:
        return None
    if today > complaint.due_on:
        return Nudge.OVERDUE if complaint.overdue_at is None else None
    near = today >= previous_working_day(complaint.due_on, calendar=calendar)
    return Nudge.REMINDER if near and complaint.reminded_at is None else None


def nudged(complaint: Complaint, *, nudge: Nudge, at: datetime) -> Complaint:
    """
    Note what was told.
    """
    later = replace(complaint, version=complaint.version + 1)
    return replace(later, overdue_at=at) if nudge is Nudge.OVERDUE else replace(later, reminded_at=at)


def may_decide(*, complaint: Complaint, head: Account | None, effect: Effect, upheld: bool) -> Decision:
    """
    Test who decides what: the head alone, never the one complained of, once, with an effect that its subject knows (§6-2, D22).
    """
    if head is None or not head.head:
        return Refused.because(Code.HEAD_ONLY, "6-2")
    if complaint.ruling is not None:
        return Refused.because(Code.COMPLAINT_DECIDED, "6-2", status=complaint.status.value)
    if head.id in {complaint.against, complaint.account}:
        return Refused.because(Code.COMPLAINT_AGAINST_YOU, "6-2")
    known = EFFECTS[complaint.about] if upheld else (Effect.NONE,)
    return Allowed() if effect in known else Refused.because(Code.EFFECT_IMPOSSIBLE, "6-2", effect=effect.value)


def decided(complaint: Complaint, *, ruling: Ruling) -> Complaint:
    """
    Write the decision down.
    """
    return replace(complaint, version=complaint.version + 1, ruling=ruling)
