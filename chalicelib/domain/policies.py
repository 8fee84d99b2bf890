"""
What somebody decided from a day on: figures the law leaves open, and a checkpoint's capacity (D1). Rows are added, never changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

FIGURES: Final = "figures"
"""The scope of the registrar's figures; a checkpoint's slug is the scope of its own."""
CAPACITY: Final = "capacity"
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """
    One decision: `value` is in force from day `since` to day `until` (both included; none: until further notice), said at `at` by `by`.

    A figure has one value under its own name; capacity has `per_day`, `interval_minutes`, `opens`, `closes` (minutes after local midnight)
    and `days_off` (weekdays `mon` … `sun` and ISO dates).
    """

    scope: str
    policy: str
    since: date
    until: date | None
    value: Mapping[str, int]
    by: str
    ground: str
    at: datetime
    id: str
    days_off: tuple[str, ...] = field(default=())
    version: int = 1

    def covers(self, day: date) -> bool:
        """
        Tell whether the decision speaks of a day.
        """
        return self.since <= day and (self.until is None or day <= self.until)


def in_force(rows: Sequence[PolicyRow], *, policy: str, day: date) -> PolicyRow | None:
    """
    Find what is in force on a day: of the decisions that speak of it, the one said last.
    """
    speaking = [row for row in rows if row.policy == policy and row.covers(day)]
    return max(speaking, key=lambda row: (row.at, row.id), default=None)


@dataclass(frozen=True, slots=True)
class CapacityRule:
    """
    A checkpoint's capacity on a day (D1): places a day, interval in minutes, opening hours in minutes after local midnight, days off.
    """

    per_day: int
    interval_minutes: int
    opens: int
    closes: int
    days_off: tuple[str, ...] = ()

    def on(self, day: date) -> int:
        """
        Give the places of a day: none on a day off.
        """
        return 0 if {day.isoformat(), WEEKDAYS[day.weekday()]} & set(self.days_off) else self.per_day

    @property
    def shape(self) -> tuple[int, int, int]:
        """
        Give what fixes a day's intervals: their length and the opening hours.
        """
        return self.interval_minutes, self.opens, max(1, (self.closes - self.opens) // self.interval_minutes)


def capacity_on(rows: Sequence[PolicyRow], seed: CapacityRule, day: date) -> CapacityRule:
    """
    Give the capacity in force on a day: OGD's latest word on it, else the jurisdiction's seed.
    """
    row = in_force(rows, policy=CAPACITY, day=day)
    if row is None:
        return seed
    figures = {name: row.value.get(name, getattr(seed, name)) for name in ("per_day", "interval_minutes", "opens", "closes")}
    return CapacityRule(**figures, days_off=row.days_off)
