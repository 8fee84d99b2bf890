"""
When something is due for a booking: derived from its state, nothing else schedules work (§29, §34, §35, D16, D18).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.bookings import EXPECTED, Booking, ImpossibleTransitionError, Status
from chalicelib.domain.rules import Rules


class Step(StrEnum):
    """
    The steps that find a booking by its due moment.
    """

    VERIFY = "verify"
    TIDY = "tidy"
    REMIND = "remind"
    CALL = "call"
    ANNUL = "annul"


@dataclass(frozen=True, slots=True)
class NextStep:
    """
    The step a booking waits for and when.
    """

    step: Step
    at: datetime


Waits = Callable[[Booking, Rules], NextStep | None]


def next_step(booking: Booking, rules: Rules) -> NextStep | None:
    """
    Give the earliest of what the booking waits for.
    """
    found = [step for waits in WAITS for step in [waits(booking, rules)] if step is not None]
    return min(found, key=lambda step: step.at, default=None)


def _verification(booking: Booking, _: Rules) -> NextStep | None:
    if booking.status is not Status.VERIFYING:
        return None
    return NextStep(Step.VERIFY, booking.verify_at or booking.created_at)


def _end(booking: Booking, rules: Rules) -> NextStep | None:
    ends = booking.runs_out_at(rules)
    return None if ends is None else NextStep(Step.TIDY, ends)


def _call_or_notice(booking: Booking, rules: Rules) -> NextStep | None:
    if booking.status not in EXPECTED or booking.slot_start is None or booking.called_at is not None:
        return None
    call_at = booking.slot_start - rules.call_lead(booking.slot_start.astimezone(rules.zone).date())
    remind_at = booking.slot_start - rules.notice_before
    return NextStep(Step.REMIND, min(remind_at, call_at)) if booking.reminded_at is None else NextStep(Step.CALL, call_at)


def _no_show(booking: Booking, rules: Rules) -> NextStep | None:
    if booking.status not in EXPECTED or booking.slot_start is None or booking.called_at is None:
        return None
    moment = no_show_at(booking, rules)
    return NextStep(Step.ANNUL, max(moment, booking.annul_not_before or moment))


WAITS: Final[Sequence[Waits]] = (_verification, _end, _call_or_notice, _no_show)
"""Each looks at one thing a booking may wait for; the first of two at the same moment goes first."""


def no_show_at(booking: Booking, rules: Rules) -> datetime:
    """
    Give the moment after which a called vehicle that was not seen is a no-show (§28, §35, D18).

    From the road: the interval's end + 60 min, had it been called in time; a late call moves it. In the waiting area: `leave_by`; having
    left it: 60 min after leaving.
    """
    if booking.slot_end is None:
        raise ImpossibleTransitionError(f"{booking.id} has no slot")
    if booking.left_area_at is not None:
        moment = max(booking.left_area_at + rules.leave_within, booking.slot_end)
    elif booking.arrived_at is not None and booking.leave_by is not None:
        moment = booking.leave_by
    else:
        moment = max(booking.slot_end, _reachable_by(booking, rules)) + rules.no_show_grace
    return moment


def _reachable_by(booking: Booking, rules: Rules) -> datetime:
    if booking.slot_start is None:
        raise ImpossibleTransitionError(f"{booking.id} has no slot")
    lead = rules.call_lead(rules.today(booking.slot_start))
    return booking.slot_start if booking.called_at is None else booking.called_at + lead


def leave_by(*, told_at: datetime, slot_end: datetime, rules: Rules) -> datetime:
    """
    Give a waiting vehicle until 60 min after it is told to go, never before the interval's end (D18).
    """
    return max(told_at + rules.leave_within, slot_end)


def forgiveness_again_on(used_on: date, rules: Rules) -> date:
    """
    Name the day from which a miss may be forgiven again: the first with no other in the 90 calendar days before it (§28, D20).
    """
    return used_on + timedelta(days=rules.forgiveness_days + 1)
