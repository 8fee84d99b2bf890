"""
Every night the last days' crossings are counted, so that the capacity in force can be held against what really crosses (D1).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.crossings import Crossings, average, count_by_day
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, CrossingCounts, Write

LATE: Final = 4
"""Days counted anew each night: a crossing may be confirmed by a register 72 hours later (17-2)."""
BOOKED_BEFORE: Final = 14
"""Days before a crossing for which its place may have been booked: an extension keeps bookings good so long (D21)."""


@dataclass(frozen=True, slots=True)
class CountCrossings:
    """
    Counts into one small row a day, reads thirty of them.
    """

    committer: Committer
    bookings: Bookings
    crossings: CrossingCounts
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, checkpoint: str) -> int:
        """
        Count the days before today anew: how many counts changed. Safe to run twice at once.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        today = rules.today(now)
        days = [today - timedelta(days=back) for back in range(1, LATE + 1)]
        booked = [today - timedelta(days=back) for back in range(1, LATE + BOOKED_BEFORE + 1)]
        counted = count_by_day((booking for day in booked for booking in self.bookings.of_day(checkpoint, day)), rules)
        known = {each.day: each for each in self.crossings.of_period(checkpoint, first=days[-1], last=days[0])}
        changed = [self._counted(checkpoint, day, counted[day], known.get(day), now) for day in days]
        return sum(isinstance(self.committer.commit(write), Committed) for write in changed if write is not None)

    def _counted(self, checkpoint: str, day: date, crossed: int, known: Crossings | None, now: datetime) -> Write | None:
        if known is None:
            return Write(Crossings(checkpoint, day, crossed, now))
        if known.crossed == crossed:
            return None
        return Write(replace(known, crossed=crossed, as_of=now, version=known.version + 1), known.version)

    def trailing(self, *, checkpoint: str) -> float | None:
        """
        Give the crossings a day on average over the trailing days of policy, today not counted; none where none were counted.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        today = rules.today(now)
        found: Sequence[Crossings] = self.crossings.of_period(
            checkpoint, first=today - rules.crossings_window, last=today - timedelta(days=1)
        )
        return average(found)
