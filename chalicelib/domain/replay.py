"""
A booking's events rebuild it: each keeps what it changed, the first all there was (architecture: replay needs order per aggregate only).
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, replace

from chalicelib.domain.bookings import Booking
from chalicelib.domain.records import Event


class BrokenHistoryError(ValueError):
    """
    Events do not follow one another from the first.
    """


def whole(booking: Booking) -> Mapping[str, object]:
    """
    Spell a new booking by its fields, those left out that are as every booking begins.
    """
    return {
        each.name: getattr(booking, each.name)
        for each in fields(Booking)
        if each.init and (each.default is MISSING or getattr(booking, each.name) != each.default)
    }


def rebuilt(events: Sequence[Event]) -> Booking:
    """
    Rebuild a booking from all its events in order. Raises `BrokenHistoryError` where one is missing.
    """
    if [event.aggregate_version for event in events] != list(range(1, len(events) + 1)) or not events:
        raise BrokenHistoryError([event.id for event in events])
    booking = Booking(**events[0].change)  # type: ignore[arg-type]
    for event in events[1:]:
        booking = replace(booking, **event.change)  # type: ignore[arg-type]
    return booking
