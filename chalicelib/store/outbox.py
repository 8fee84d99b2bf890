"""
What must still follow its commit. Delivered rows are removed; a sparse index leads a sweep to the rest, and to the parked ones.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.store.attributes import ChoiceAttribute, InstantAttribute, ValueAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row, shard_of

PARKED: Final = "parked"


class OutboxRow(Row):
    """
    One message.
    """

    id = UnicodeAttribute(hash_key=True)
    task = ChoiceAttribute(Task)
    aggregate = UnicodeAttribute()
    aggregate_version = NumberAttribute()
    created_at = InstantAttribute()
    due_at = InstantAttribute()
    payload = ValueAttribute(Mapping[str, str | int | None])
    tries = NumberAttribute()
    parked = BooleanAttribute()
    pending = UnicodeAttribute()

    by_pending = index("pending", {"pending": UnicodeAttribute(hash_key=True), "due_at": InstantAttribute(range_key=True)}, keys_only=True)


def _of_message(message: OutboxMessage) -> Mapping[str, object]:
    return {"pending": PARKED if message.parked else str(shard_of(message.id))}


OUTBOX = Kind(OutboxMessage, OutboxRow, "outbox", _of_message)


class StoredOutbox:
    """
    The port `Outbox`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def pending(self, *, shard: int, until: datetime, limit: int) -> Sequence[OutboxMessage]:
        """
        List messages due by now, longest due first. What the index still names though it is delivered or put off is left out.
        """
        rows = self._reader.rows(OUTBOX, str(shard), index="pending", until=("due_at", until), limit=limit)
        return [message for message in self._read(rows) if not message.parked and message.due_at <= until]

    def next_due(self, *, shard: int) -> datetime | None:
        """
        Give the earliest moment at which a message of the shard is due.
        """
        rows: Sequence[Any] = self._reader.rows(OUTBOX, str(shard), index="pending", limit=1)
        moment: datetime | None = rows[0].due_at if rows else None
        return moment

    def parked(self, *, limit: int) -> Sequence[OutboxMessage]:
        """
        List parked messages, oldest first.
        """
        return [message for message in self._read(self._reader.rows(OUTBOX, PARKED, index="pending", limit=limit)) if message.parked]

    def _read(self, rows: Sequence[Any]) -> Sequence[OutboxMessage]:
        return self._reader.get_many(OUTBOX, [row.id for row in rows])
