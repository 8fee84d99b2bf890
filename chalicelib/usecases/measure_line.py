"""
The line before a checkpoint, from consistent reads: its bookings, how fast they enter, who is where (§31, §34, D16).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.contracts import messages
from chalicelib.domain.bookings import Booking
from chalicelib.domain.line import Line, draw_line, planned_per_hour
from chalicelib.domain.records import BoardState
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Bookings, Clock, Passages, Places
from chalicelib.usecases.sold_bookings import running_days, sold_bookings


@dataclass(frozen=True, slots=True)
class Measured:
    """
    A line, and the bookings it was drawn from.
    """

    line: Line
    bookings: Sequence[Booking]


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """
    Draws a checkpoint's line anew.
    """

    bookings: Bookings
    places: Places
    passages: Passages
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, checkpoint: str) -> Measured:
        """
        Read places and bookings of yesterday, today and tomorrow, of days that are prolonged, and the guests.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        today = rules.today(now)
        guests = self.passages.notes(checkpoint).guests
        days = running_days(self.places, checkpoint=checkpoint, today=today)
        found = self.bookings.get_many(sold_bookings(self.places, checkpoint=checkpoint, days=days, guests=guests))
        per_hour = planned_per_hour(self.places.plan(checkpoint, today), now=now, rules=rules)
        heard_upto = self.passages.gateway(checkpoint).reported_upto
        flow = self.passages.flow(checkpoint)
        experience = flow.experience if flow is not None else None
        line = draw_line(found, per_hour=per_hour, heard_upto=heard_upto, now=now, rules=rules, experience=experience)
        return Measured(line, found)


def line_of(board: BoardState | None) -> Line | None:
    """
    Read the line that was kept with the board.
    """
    return messages.from_json(Line, board.line) if board is not None and board.line is not None else None
