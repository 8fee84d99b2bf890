"""
Whom an order reaches on a day: bookings that must leave their places, and those whose time is moved (D21).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.bookings import EXPECTED, Booking
from chalicelib.domain.capacity import Adjustment, DayBook, adjust
from chalicelib.domain.measures import Measure
from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import Position
from chalicelib.domain.relocation import shifted
from chalicelib.usecases.ports import Bookings


@dataclass(frozen=True, slots=True)
class DayDue:
    """
    What a day still needs: places to write, bookings to move, and bookings whose time changes (as seen, and as they will be).

    `waits`: a hold of before the order runs on a place that must go or whose time changes, so the day is to be looked at again.
    """

    change: Adjustment
    leaving: Sequence[Booking]
    shifting: Sequence[tuple[Booking, Booking]]
    waits: bool


def due_on(book: DayBook, *, measure: Measure, bookings: Bookings) -> DayDue:
    """
    Work out what an order asks of a day; who is inside already, or was told by this order, stays where he is.
    """
    known: dict[Position, Booking] = {}
    settled: set[Position] = set()
    change = adjust(book)
    while fresh := [position for position in change.leaving if position not in known]:
        known |= _at(book, fresh, bookings)
        settled |= {position for position in fresh if not _goes(known.get(position), position, measure)}
        change = adjust(book, settled=settled)
    leaving = [known[position] for position in sorted(change.leaving)]
    return DayDue(
        change, leaving, _shifting(book, leaving, measure=measure, bookings=bookings), waits=bool(change.waits) or _held(book, measure)
    )


def _held(book: DayBook, measure: Measure) -> bool:
    """
    Tell whether somebody held a place of a delayed or extended interval before the order: a later buyer takes it with its times.
    """
    last = measure.at + book.rules.hold_extended
    moved = {interval for interval in range(len(book.plan.layout)) if book.plan.term(interval, book.rules) != (0, None)}
    return any(
        place.state is PlaceState.HELD and place.is_taken(book.now) and place.hold_expires_at is not None and place.hold_expires_at <= last
        for place in book.touched.values()
        if place.position.interval in moved
    )


def _at(book: DayBook, positions: Sequence[Position], bookings: Bookings) -> dict[Position, Booking]:
    ids = [place.booking for position in positions for place in [book.touched[position]] if place.booking is not None]
    return {booking.position: booking for booking in bookings.get_many(ids) if booking.position is not None}


def _goes(booking: Booking | None, position: Position, measure: Measure) -> bool:
    """
    Tell whether a booking can still be moved off its place.
    """
    if booking is None or booking.status not in EXPECTED or booking.position != position:
        return False
    return booking.excuse is None or booking.excuse.measure != measure.id


def _shifting(book: DayBook, leaving: Sequence[Booking], *, measure: Measure, bookings: Bookings) -> Sequence[tuple[Booking, Booking]]:
    if not (book.plan.shifts or book.plan.extended):
        return ()
    gone = {booking.id for booking in leaving}
    ids = [place.booking for place in book.touched.values() if place.state is PlaceState.SOLD and place.booking not in {None, *gone}]
    found = []
    for booking in bookings.get_many([id_ for id_ in ids if id_ is not None]):
        here = booking.status in EXPECTED and booking.day == book.plan.day and booking.position is not None
        later = shifted(booking, plan=book.plan, measure=measure, now=book.now, rules=book.rules) if here else None
        if later is not None:
            found.append((booking, later))
    return found
