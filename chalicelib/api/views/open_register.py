"""
The register and the history as everybody sees them: from lists of what may be shown, so that nothing new slips out.
"""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.api.answers import Document
from chalicelib.api.schemas.open_register import RegisteredView
from chalicelib.domain.bookings import Booking
from chalicelib.domain.places import Pool
from chalicelib.domain.public_history import History, spell
from chalicelib.domain.rules import Rules

NDJSON = "application/x-ndjson"
CACHE = "public, max-age=5"


def registered(bookings: Sequence[Booking], *, now: datetime, rules: Rules) -> list[RegisteredView]:
    """
    Show bookings that have a number and a slot.
    """
    return [
        RegisteredView(
            checkpoint=booking.checkpoint,
            number=booking.number,
            plate=booking.vehicle.plate,
            country=booking.vehicle.country,
            class_=booking.class_,
            pool=booking.pool or Pool.PRIMARY,
            status=booking.status_at(now, rules),
            slot_start=booking.slot_start,
            slot_end=booking.slot_end,
        )
        for booking in bookings
        if booking.number is not None and booking.slot_start is not None and booking.slot_end is not None
    ]


def history_document(history: History, *, token: str, after: int, limit: int) -> Document:
    """
    Write a page of a history: its lines, and one last that says how many there are in all, their last link, and the token over both.
    """
    lines = history.lines[after : after + limit]
    upto = after + len(lines)
    last = {**history.claims, "after": after, "lines": len(lines), "next": upto if upto < len(history.lines) else None, "token": token}
    content = "".join(f"{line}\n" for line in (*lines, spell(last)))
    return Document(content.encode(), NDJSON, cache=CACHE)
