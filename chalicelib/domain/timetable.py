"""
The plans of some days as one row of intervals: what was sold in each, how many an hour are planned, and when the checkpoint is closed.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Final

from chalicelib.domain.experience import HOUR
from chalicelib.domain.flow import Interval, Period
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.rules import Rules

NOTHING: Final = 0.1


@dataclass(frozen=True, slots=True)
class Timetable:
    """
    Intervals in order, in UTC, with the planned vehicles an hour of each.
    """

    slots: tuple[Interval, ...]
    rates: tuple[float, ...]

    @property
    def closed(self) -> Sequence[Period]:
        """
        List the periods between intervals in which nobody is admitted.
        """
        return [(before.end, after.start) for before, after in pairwise(self.slots) if before.end < after.start]

    def per_hour(self, at: datetime) -> float:
        """
        Give how many vehicles an hour are planned at a moment: those of the interval it lies in, or of the one before.
        """
        place = bisect_right(self.slots, at, key=lambda slot: slot.start) - 1
        return max(NOTHING, self.rates[max(0, place)]) if self.rates else NOTHING


def timetable(plans: Sequence[DayPlan], *, sold: Mapping[date, Sequence[int]], rules: Rules) -> Timetable:
    """
    Lay plans end to end, without what is closed (D21); a day of which nothing was sold may be absent from `sold`.
    """
    slots, rates = [], []
    for plan in plans:
        counts = sold.get(plan.day, ())
        for interval, row in enumerate(plan.layout):
            if interval in plan.closed:
                continue
            start, end = (moment.astimezone(UTC) for moment in plan.slot(interval, rules))
            slots.append(Interval(start, end, counts[interval] if interval < len(counts) else 0, shift=plan.shift(interval)))
            rates.append(len(row) / ((end - start) / HOUR))
    return Timetable(tuple(slots), tuple(rates))
