"""
The line before a checkpoint as it stood a moment ago: who is ahead of whom, how fast it really moves, and who stands at the gate (§31, §34, D16).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.bookings import EXPECTED, Booking
from chalicelib.domain.calling import NEVER, in_queue_order
from chalicelib.domain.experience import Experience
from chalicelib.domain.pace import WINDOW, Pace, Turn, measure
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import effective_end, effective_leave_by, effective_start, opens_at

AHEAD: Final = timedelta(hours=24)
"""Whoever comes later than that has no place in the line yet."""
HOUR: Final = timedelta(hours=1)
STEP_SECONDS: Final = 300
"""What is told moves by five minutes: a status that is polled is news only when it changes."""


@dataclass(frozen=True, slots=True)
class InLine:
    """
    One expected vehicle: its interval as delays have moved it, whether it is there and ready, from when it may enter (no delay moves that),
    since when it stands at the gate, until when it must leave.
    """

    booking: str
    start: datetime
    end: datetime
    there: bool = False
    ready: bool = False
    opens: datetime | None = None
    at_gate: datetime | None = None
    leave_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """
    Everybody expected within a day, in queue order, and the pace; `seen` is the share of those booked that usually has come by each lead.
    """

    at: datetime
    per_hour: float
    behind_seconds: int
    measured_at: datetime
    stopped_since: datetime | None
    queue: tuple[InLine, ...]
    seen: tuple[float, ...] = ()

    @property
    def pace(self) -> Pace:
        """
        Give the pace as it was measured.
        """
        return Pace(self.per_hour, timedelta(seconds=self.behind_seconds), self.measured_at, self.stopped_since)

    def place_of(self, booking: str) -> int | None:
        """
        Give a booking's place in the line, from 1; none when it has none.
        """
        return next((place for place, one in enumerate(self.queue, 1) if one.booking == booking), None)


def draw_line(
    bookings: Sequence[Booking],
    *,
    per_hour: float,
    heard_upto: datetime | None,
    now: datetime,
    rules: Rules,
    experience: Experience | None = None,
) -> Line:
    """
    Line up a checkpoint's bookings and measure its pace; `per_hour` is the plan's, `heard_upto` how far the gateway has reported.

    `experience` tells how many of those not seen yet come, and when; without it all are waited for.
    """
    expected = in_queue_order([one for one in bookings if one.status in EXPECTED and _soon(one, now)])
    pace = pace_at_gate(bookings, per_hour=per_hour, heard_upto=heard_upto, now=now, rules=rules)
    return Line(
        at=now,
        per_hour=pace.per_hour,
        behind_seconds=int(pace.behind.total_seconds()),
        measured_at=pace.measured_at,
        stopped_since=pace.stopped_since,
        queue=tuple(_in_line(one, rules) for one in expected),
        seen=experience.seen if experience is not None else (),
    )


def pace_at_gate(bookings: Sequence[Booking], *, per_hour: float, heard_upto: datetime | None, now: datetime, rules: Rules) -> Pace:
    """
    Measure a checkpoint's pace on its bookings: how fast it works while somebody stands there, not how often somebody comes.
    """
    turns = [Turn(_could_at(one, rules), one.admitted_at) for one in _latest(bookings, now, heard_upto) if one.admitted_at is not None]
    gone = [one for one in bookings if one.left_area_at is not None and one.status in EXPECTED and _soon(one, now)]
    waiting = [one.left_area_at for one in in_queue_order(gone) if one.left_area_at is not None]
    return measure(turns=turns, waiting=waiting, per_hour=per_hour, now=now, heard_upto=heard_upto)


def _latest(bookings: Sequence[Booking], now: datetime, heard_upto: datetime | None) -> Sequence[Booking]:
    """
    Give the vehicles let in lately, and the last of all before.
    """
    at = now if heard_upto is None else min(now, heard_upto)
    entered = [(one.admitted_at, one.id, one) for one in bookings if one.admitted_at is not None]
    before = max((each for each in entered if each[0] <= at), default=None)
    return [one for moment, _, one in entered if at - WINDOW <= moment or (before is not None and one is before[2])]


def _soon(booking: Booking, now: datetime) -> bool:
    return booking.slot_start is not None and booking.slot_end is not None and booking.slot_start < now + AHEAD


def _could_at(booking: Booking, rules: Rules) -> datetime:
    """
    Since when a vehicle that was let in surely stood there with its entry open; without a waiting area nobody saw it before.
    """
    there = booking.left_area_at + rules.way_to_gate if booking.left_area_at else booking.admitted_at or NEVER
    return max(there, opens_at(booking, rules)) if booking.slot_start is not None else there


def _in_line(booking: Booking, rules: Rules) -> InLine:
    return InLine(
        booking=booking.id,
        start=effective_start(booking),
        end=effective_end(booking),
        there=booking.arrived_at is not None,
        ready=booking.ready_at is not None,
        opens=opens_at(booking, rules),
        at_gate=booking.left_area_at,
        leave_by=effective_leave_by(booking) if booking.left_area_at is None else None,
    )


def planned_per_hour(plan: DayPlan | None, *, now: datetime, rules: Rules) -> float:
    """
    Give the vehicles an hour that the day's plan means: the running interval's, else the day's mean; none planned: none.
    """
    if plan is None or not plan.layout:
        return 0.0
    index = int(rules.minutes(plan.day, now) - plan.opens) // plan.interval_minutes
    running = len(plan.layout[index]) if 0 <= index < len(plan.layout) else 0
    size = running or plan.capacity / len(plan.layout)
    return size * 60 / plan.interval_minutes


def late_by(line: Line, booking: str, *, now: datetime) -> timedelta:
    """
    Tell how long the gate itself keeps a vehicle: those who stand before it at the real pace, and a queue that does not move.

    Only vehicles seen to leave for the gate count, and never the vehicle itself: who sleeps in the waiting area makes nobody late.
    """
    mine = next((one for one in line.queue if one.booking == booking), None)
    since = mine.at_gate if mine is not None else None
    others = [one for one in line.queue if one.at_gate is not None and one.booking != booking]
    ahead = [one for one in others if since is None or (one.at_gate is not None and one.at_gate < since)]
    stopped = now - line.stopped_since if line.stopped_since is not None and others else timedelta()
    return len(ahead) * HOUR / max(line.per_hour, 1.0) + stopped


def turn_came_at(bookings: Sequence[Booking], booking: Booking, *, now: datetime) -> datetime | None:
    """
    Tell since when nobody who left for the gate before a vehicle stands before it there: now, while somebody does; none where nobody left.

    Its hour to reach the gate runs from then (D18): who stands in the gate's own line has reached it, though no camera reads him yet.
    """
    if booking.left_area_at is None:
        return None
    before = [one for one in bookings if one.id != booking.id and one.left_area_at is not None and one.left_area_at < booking.left_area_at]
    moments = [now if one.status in EXPECTED else one.admitted_at for one in before]
    return max((moment for moment in moments if moment is not None), default=None)


def later_leave_by(line: Line, one: InLine, *, now: datetime, rules: Rules) -> datetime | None:
    """
    Give a waiting vehicle more time where the gate runs late: the interval's end as it really runs. None unless it is worth telling (D16).
    """
    if one.leave_by is None or one.at_gate is not None or one.leave_by < now:
        return None
    moved = told(one.end + late_by(line, one.booking, now=now))
    return moved if moved - one.leave_by >= rules.repaced_from else None


def told(moment: datetime) -> datetime:
    """
    Round up to five minutes.
    """
    seconds = -moment.timestamp() % STEP_SECONDS
    return moment + timedelta(seconds=seconds)
