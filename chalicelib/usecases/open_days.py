"""
Every night the horizon gets its next day: a plan per checkpoint, written once (§22, D3).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.plans import DayPlan, PlaceClass, draw_plan
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Clock, Committed, Committer, Places, Write


@dataclass(frozen=True, slots=True)
class CapacityRule:
    """
    A checkpoint's capacity on a day (D1): places a day, interval in minutes, opening hours in minutes after local midnight.
    """

    per_day: int
    interval_minutes: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class OpenDays:
    """
    Write the plans a checkpoint still lacks.
    """

    committer: Committer
    places: Places
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    capacity_of: Callable[[str, date], CapacityRule | None]
    ceilings_on: Callable[[date], Mapping[PlaceClass, int]]

    def __call__(self, *, checkpoint: str) -> int:
        """
        Open every day from today to the horizon's end that has no plan yet: how many were opened. Safe to run twice at once.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        first, last = rules.today(now), rules.last_day(now)
        known = {plan.day for plan in self.places.plans(checkpoint, first=first, last=last)}
        days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        plans = [plan for day in days if day not in known for plan in [self._plan(checkpoint, day)] if plan is not None]
        return sum(isinstance(self.committer.commit(Write(plan)), Committed) for plan in plans)

    def _plan(self, checkpoint: str, day: date) -> DayPlan | None:
        capacity = self.capacity_of(checkpoint, day)
        if capacity is None:
            return None
        return draw_plan(
            checkpoint=checkpoint,
            day=day,
            capacity=capacity.per_day,
            interval_minutes=capacity.interval_minutes,
            opens=capacity.opens,
            closes=capacity.closes,
            ceilings=self.ceilings_on(day),
        )
