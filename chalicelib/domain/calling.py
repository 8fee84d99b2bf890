"""
Who is called, when, and in which order: one order for the board, the gate's list, the queue and the call (§31, §34, D6, D16, D17).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain.bookings import EXPECTED, Booking, Status
from chalicelib.domain.experience import Experience, come_between
from chalicelib.domain.plans import PRIORITY, DayPlan, PlaceClass
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import call_at, effective_start, opens_at

RANKS: Final = {**dict.fromkeys(PRIORITY, 0), PlaceClass.EXPEDITED: 1, PlaceClass.GENERAL: 2}
DEMOTED: Final = 3
NEVER: Final = datetime.max.replace(tzinfo=UTC)

QueueOrder = tuple[datetime, int, int, str]


def queue_order(booking: Booking) -> QueueOrder:
    """
    Spell a booking's turn: interval, then class (priority, expedited, general, demoted last), then position (D6, D13).
    """
    rank = DEMOTED if booking.demoted else RANKS[booking.class_]
    index = booking.position.index if booking.position is not None else 0
    return booking.slot_start or NEVER, rank, index, booking.number or booking.id


def in_queue_order(bookings: Sequence[Booking]) -> list[Booking]:
    """
    Sort bookings by their turn.
    """
    return sorted(bookings, key=queue_order)


def is_ready(booking: Booking) -> bool:
    """
    Tell a vehicle of the waiting area whose driver has said `ready` and that nothing keeps from being called (D17).
    """
    return booking.status is Status.ARRIVED and booking.ready_at is not None and may_be_called(booking)


def may_be_called(booking: Booking) -> bool:
    """
    Tell whether a booking still waits for its call: a suspended one is not called by itself (D22, D28).
    """
    return booking.status in EXPECTED and booking.called_at is None and booking.suspended is None


def is_due(booking: Booking, *, now: datetime, rules: Rules) -> bool:
    """
    Tell whether the timetable calls a vehicle by now (§34, D16).
    """
    return may_be_called(booking) and booking.slot_start is not None and call_at(booking, rules) <= now


def bound_for_gate(booking: Booking, *, now: datetime, rules: Rules) -> bool:
    """
    Tell whether a called vehicle may stand before the gate now or within a moment: its entry is open, and it is there or still may come.
    """
    if booking.status not in EXPECTED or booking.called_at is None:
        return False
    if booking.arrived_at is None and booking.slot_start is not None:
        return effective_start(booking) - rules.entry_opens_before <= now < effective_start(booking) + rules.no_show_grace
    return opens_at(booking, rules) <= now + rules.entry_opens_before


@dataclass(frozen=True, slots=True)
class Room:
    """
    What the gate takes in soon, and how many vehicles it has coming already: no room is kept for those who usually do not come.
    """

    takes: int
    coming: float

    @property
    def free(self) -> int:
        """
        Count the vehicles that may be called early.
        """
        return max(0, int(self.takes - self.coming))


def room_at_gate(
    bookings: Sequence[Booking], *, per_hour: float, now: datetime, rules: Rules, experience: Experience | None = None
) -> Room:
    """
    Reckon the gate's room: what it admits in half an hour at its real pace, less those called who are bound for it (D17).

    By `experience` only as many of those on the road count as usually come within that half hour; without it all do.
    """
    takes = int(per_hour * (rules.gate_room / timedelta(hours=1)))
    bound = [booking for booking in bookings if bound_for_gate(booking, now=now, rules=rules)]
    if experience is None:
        return Room(takes, len(bound))
    leads = [now - effective_start(booking) for booking in bound if booking.arrived_at is None]
    seen = experience.seen
    coming = sum(come_between(seen, since=lead, until=lead + rules.gate_room) for lead in leads)
    return Room(takes, len(bound) - len(leads) + coming)


def early_calls(
    bookings: Sequence[Booking], *, per_hour: float, now: datetime, rules: Rules, experience: Experience | None = None
) -> list[Booking]:
    """
    Choose the ready vehicles that are called now though their time has not come: as many as the gate has room for, in queue order (D17).
    """
    ready = in_queue_order([booking for booking in bookings if is_ready(booking) and not is_due(booking, now=now, rules=rules)])
    return ready[: room_at_gate(bookings, per_hour=per_hour, now=now, rules=rules, experience=experience).free] if ready else []


def is_in_area(booking: Booking) -> bool:
    """
    Tell a vehicle that came to the waiting area and has not left it.
    """
    return booking.status in EXPECTED and booking.arrived_at is not None and booking.left_area_at is None


def waiting_area_capacity(plan: DayPlan | None, rules: Rules) -> int:
    """
    Give the vehicles that a waiting area is meant for: sized from the daily capacity (§2.4), so many hours of it.
    """
    return 0 if plan is None else -(-plan.target * (rules.waiting_area_holds // timedelta(hours=1)) // 24)
