"""
The line before a checkpoint, from consistent reads: its bookings, how fast they enter, who is where (§31, §34, D16).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.contracts import messages
from chalicelib.domain.bookings import Booking
from chalicelib.domain.experience import Experience
from chalicelib.domain.line import Line, draw_line, pace_at_gate, planned_per_hour
from chalicelib.domain.pace import Pace
from chalicelib.domain.records import BoardState
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Bookings, Clock, Passages, Places
from chalicelib.usecases.sold_bookings import running_days, sold_bookings


@dataclass(frozen=True, slots=True)
class Seen:
    """
    A checkpoint's bookings, how many an hour it usually admits now, how far its gateway has reported, and what its past tells.
    """

    bookings: Sequence[Booking]
    per_hour: float
    heard_upto: datetime | None
    experience: Experience | None


@dataclass(frozen=True, slots=True)
class Measured:
    """
    A line, and the bookings it was drawn from.
    """

    line: Line
    bookings: Sequence[Booking]


@dataclass(frozen=True, slots=True)
class AtGate:
    """
    The pace at the gate, the bookings it was measured on, and what the past tells of who comes.
    """

    pace: Pace
    bookings: Sequence[Booking]
    experience: Experience | None


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
        Line up everybody expected.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        seen = self._seen(checkpoint, now, rules)
        line = draw_line(
            seen.bookings, per_hour=seen.per_hour, heard_upto=seen.heard_upto, now=now, rules=rules, experience=seen.experience
        )
        return Measured(line, seen.bookings)

    def at_gate(self, *, checkpoint: str) -> AtGate:
        """
        Measure the pace alone.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        seen = self._seen(checkpoint, now, rules)
        pace = pace_at_gate(seen.bookings, per_hour=seen.per_hour, heard_upto=seen.heard_upto, now=now, rules=rules)
        return AtGate(pace, seen.bookings, seen.experience)

    def _seen(self, checkpoint: str, now: datetime, rules: Rules) -> Seen:
        """
        Read places and bookings of yesterday, today and tomorrow, of days that are prolonged, and the guests.
        """
        today = rules.today(now)
        guests = self.passages.notes(checkpoint).guests
        days = running_days(self.places, checkpoint=checkpoint, today=today)
        found = self.bookings.get_many(sold_bookings(self.places, checkpoint=checkpoint, days=days, guests=guests))
        planned = planned_per_hour(self.places.plan(checkpoint, today), now=now, rules=rules)
        flow = self.passages.flow(checkpoint)
        experience = flow.experience if flow is not None else None
        usual = experience.per_hour(now, zone=rules.zone, planned=planned) if experience is not None else planned
        return Seen(found, usual, self.passages.gateway(checkpoint).reported_upto, experience)


def line_of(board: BoardState | None) -> Line | None:
    """
    Read the line that was kept with the board.
    """
    return messages.from_json(Line, board.line) if board is not None and board.line is not None else None
