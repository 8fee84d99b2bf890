"""
One transaction of everything that changes together, tried again when the engine was busy or silent, never done twice.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pynamodb.constants import DELETE_ITEM, PUT_ITEM, UPDATE_ITEM
from pynamodb.expressions.condition import Condition

from chalicelib.store.conditions import absent, as_seen, forgotten, words
from chalicelib.store.database import Database
from chalicelib.store.errors import RepeatedItemError, StaleVersionError, UnknownKindError
from chalicelib.store.patches import patch
from chalicelib.store.retries import ENGINE_ERRORS, Failure, classify, refused_items
from chalicelib.store.rows import Kind, Row
from chalicelib.usecases.ports import Committed, Conflict, Remove, StoreBusyError, Write

MOST_ITEMS: Final = 100


@dataclass(frozen=True, slots=True)
class Operation:
    """
    One row's part in a commit: what the engine is asked for, and the words for it.
    """

    kind: str
    row: Row
    request: dict[str, Any]
    removes: bool = False
    patches: bool = False

    @property
    def name(self) -> str:
        """
        Name what the engine is asked to do where it is all that is asked.
        """
        return DELETE_ITEM if self.removes else UPDATE_ITEM if self.patches else PUT_ITEM


class Transactions:
    """
    The port `Committer`.
    """

    def __init__(self, database: Database, kinds: Sequence[Kind[Any]]) -> None:
        self._database = database
        self._kinds: Mapping[type, Kind[Any]] = {kind.item: kind for kind in kinds}

    def commit(self, *writes: Write | Remove) -> Committed | Conflict:
        """
        Write all or nothing; at most five tries with full jitter, then `StoreBusyError`.

        All tries carry the same request token, and every row the commit's id: a try whose answer was lost is recognized, also after the engine
        has forgotten the token. Only a lone row that somebody overwrote in between, or a lone removal, cannot tell: the first is a conflict,
        the second counts as done.
        """
        commit = str(uuid.uuid4())
        operations = [operation for write in writes for operation in self._operations(write, commit)]
        _check(operations)
        if not operations:
            return Committed()
        return self._try(operations, commit)

    def _try(self, operations: Sequence[Operation], commit: str) -> Committed | Conflict:
        pace = self._database.settings.pace
        unknown = False
        for tried in range(1, pace.most_tries + 1):
            try:
                self._send(operations, commit)
            except ENGINE_ERRORS as error:
                failure = classify(error)
                if failure is None:
                    raise
                if failure is Failure.REFUSED:
                    return self._settle(operations, commit, refused_items(error), unknown=unknown)
                unknown = unknown or failure is Failure.UNKNOWN
                if tried == pace.most_tries:
                    raise StoreBusyError("the store would not take it") from error
                pace.pause(tried)
            else:
                return Committed()
        raise StoreBusyError("the store was not asked")

    def _send(self, operations: Sequence[Operation], commit: str) -> None:
        connection = self._database.connection
        if len(operations) == 1:
            (only,) = operations
            connection.dispatch(only.name, dict(only.request))
            return
        connection.transact_write_items(
            condition_check_items=[],
            delete_items=[operation.request for operation in operations if operation.removes],
            put_items=[operation.request for operation in operations if operation.name == PUT_ITEM],
            update_items=[operation.request for operation in operations if operation.patches],
            client_request_token=commit,
        )

    def _settle(
        self, operations: Sequence[Operation], commit: str, refused: Sequence[int] | None, *, unknown: bool
    ) -> Committed | Conflict:
        ordered = sorted(operations, key=lambda operation: (not operation.removes, operation.patches))  # as sent
        if unknown and self._was_ours(ordered, commit):
            return Committed()
        losers = ordered if refused is None else [ordered[index] for index in refused]
        return Conflict(frozenset(loser.kind for loser in losers))

    def _was_ours(self, operations: Sequence[Operation], commit: str) -> bool:
        """
        Look whether a try without an answer was committed: any row of ours proves it, for it was all or nothing.
        """
        puts = [operation for operation in operations if not operation.removes]
        if not puts:
            return all(self._read(operation.row) is None for operation in operations)
        return any(row is not None and row.commit == commit for row in (self._read(operation.row) for operation in puts))

    def _read(self, row: Row) -> Row | None:
        hash_key, range_key = row._get_serialized_keys()  # noqa: SLF001  PynamoDB has no public word for it
        meta = self._database.connection.get_meta_table(row.Meta.table_name)

        def call() -> Row | None:
            data = self._database.connection.get_item(meta.table_name, hash_key, range_key, consistent_read=True)
            return type(row).from_raw_data(data["Item"]) if data.get("Item") else None

        return self._database.repeat(call)

    def _operations(self, write: Write | Remove, commit: str) -> list[Operation]:
        kind = self._kinds.get(type(write.item))
        if kind is None:
            raise UnknownKindError(type(write.item).__name__)
        bound = self._database.bound(kind.row)
        row = kind.to_row(bound, write.item, commit=commit)
        name = kind.item.__name__
        if isinstance(write, Remove):
            key = {"TableName": bound.Meta.table_name, "Key": row.own_key()}
            return [Operation(name, row, {**key, **words(as_seen(bound, write.seen))}, removes=True)]
        if row.version <= write.seen:
            raise StaleVersionError(f"{name}: version {row.version} was seen as {write.seen}")
        seen = self._database.seen.take(row, version=write.seen) if kind.patched and write.seen else None
        if seen is not None:
            return [Operation(name, row, patch(row, seen), patches=True)]
        return [self._put(name, row, self._condition(kind, bound, write)), *self._companions(kind, write, commit)]

    def _condition(self, kind: Kind[Any], bound: type[Row], write: Write) -> Condition:
        if write.seen:
            return as_seen(bound, write.seen)
        if kind.renewable_after is not None:
            either: Condition = absent(bound) | forgotten(kind, bound, write.item)
            return either
        return absent(bound)

    def _companions(self, kind: Kind[Any], write: Write, commit: str) -> list[Operation]:
        if write.seen:
            return []
        rows = [(self._database.bound(row), values) for row, values in kind.companions(write.item)]
        return [self._put(kind.item.__name__, row.made_of({"version": 1, "commit": commit, **values}), absent(row)) for row, values in rows]

    @staticmethod
    def _put(kind: str, row: Row, condition: Condition) -> Operation:
        return Operation(kind, row, {"TableName": row.Meta.table_name, "Item": row.as_raw(), **words(condition)})


def _check(operations: Sequence[Operation]) -> None:
    if len(operations) > MOST_ITEMS:
        raise RepeatedItemError(f"{len(operations)} rows in one transaction")
    keys = {(operation.row.Meta.table_name, *operation.row._get_serialized_keys()) for operation in operations}  # noqa: SLF001  no public word
    if len(keys) != len(operations):
        raise RepeatedItemError(f"an item appears twice among {sorted(operation.kind for operation in operations)}")
