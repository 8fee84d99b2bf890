"""
What stands at a checkpoint: OGD's capacity over the jurisdiction's seed, and the closures, delays and extensions ordered (D1, D21).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.domain.measures import Measure, ordered
from chalicelib.domain.plans import DayPlan, PlaceClass, draw_plan, quotas_of
from chalicelib.domain.policies import CAPACITY, CapacityRule, PolicyRow, capacity_on, in_force
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Measures, Policies

Ceilings = Callable[[date], Mapping[PlaceClass, int]]


@dataclass(frozen=True, slots=True)
class Standing:
    """
    Everything ordered at one checkpoint, as read at one moment; `seed` is the jurisdiction's own figure.
    """

    checkpoint: str
    seed: CapacityRule
    decisions: Sequence[PolicyRow]
    measures: Sequence[Measure]
    ceilings_on: Ceilings

    def with_more(self, *, decision: PolicyRow | None, measure: Measure) -> "Standing":
        """
        Add what is about to be ordered.
        """
        decisions = self.decisions if decision is None else [*self.decisions, decision]
        return replace(self, decisions=decisions, measures=[*self.measures, measure])

    def capacity_on(self, day: date) -> CapacityRule:
        """
        Give the capacity in force on a day.
        """
        return capacity_on(self.decisions, self.seed, day)

    def draw(self, day: date, rules: Rules) -> DayPlan:
        """
        Draw a day that enters the horizon: a day off has no places.
        """
        rule = self.capacity_on(day)
        drawn = draw_plan(
            checkpoint=self.checkpoint,
            day=day,
            capacity=rule.on(day),
            interval_minutes=rule.interval_minutes,
            opens=rule.opens,
            closes=rule.closes,
            ceilings=self.ceilings_on(day),
        )
        return ordered(drawn, self.measures, rules)

    def follow(self, plan: DayPlan, rules: Rules) -> DayPlan:
        """
        Write what is in force into an open day's plan: the next version, or the very same plan where nothing differs.

        A day keeps the capacity it was drawn with until OGD says another for it: new seed data change no open day.
        """
        followed = ordered(self._figured(plan), self.measures, rules)
        return plan if followed == plan else replace(followed, version=plan.version + 1)

    def _figured(self, plan: DayPlan) -> DayPlan:
        if in_force(self.decisions, policy=CAPACITY, day=plan.day) is None:
            return plan
        per_day = self.capacity_on(plan.day).on(plan.day)
        quotas = quotas_of(per_day, self.ceilings_on(plan.day))
        if plan.target == per_day and all(plan.quota(class_) == amount for class_, amount in quotas.items()):
            return plan
        return replace(plan, per_day=per_day, quotas={class_.value: amount for class_, amount in quotas.items()})


@dataclass(frozen=True, slots=True)
class StandingOrders:
    """
    Reads what stands, consistently; `seed_of` gives none for a checkpoint that is not worked.
    """

    policies: Policies
    measures: Measures
    seed_of: Callable[[str], CapacityRule | None]
    ceilings_on: Ceilings

    def at(self, checkpoint: str) -> Standing | None:
        """
        Give what stands at a checkpoint now; none where it is not worked at all.
        """
        seed = self.seed_of(checkpoint)
        if seed is None:
            return None
        decisions, measures = self.policies.of_scope(checkpoint), self.measures.of_checkpoint(checkpoint)
        return Standing(checkpoint, seed, decisions, measures, self.ceilings_on)
