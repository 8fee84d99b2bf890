"""
What the authority orders: capacity, closures, delays, extensions, and the figures the law leaves open.
"""

from collections.abc import Mapping
from datetime import date

from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.policies import CapacityRule
from chalicelib.usecases.apply_measures import ApplyMeasures
from chalicelib.usecases.count_crossings import CountCrossings
from chalicelib.usecases.decide_policy import DecidePolicy
from chalicelib.usecases.end_stranded import EndStranded
from chalicelib.usecases.order_measure import OrderMeasure
from chalicelib.usecases.preview_measure import PreviewMeasure
from chalicelib.usecases.standing_orders import StandingOrders
from chalicelib.wiring.outside import law, once, parts, seed_on


def seed_of(checkpoint: str) -> CapacityRule | None:
    """
    Give a checkpoint's capacity until OGD sets its own: the jurisdiction's seed; none where it is not worked.
    """
    found = law().checkpoint(checkpoint)
    if found is None or found.status != "open":
        return None
    hours = found.opening_hours
    return CapacityRule(found.capacity.per_day, found.interval_minutes, hours.opens_minutes, hours.closes_minutes)


def ceilings_on(day: date) -> Mapping[PlaceClass, int]:
    """
    Give the classes' ceilings in percent on a day (§6, §6-1).
    """
    percents = {PlaceClass(id_): class_.ceiling_percent(day) for id_, class_ in law().classes.items()}
    return {class_: percent for class_, percent in percents.items() if percent is not None}


def code_of(checkpoint: str) -> str:
    """
    Give the letters that open a checkpoint's numbers (D7).
    """
    return law().checkpoints[checkpoint].code


@once
def standing_orders() -> StandingOrders:
    """
    D1, D21.
    """
    return StandingOrders(**parts("policies", "measures"), seed_of=seed_of, ceilings_on=ceilings_on)


@once
def apply_measures() -> ApplyMeasures:
    """
    D21, step by step.
    """
    ports = parts("committer", "bookings", "places", "measures", "clock", "chance", "rules_on")
    return ApplyMeasures(**ports, orders=standing_orders(), code_of=code_of)


@once
def preview_measure() -> PreviewMeasure:
    """
    D21, on paper.
    """
    return PreviewMeasure(**parts("bookings", "places", "rules_on"), code_of=code_of)


@once
def order_measure() -> OrderMeasure:
    """
    D1, D21.
    """
    ports = parts("committer", "places", "requests", "clock", "chance", "rules_on")
    return OrderMeasure(**ports, orders=standing_orders(), apply=apply_measures(), show=preview_measure())


@once
def end_stranded() -> EndStranded:
    """
    D21, after a week without a choice.
    """
    return EndStranded(**parts("committer", "bookings", "places", "locks", "ledger", "clock", "chance", "rules_on"))


@once
def decide_policy() -> DecidePolicy:
    """
    The registrar's figures.
    """
    return DecidePolicy(**parts("committer", "policies", "requests", "clock", "chance", "rules_on"), seed_on=seed_on)


@once
def count_crossings() -> CountCrossings:
    """
    D1: what really crossed.
    """
    return CountCrossings(**parts("committer", "bookings", "crossings", "clock", "rules_on"))
