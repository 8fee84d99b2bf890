"""
Every night the horizon gets its next day: a plan per checkpoint under the figures in force, written once (§22, D1, D3).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.plans import DayPlan
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Clock, Committed, Committer, Places, Write
from chalicelib.usecases.standing_orders import Standing, StandingOrders


@dataclass(frozen=True, slots=True)
class OpenDays:
    """
    Write the plans a checkpoint still lacks.
    """

    committer: Committer
    places: Places
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    orders: StandingOrders

    def __call__(self, *, checkpoint: str) -> int:
        """
        Open every day from today to the horizon's end that has no plan yet: how many were opened. Safe to run twice at once.
        """
        standing = self.orders.at(checkpoint)
        if standing is None:
            return 0
        now = self.clock.now()
        rules = self.rules_on(now)
        first, last = rules.today(now), rules.last_day(now)
        known = {plan.day for plan in self.places.plans(checkpoint, first=first, last=last)}
        days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        opened = [plan for day in days if day not in known for plan in [self._open(standing, day, rules)] if plan is not None]
        if opened:
            self._catch_up(checkpoint, opened, rules)
        return len(opened)

    def _open(self, standing: Standing, day: date, rules: Rules) -> DayPlan | None:
        plan = standing.draw(day, rules)
        return plan if isinstance(self.committer.commit(Write(plan)), Committed) else None

    def _catch_up(self, checkpoint: str, opened: list[DayPlan], rules: Rules) -> None:
        """
        Follow what was ordered while the days were being opened: an order knows only the days it found open.
        """
        standing = self.orders.at(checkpoint)
        if standing is None:
            return
        for plan in opened:
            followed = standing.follow(plan, rules)
            if followed is not plan:
                self.committer.commit(Write(followed, plan.version))
