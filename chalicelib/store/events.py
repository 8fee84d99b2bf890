"""
Events: what happened to which aggregate, on what ground, written in its own transaction and never changed.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.bookings import Booking
from chalicelib.domain.records import Event
from chalicelib.store.attributes import ChangeAttribute, DayAttribute, InstantAttribute, ValueAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row

PARTS = 4


class EventRow(Row):
    """
    One event.
    """

    checkpoint_day = UnicodeAttribute(hash_key=True)
    aggregate_order = UnicodeAttribute(range_key=True)
    id = UnicodeAttribute()
    aggregate = UnicodeAttribute()
    aggregate_version = NumberAttribute()
    checkpoint = UnicodeAttribute()
    day = DayAttribute()
    kind = UnicodeAttribute()
    at = InstantAttribute()
    by = UnicodeAttribute()
    ground = UnicodeAttribute(null=True)
    detail = ValueAttribute(Mapping[str, str | int | None])
    change = ChangeAttribute(Booking)

    by_aggregate = index(
        "by_aggregate",
        {"aggregate": UnicodeAttribute(hash_key=True), "aggregate_version": NumberAttribute(range_key=True)},
        keys_only=False,
    )


def event_id(*, checkpoint: str, day: date, aggregate: str, version: int) -> str:
    """
    Spell an event's id, which is its key: `nur-zholy.2026-12-03.bk_1.000004`.
    """
    return f"{checkpoint}.{day}.{aggregate}.{version:06d}"


def _key_of(event: str) -> tuple[str, str] | None:
    parts = event.split(".")
    if len(parts) < PARTS:
        return None
    return f"{parts[0]}#{parts[1]}", f"{'.'.join(parts[2:-1])}#{parts[-1]}"


def _of_event(event: Event) -> Mapping[str, object]:
    key = _key_of(event.id)
    expected = f"{event.checkpoint}#{event.day}", f"{event.aggregate}#{event.aggregate_version:06d}"
    if key != expected:
        raise ValueError(f"event id {event.id} does not spell its key {expected}")
    return {"checkpoint_day": expected[0], "aggregate_order": expected[1]}


EVENT = Kind(Event, EventRow, "events", _of_event)


class StoredHistories:
    """
    The port `Histories`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_aggregate(self, aggregate: str) -> Sequence[Event]:
        """
        List an aggregate's events in order; the latest may be missing for a moment.
        """
        return self._reader.items(EVENT, aggregate, index="by_aggregate")

    def of_day(self, checkpoint: str, day: date) -> Sequence[Event]:
        """
        List what happened at a checkpoint on a local day, consistently; aggregate by aggregate, each in order.
        """
        return self._reader.items(EVENT, f"{checkpoint}#{day}", consistent=True)

    def event(self, event: str) -> Event | None:
        """
        Read one event by its id, consistently.
        """
        key = _key_of(event)
        return None if key is None else self._reader.get(EVENT, *key)
