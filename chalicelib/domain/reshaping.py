"""
Other intervals or opening hours for a day on sale: only where nobody has taken a place, and so that no buyer is given a place of the old day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.capacity import DayBook
from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import DayPlan, Position
from chalicelib.domain.policies import CapacityRule


class Stage(StrEnum):
    """
    First every place of the old day is withheld, so that whoever has read the old plan meets a conflict; then the day is drawn anew; then
    rows of places that the new day does not have are laid aside.
    """

    FENCE = "fence"
    DRAW = "draw"
    TIDY = "tidy"


@dataclass(frozen=True, slots=True)
class Reshaping:
    """
    What comes next for a day, and the places concerned.
    """

    stage: Stage
    positions: Sequence[Position] = ()


def shape_of(plan: DayPlan) -> tuple[int, int, int]:
    """
    Give what fixes a day's intervals: their length, the opening, their number.
    """
    return plan.interval_minutes, plan.opens, len(plan.layout)


def fits(plan: DayPlan, rule: CapacityRule) -> bool:
    """
    Tell whether a day has the intervals that are in force; a day off has any.
    """
    return rule.on(plan.day) == 0 or shape_of(plan) == rule.shape


def is_fixed(book: DayBook) -> bool:
    """
    Tell a day whose intervals stay as they are: it has begun, or somebody has a place of it (D3: the number names interval and position).
    """
    return book.rules.today(book.now) >= book.plan.day or any(place.is_taken(book.now) for place in book.touched.values())


def reshaping(book: DayBook, rule: CapacityRule) -> Reshaping | None:
    """
    Tell what comes next on the way to the intervals in force, or none: they are in force, or the day keeps its own.
    """
    plan = book.plan
    if fits(plan, rule):
        outside = [position for position, place in book.touched.items() if not plan.has(position) and place.state is PlaceState.WITHHELD]
        return Reshaping(Stage.TIDY, outside) if outside else None
    if is_fixed(book):
        return None
    every = [position for interval in range(len(plan.layout)) for position in plan.positions(interval)]
    on_sale = [position for position in every if position not in book.touched or book.touched[position].state is not PlaceState.WITHHELD]
    return Reshaping(Stage.FENCE, on_sale) if on_sale else Reshaping(Stage.DRAW)
