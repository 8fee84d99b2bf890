"""
What was decided from a day on, and what was ordered over a period: one partition for each scope and checkpoint.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.measures import Measure, MeasureKind, MeasureState
from chalicelib.domain.policies import PolicyRow
from chalicelib.store.attributes import ChoiceAttribute, DayAttribute, InstantAttribute, ValueAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row
from chalicelib.store.values import spell_instant

RUNNING: Final = "running"


class DecisionRow(Row):
    """
    One decision; a scope's are read together, by name and first day.
    """

    scope = UnicodeAttribute(hash_key=True)
    policy_since = UnicodeAttribute(range_key=True)
    policy = UnicodeAttribute()
    since = DayAttribute()
    until = DayAttribute(null=True)
    value = ValueAttribute(Mapping[str, int])
    by = UnicodeAttribute()
    ground = UnicodeAttribute()
    at = InstantAttribute()
    id = UnicodeAttribute()
    days_off = ValueAttribute(tuple[str, ...])


class MeasureRow(Row):
    """
    One order; those that still run are found by a sparse index.
    """

    checkpoint = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    kind = ChoiceAttribute(MeasureKind)
    starts = InstantAttribute()
    ends = InstantAttribute()
    reason = UnicodeAttribute()
    by = UnicodeAttribute()
    at = InstantAttribute()
    cursor = DayAttribute()
    state = ChoiceAttribute(MeasureState)
    minutes = NumberAttribute()
    source = UnicodeAttribute(null=True)
    figures = ValueAttribute(Mapping[str, int])
    due_at = InstantAttribute(null=True)
    again_from = DayAttribute(null=True)
    counts = ValueAttribute(Mapping[str, int])
    running = UnicodeAttribute(null=True)

    by_running = index("running", {"running": UnicodeAttribute(hash_key=True), "due_at": InstantAttribute(range_key=True)}, keys_only=True)


def _of_policy(row: PolicyRow) -> Mapping[str, object]:
    return {"policy_since": f"{row.policy}#{row.since}#{spell_instant(row.at)}#{row.id}"}


def _of_measure(measure: Measure) -> Mapping[str, object]:
    return {"running": RUNNING} if measure.state is MeasureState.RUNNING else {}


POLICY = Kind(PolicyRow, DecisionRow, "policies", _of_policy)
MEASURE = Kind(Measure, MeasureRow, "measures", _of_measure)


class StoredPolicies:
    """
    The port `Policies`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_scope(self, scope: str) -> Sequence[PolicyRow]:
        """
        List a scope's decisions, consistently.
        """
        return self._reader.items(POLICY, scope, consistent=True)


class StoredMeasures:
    """
    The port `Measures`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def measure(self, checkpoint: str, measure: str) -> Measure | None:
        """
        Read one order, consistently.
        """
        return self._reader.get(MEASURE, checkpoint, measure)

    def of_checkpoint(self, checkpoint: str) -> Sequence[Measure]:
        """
        List a checkpoint's orders, consistently.
        """
        return self._reader.items(MEASURE, checkpoint, consistent=True)

    def due(self, *, until: datetime, limit: int) -> Sequence[Measure]:
        """
        List orders that still have something to do by now, longest due first.
        """
        rows: Sequence[Any] = self._reader.rows(MEASURE, RUNNING, index="running", until=("due_at", until), limit=limit)
        found = self._reader.get_many(MEASURE, [(row.checkpoint, row.id) for row in rows])
        return [measure for measure in found if measure.state is MeasureState.RUNNING and (measure.due_at or until) <= until]

    def next_due(self) -> datetime | None:
        """
        Give the earliest moment at which an order has something to do.
        """
        rows: Sequence[Any] = self._reader.rows(MEASURE, RUNNING, index="running", limit=1)
        moment: datetime | None = rows[0].due_at if rows else None
        return moment
