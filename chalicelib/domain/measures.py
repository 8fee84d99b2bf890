"""
A measure is what an officer orders over a period: another capacity, a closure, a delay, an extension (D1, D21).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.plans import DayPlan
from chalicelib.domain.rules import Rules


class MeasureKind(StrEnum):
    """
    What is ordered.
    """

    CAPACITY = "capacity"
    CLOSURE = "closure"
    DELAY = "delay"
    EXTENSION = "extension"


class MeasureState(StrEnum):
    """
    Whether everything that follows from it has been done.
    """

    RUNNING = "running"
    DONE = "done"


MOST_SHIFT: Final = 3 * 24 * 60
MOST_EXTENSION: Final = 10 * 24 * 60
"""Minutes that all delays, and all extensions, of an interval come to at most: no booking stays good for more than two weeks."""


@dataclass(frozen=True, slots=True)
class Measure:
    """
    One order over the half-open period [starts, ends) of booked time, and how far it has been carried out.

    `minutes` is a delay's shift or an extension's length. `cursor` is the next day to look at, `again_from` and `due_at` the first day to
    look at once more and when: somebody's hold still runs there. `counts` says what was done so far.
    """

    id: str
    checkpoint: str
    kind: MeasureKind
    starts: datetime
    ends: datetime
    reason: str
    by: str
    at: datetime
    cursor: date
    version: int = 1
    state: MeasureState = MeasureState.RUNNING
    minutes: int = 0
    source: str | None = None
    figures: Mapping[str, int] = field(default_factory=dict)
    due_at: datetime | None = None
    again_from: date | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    def did(self, **amounts: int) -> "Measure":
        """
        Count what was done: the next version.
        """
        counted = {**self.counts, **{name: self.counts.get(name, 0) + amount for name, amount in amounts.items() if amount}}
        return replace(self, counts=counted, version=self.version + 1)

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """
        Tell whether the period touches an interval.
        """
        return start < self.ends and self.starts < end

    def first_day(self, rules: Rules) -> date:
        """
        Name the first local day it touches.
        """
        return rules.today(self.starts)

    def last_day(self, rules: Rules) -> date:
        """
        Name the last local day it touches.
        """
        return rules.today(self.ends - timedelta(microseconds=1))


def ordered(plan: DayPlan, measures: Sequence[Measure], rules: Rules) -> DayPlan:
    """
    Write the closures, delays and extensions in force into a plan; its version stays, for the caller to raise where anything differs.

    An interval that clocks leap over is closed: nobody can come in it (D32).
    """
    slots = [plan.slot(interval, rules) for interval in range(len(plan.layout))]

    def sums(kind: MeasureKind, most: int) -> tuple[int, ...]:
        found = tuple(min(most, sum(each.minutes for each in measures if each.kind is kind and each.overlaps(*slot))) for slot in slots)
        return found if any(found) else ()

    closures = [each for each in measures if each.kind is MeasureKind.CLOSURE]
    return replace(
        plan,
        closed=tuple(
            interval for interval, (start, end) in enumerate(slots) if start >= end or any(each.overlaps(start, end) for each in closures)
        ),
        shifts=sums(MeasureKind.DELAY, MOST_SHIFT),
        extended=sums(MeasureKind.EXTENSION, MOST_EXTENSION),
    )
