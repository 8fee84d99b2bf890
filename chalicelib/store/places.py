"""
A day's plan, the places touched of it, and its load (D3).
"""

from collections.abc import Mapping, Sequence
from datetime import date

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.places import Place, PlaceState
from chalicelib.domain.plans import DayPlan, PlaceClass, Position
from chalicelib.domain.records import Load
from chalicelib.store.attributes import ChoiceAttribute, DayAttribute, InstantAttribute, PositionAttribute, ValueAttribute
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row


class PlanRow(Row):
    """
    One checkpoint's day as planned.
    """

    checkpoint = UnicodeAttribute(hash_key=True)
    day = DayAttribute(range_key=True)
    interval_minutes = NumberAttribute()
    opens = NumberAttribute()
    layout = ValueAttribute(tuple[str, ...])
    per_day = NumberAttribute(null=True)
    quotas = ValueAttribute(Mapping[str, int])
    closed = ValueAttribute(tuple[int, ...])
    shifts = ValueAttribute(tuple[int, ...])
    extended = ValueAttribute(tuple[int, ...])


class PlaceRow(Row):
    """
    One touched place.
    """

    checkpoint_day = UnicodeAttribute(hash_key=True)
    position = PositionAttribute(range_key=True)
    checkpoint = UnicodeAttribute()
    day = DayAttribute()
    class_ = ChoiceAttribute(PlaceClass, attr_name="class")
    state = ChoiceAttribute(PlaceState)
    secondary = BooleanAttribute()
    sales = NumberAttribute()
    booking = UnicodeAttribute(null=True)
    on_sale_from = InstantAttribute(null=True)
    hold_expires_at = InstantAttribute(null=True)


class LoadRow(Row):
    """
    The load of one checkpoint and day, recomputed.
    """

    checkpoint = UnicodeAttribute(hash_key=True)
    day = DayAttribute(range_key=True)
    capacity = NumberAttribute()
    free = ValueAttribute(Mapping[str, tuple[int, int]])
    as_of = InstantAttribute()
    fresh_until = InstantAttribute(null=True)
    plan_version = NumberAttribute(null=True)
    sold = ValueAttribute(tuple[int, ...])


def _of_place(place: Place) -> Mapping[str, object]:
    return {"checkpoint_day": f"{place.checkpoint}#{place.day}"}


PLAN = Kind(DayPlan, PlanRow, "plans")
PLACE = Kind(Place, PlaceRow, "places", _of_place)
LOAD = Kind(Load, LoadRow, "loads")


class StoredPlaces:
    """
    The port `Places`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def plan(self, checkpoint: str, day: date) -> DayPlan | None:
        """
        Read a day's plan, consistently.
        """
        return self._reader.get(PLAN, checkpoint, day)

    def plans(self, checkpoint: str, *, first: date, last: date) -> Sequence[DayPlan]:
        """
        Read the plans of a period, both days included.
        """
        return self._reader.items(PLAN, checkpoint, since=("day", first), until=("day", last))

    def plans_on(self, checkpoints: Sequence[str], day: date) -> Sequence[DayPlan]:
        """
        Read one day's plans of many checkpoints; those without one are left out.
        """
        return self._reader.get_many(PLAN, [(checkpoint, day) for checkpoint in checkpoints])

    def touched(self, checkpoint: str, day: date, *, consistent: bool) -> Mapping[Position, Place]:
        """
        Read a day's touched places.
        """
        places = self._reader.items(PLACE, f"{checkpoint}#{day}", consistent=consistent)
        return {place.position: place for place in places}

    def place(self, checkpoint: str, day: date, position: Position) -> Place | None:
        """
        Read one touched place, consistently.
        """
        return self._reader.get(PLACE, f"{checkpoint}#{day}", position)

    def places(self, keys: Sequence[tuple[str, date, Position]]) -> Mapping[tuple[str, date, Position], Place]:
        """
        Read touched places by checkpoint, day and position, consistently; untouched ones are left out.
        """
        found = self._reader.get_many(PLACE, [(f"{checkpoint}#{day}", position) for checkpoint, day, position in keys])
        return {(place.checkpoint, place.day, place.position): place for place in found}

    def loads(self, checkpoint: str, *, first: date, last: date) -> Sequence[Load]:
        """
        Read the loads of a period, both days included; for display.
        """
        return self._reader.items(LOAD, checkpoint, since=("day", first), until=("day", last))

    def load(self, checkpoint: str, day: date) -> Load | None:
        """
        Read one day's load, consistently: its version guards the next one.
        """
        return self._reader.get(LOAD, checkpoint, day)
