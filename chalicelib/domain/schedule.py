"""
When something is due for a booking: derived from its state, nothing else schedules work (§29, §34, §35, D16, D18).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.bookings import BEFORE_PAYMENT, EXPECTED, Booking, ImpossibleTransitionError, Status
from chalicelib.domain.registers import AFTER_TRIP, CheckResult
from chalicelib.domain.rules import Rules
from chalicelib.domain.verification import retry_after


class Step(StrEnum):
    """
    The steps that find a booking by its due moment.
    """

    VERIFY = "verify"
    TIDY = "tidy"
    REMIND = "remind"
    CALL = "call"
    ANNUL = "annul"
    EARLY = "early"
    CROSSING = "crossing"
    LAPSE = "lapse"
    RECHECK = "recheck"


@dataclass(frozen=True, slots=True)
class NextStep:
    """
    The step a booking waits for and when.
    """

    step: Step
    at: datetime


STRANDED: Final = "stranded"
"""The ground of an excuse (D21): the interval is closed, and there was nowhere to move to."""

Waits = Callable[[Booking, Rules], NextStep | None]


def next_step(booking: Booking, rules: Rules) -> NextStep | None:
    """
    Give the earliest of what the booking waits for; the call of a vehicle that said `ready` may come early, once it was reminded.
    """
    first = min(_waits(booking, rules), key=lambda step: step.at, default=None)
    early = booking.ready_at is not None and booking.called_at is None and not is_stranded(booking)
    if first is None or booking.ready_at is None or not early or first.step not in {Step.CALL, Step.RECHECK}:
        return first
    return NextStep(Step.EARLY, min(booking.ready_at, first.at))


def wait_for(booking: Booking, step: Step, rules: Rules) -> NextStep | None:
    """
    Give when a booking waits for a step, whatever else is due for it: a register asked too late never holds up a call.
    """
    return next((each for each in _waits(booking, rules) if each.step is step), None)


def _waits(booking: Booking, rules: Rules) -> Sequence[NextStep]:
    found = (waits(booking, rules) for waits in (SUSPENDED if stands_still(booking) else WAITS))
    return [each for each in found if each is not None]


def _verification(booking: Booking, _: Rules) -> NextStep | None:
    if booking.status is not Status.VERIFYING:
        return None
    return NextStep(Step.VERIFY, booking.verify_at or booking.created_at)


def _end(booking: Booking, rules: Rules) -> NextStep | None:
    ends = booking.runs_out_at(rules)
    return None if ends is None else NextStep(Step.TIDY, ends)


def _call_or_notice(booking: Booking, rules: Rules) -> NextStep | None:
    if booking.status not in EXPECTED or booking.slot_start is None or booking.called_at is not None or is_stranded(booking):
        return None
    call = call_at(booking, rules)
    remind_at = booking.slot_start - rules.notice_before
    return NextStep(Step.REMIND, min(remind_at, call)) if booking.reminded_at is None else NextStep(Step.CALL, call)


def _no_show(booking: Booking, rules: Rules) -> NextStep | None:
    if booking.status not in EXPECTED or booking.slot_start is None or booking.called_at is None or is_stranded(booking):
        return None
    return NextStep(Step.ANNUL, stands_until(booking, rules))


def _exit(booking: Booking, rules: Rules) -> NextStep | None:
    if booking.status is not Status.ADMITTED or booking.admitted_at is None:
        return None
    return NextStep(Step.CROSSING, booking.crossing_ask_at or booking.admitted_at + rules.crossing_asked_after)


def _recheck(booking: Booking, rules: Rules) -> NextStep | None:
    """
    Ask again 24 h before the trip and, until the call, whenever the last word is too old to sign an admission on; after the trip how it went (D11).

    A called vehicle is asked about only while an officer would have to decide on it: renewed papers open the barrier again.
    """
    moment = _after_trip(booking, rules) if booking.status is Status.CROSSED else _before_trip(booking, rules)
    return None if moment is None else NextStep(Step.RECHECK, moment)


def _before_trip(booking: Booking, rules: Rules) -> datetime | None:
    asked = booking.rechecked_at or booking.verified_at
    if booking.status not in EXPECTED or booking.slot_start is None or asked is None:
        return None
    if booking.called_at is not None and booking.officer_only is None:
        return None
    start = effective_start(booking)
    first = _later(start, -rules.recheck_before)
    if booking.recheck_attempts:
        wait = retry_after(booking.recheck_attempts - 1, rules)
    else:
        wait = rules.recheck_retry if booking.officer_only else rules.recheck_age
    moment = first if asked < first else asked + wait
    return moment if moment < start else None


def _after_trip(booking: Booking, rules: Rules) -> datetime | None:
    later = any(answer.source == AFTER_TRIP and answer.result is CheckResult.LATER for answer in booking.checks)
    if booking.crossed_at is None or not later:
        return None
    if booking.rechecked_at is None or booking.rechecked_at <= booking.crossed_at:
        return booking.crossed_at + rules.trip_asked_after
    moment = booking.rechecked_at + retry_after(booking.recheck_attempts, rules)
    return moment if moment < booking.crossed_at + rules.trip_asked_until else None


def _stranded(booking: Booking, rules: Rules) -> NextStep | None:
    """
    End a booking whose closed interval left its user the choice that he did not make, as long after it as he could have been moved (D21).
    """
    if booking.status not in EXPECTED or booking.slot_end is None or not is_stranded(booking):
        return None
    return NextStep(Step.LAPSE, _later(booking.slot_end, rules.moved_within))


WAITS: Final[Sequence[Waits]] = (_verification, _end, _call_or_notice, _no_show, _exit, _recheck, _stranded)
"""Each looks at one thing a booking may wait for; the first of two at the same moment goes first."""


def stands_still(booking: Booking) -> bool:
    """
    Tell whether a suspension holds a booking up: what is inside or over goes on whatever was decided meanwhile (D24).
    """
    return booking.suspended is not None and booking.status in EXPECTED | BEFORE_PAYMENT


def lapses_at(booking: Booking, rules: Rules) -> datetime | None:
    """
    Give the moment at which a suspended booking's account of things is closed; none before it is paid for.

    In debt: the call; suspended after it, the interval's end (D28). By a block: the end of the term to complain, never before the interval's.
    """
    stopped = booking.suspended
    if stopped is None or booking.status not in EXPECTED or booking.slot_start is None:
        return None
    end = effective_end(booking)
    if stopped.reason == DEBT:
        call = call_at(booking, rules)
        return call if stopped.since < call else end
    return max(end, stopped.since + rules.complaint_term)


def _lapse(booking: Booking, rules: Rules) -> NextStep | None:
    moment = lapses_at(booking, rules)
    return None if moment is None else NextStep(Step.LAPSE, max(moment, booking.annul_not_before or moment))


SUSPENDED: Final[Sequence[Waits]] = (_verification, _end, _lapse)
"""A suspended booking is neither called nor a no-show: it waits for what it was suspended for (D22, D28)."""
DEBT: Final = "debt"
"""The reason of a suspension that a payment lifts."""


def effective_start(booking: Booking) -> datetime:
    """
    Give the interval's start as a delay has moved it (D21): number, place and order stay.
    """
    if booking.slot_start is None:
        raise ImpossibleTransitionError(f"{booking.id} has no slot")
    return _later(booking.slot_start, timedelta(minutes=booking.shift_minutes))


def effective_end(booking: Booking) -> datetime:
    """
    Give the interval's end as a delay has moved it (D21).
    """
    if booking.slot_end is None:
        raise ImpossibleTransitionError(f"{booking.id} has no slot")
    return _later(booking.slot_end, timedelta(minutes=booking.shift_minutes))


def effective_leave_by(booking: Booking) -> datetime | None:
    """
    Give until when a waiting vehicle must leave: as it was told, never before the moved interval's or an extension's end (D18, D21).
    """
    if booking.leave_by is None:
        return None
    return max(booking.leave_by, effective_end(booking), booking.valid_until or booking.leave_by)


def no_show_at(booking: Booking, rules: Rules) -> datetime:
    """
    Give the moment after which a called vehicle that was not seen is a no-show (§28, §35, D18).

    From the road: the interval's end + 60 min, had it been called in time; a late call moves it. In the waiting area: `leave_by`; having
    left it: 60 min after leaving. A delay moves the interval, an extension (`valid_until`) the moment itself (D21).
    """
    end = effective_end(booking)
    told = effective_leave_by(booking)
    if booking.left_area_at is not None:
        moment = max(booking.left_area_at + rules.reach_gate_within, end)
    elif booking.arrived_at is not None and told is not None:
        moment = told
    else:
        moment = max(end, _reachable_by(booking, rules)) + rules.no_show_grace
    return max(moment, booking.valid_until or moment)


def stands_until(booking: Booking, rules: Rules) -> datetime:
    """
    Give the moment until when a booking stands whatever happens: its own no-show, or later where the site gave it more time (D18).
    """
    moment = no_show_at(booking, rules)
    return max(moment, booking.annul_not_before or moment)


def call_at(booking: Booking, rules: Rules) -> datetime:
    """
    Give the moment of the call: the lead before the *booked* time, in the season of the booked date; nothing moves it (§34, D16, D21).
    """
    if booking.slot_start is None:
        raise ImpossibleTransitionError(f"{booking.id} has no slot")
    return _later(booking.slot_start, -rules.call_lead(rules.today(booking.slot_start)))


def opens_at(booking: Booking, rules: Rules) -> datetime:
    """
    Give the earliest entry: 30 min before the interval; who said `ready` may go as soon as he is called (D17).
    """
    if booking.slot_start is None:
        raise ImpossibleTransitionError(f"{booking.id} has no slot")
    opens = _later(booking.slot_start, -rules.entry_opens_before)
    return opens if booking.ready_at is None or booking.called_at is None else min(opens, booking.called_at)


def _later(moment: datetime, span: timedelta) -> datetime:
    """
    Add real time: a zone's own datetimes would add what its clocks show, an hour off where they change (D32).
    """
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)) + span


def is_stranded(booking: Booking) -> bool:
    """
    Tell a booking whose interval was closed and that no free place could be found for: its user chooses; it is neither called nor annulled (D21).
    """
    return booking.excuse is not None and booking.excuse.ground == STRANDED


def _reachable_by(booking: Booking, rules: Rules) -> datetime:
    start = effective_start(booking)
    return start if booking.called_at is None else booking.called_at + rules.call_lead(rules.today(start))


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
