"""
When a vehicle's turn at the gate comes: after who stands there, after who waits before it and may enter, and after as many of those on the road
as usually come in time (§31, §34, D16, D17).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.experience import come_between
from chalicelib.domain.line import InLine, Line, told
from chalicelib.domain.pace import expected_at
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import effective_start

ROUNDS: Final = 12
"""After so many the rest is less than a minute."""
NEAR: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Ahead:
    """
    Who enters before a vehicle: so many at the gate; those in the waiting area by when each may enter; on the road by booked times.
    """

    at_gate: int
    waiting: Sequence[datetime] = ()
    on_road: Mapping[datetime, int] = field(default_factory=dict)

    def by(self, moment: datetime, *, line: Line, rules: Rules) -> float:
        """
        Count those who will have been before it by a moment.
        """
        there = sum(1 for opens in self.waiting if opens <= moment)
        return self.at_gate + there + sum(count * _share(line, start, moment, rules) for start, count in self.on_road.items())


def _share(line: Line, start: datetime, moment: datetime, rules: Rules) -> float:
    """
    Give the share of those booked for a time, and not seen yet, who will stand at the gate by a moment; of whom nothing is known, all.
    """
    if not line.seen:
        return 1.0
    return come_between(line.seen, since=line.at - start, until=moment - rules.way_to_gate - start)


def expected_in(line: Line, booking: Booking, *, now: datetime, rules: Rules) -> datetime:
    """
    Say when a vehicle is expected at the gate: at the real pace, so many before its turn that the gate need not wait for it.

    Never before its booked time or, where it is there already, before it may enter.
    """
    start = effective_start(booking)
    place = line.place_of(booking.id)
    if place is None:
        return start
    mine = line.queue[place - 1]
    least = _opens(mine, now, rules) if mine.there else start
    ahead, moment = ahead_of(line, place, now=now, rules=rules), now
    for _ in range(ROUNDS):
        # who comes meanwhile makes it later, and meanwhile others come
        before = max(0.0, ahead.by(moment, line=line, rules=rules) - rules.gate_reserve)
        later = expected_at(slot_start=least, ahead=before, pace=line.pace, now=now)
        if later - moment < NEAR:
            break
        moment = later
    return later if later <= start else told(later)


def ahead_of(line: Line, place: int, *, now: datetime, rules: Rules) -> Ahead:
    """
    Find who enters before a place of the line (from 1). Who stands at the gate has only those before him who left for it earlier.
    """
    mine = line.queue[place - 1]
    gone = [one.at_gate for one in line.queue if one.at_gate is not None and one.booking != mine.booking]
    if mine.at_gate is not None:
        return Ahead(sum(1 for left in gone if left < mine.at_gate))
    before = [one for one in line.queue[: place - 1] if one.at_gate is None]
    waiting = [_opens(one, now, rules) for one in before if one.there]
    return Ahead(len(gone), waiting, Counter(one.start for one in before if not one.there and (line.seen or one.end > now)))


def _opens(one: InLine, now: datetime, rules: Rules) -> datetime:
    return max(now, one.opens or one.start - rules.entry_opens_before)
