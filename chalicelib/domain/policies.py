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


MOST: Final = 1_000_000_000
LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "horizon_days": (1, 90),  # §22: at most 90 calendar days ahead
    "legal_call_lead_summer": (60, 1440),  # §34
    "legal_call_lead_winter": (120, 1440),  # §34
    "notice_before": (24, 240),  # §29: at least 24 hours before
    "list_lead_days": (10, 90),  # §6: at least 10 calendar days
    "complaint_working_days": (1, 5),  # §6-2
    "settlement_days": (1, 3),  # §24
    "free_reschedules": (1, 10),  # §28
    "forgiven_misses": (1, 10),  # §28
    "forgiveness_days": (1, 90),  # §28: whoever missed none in 90 days is forgiven, so never over a longer time
    "waiting_area_video_kept": (30, 3650),  # §32
    "waiting_area_gate_video_kept": (60, 3650),  # §32
    "autonomy_at_least": (5, 240),  # §8
    "unclaimed_kept": (25, 8760),  # a request may be repeated for 24 hours
    "hold": (1, 60),
    "hold_extended": (1, 120),
    "application_validity": (1, 720),
    "moved_within": (0, 30),
}
"""What the Order itself says of a figure, and what keeps the system sane: least and most, in the figure's own unit."""
ORDERS: Final = (
    ("legal_call_lead_summer", "call_lead_summer"),
    ("legal_call_lead_winter", "call_lead_winter"),
    ("cool_down_least", "cool_down_most"),
    ("hold", "hold_extended"),
)
"""Pairs of which the first is never more than the second (§34, D5, D11, D16)."""


def limit_of(policy: str) -> tuple[int, int]:
    """
    Give the least and the most that a figure may be.
    """
    return LIMITS.get(policy, (0, MOST))


def out_of_order(figures: Mapping[str, int]) -> bool:
    """
    Tell whether two figures contradict one another.
    """
    return any(figures[less] > figures[more] for less, more in ORDERS if less in figures and more in figures)
