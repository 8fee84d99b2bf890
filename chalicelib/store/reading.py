"""
How rows are read: by key consistently, by index eventually, page by page; every call repeated while the engine is busy.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar

from chalicelib.store.database import Database
from chalicelib.store.errors import InvalidCursorError
from chalicelib.store.rows import Kind, Row
from chalicelib.usecases.ports import Page, StoreBusyError

T = TypeVar("T")
Key = str | tuple[str, Any]
Raw = dict[str, Any]
AT_ONCE: Final = 100
"""Rows that one call may ask for by their keys."""
BOUNDS: Final = {
    (False, False): "",
    (True, False): " AND #r >= :s",
    (False, True): " AND #r <= :u",
    (True, True): " AND #r BETWEEN :s AND :u",
}
"""Whether a range key is bound below and above; the engine takes one condition on it."""
STREAMED: Final = 500
"""Rows read at a time where a partition may be of any size."""


class Reader:
    """
    Reads of one database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, kind: Kind[T], hash_key: str, range_key: Any = None) -> T | None:
        """
        Read one item by its key, consistently.
        """
        row = self._database.bound(kind.row)
        found = self._raw(row, hash_key, range_key)
        return None if found is None else self._item(kind, row, found)

    def row(self, unbound: type[Row], hash_key: str, range_key: Any = None) -> Any | None:
        """
        Read a row by its key, consistently; one that is no item is a lookup.
        """
        row = self._database.bound(unbound)
        found = self._raw(row, hash_key, range_key)
        return None if found is None else row.from_raw_data(found)

    def _raw(self, row: type[Row], hash_key: str, range_key: Any) -> Raw | None:
        asked = {"TableName": row.Meta.table_name, "Key": row.spell_key(hash_key, range_key), "ConsistentRead": True}
        found: Raw | None = self._database.ask("GetItem", asked).get("Item")
        return found

    def _item(self, kind: Kind[T], row: type[Row], raw: Raw) -> T:
        read = row.from_raw_data(raw)
        if kind.patched:
            self._database.seen.remember(read, raw)
        return kind.from_row(read)

    def get_many(self, kind: Kind[T], keys: Sequence[Key]) -> list[T]:
        """
        Read many items by their keys, consistently, in the order asked for; unknown ones are left out.
        """
        row = self._database.bound(kind.row)
        return [self._item(kind, row, raw) for raw in self._raws(row, keys)]

    def many_rows(self, kind: Kind[Any], keys: Sequence[Key]) -> list[Any]:
        """
        Read many rows by their keys with what is derived from them, as `get_many` does.
        """
        return self.rows_of(kind.row, keys)

    def rows_of(self, unbound: type[Row], keys: Sequence[Key]) -> list[Any]:
        """
        Read many rows of a class, be they items or not, as `get_many` does.
        """
        row = self._database.bound(unbound)
        return [row.from_raw_data(raw) for raw in self._raws(row, keys)]

    def _raws(self, row: type[Row], keys: Sequence[Key]) -> list[Raw]:
        spelled = [row.spell_key(*key) if isinstance(key, tuple) else row.spell_key(key) for key in dict.fromkeys(keys)]
        found: list[Raw] = []
        for start in range(0, len(spelled), AT_ONCE):
            found += self._batch(row.Meta.table_name, spelled[start : start + AT_ONCE])
        names = list(spelled[0]) if spelled else []
        by_key = {_key(raw, names): raw for raw in found}
        return [by_key[key] for key in (_key(key, names) for key in spelled) if key in by_key]

    def _batch(self, table: str, keys: Sequence[Raw]) -> list[Raw]:
        """
        Read rows by their keys; what the engine left over is asked for again, later each time it gave nothing.
        """
        found: list[Raw] = []
        pace, tried = self._database.settings.pace, 0
        while keys:
            answer = self._database.ask("BatchGetItem", {"RequestItems": {table: {"Keys": list(keys), "ConsistentRead": True}}})
            given = answer["Responses"].get(table, [])
            found += given
            keys = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            if keys and not given:
                tried += 1
                if tried == pace.most_tries:
                    raise StoreBusyError("the store leaves rows out")
                pace.pause(tried)
        return found

    def items(self, kind: Kind[T], hash_key: str, **options: Any) -> list[T]:
        """
        Read a partition's items (options as of `rows`).
        """
        return [kind.from_row(row) for row in self.rows(kind, hash_key, **options)]

    def rows(
        self,
        kind: Kind[Any],
        hash_key: str,
        *,
        index: str | None = None,
        since: tuple[str, Any] | None = None,
        until: tuple[str, Any] | None = None,
        ascending: bool = True,
        consistent: bool = False,
        limit: int | None = None,
    ) -> list[Any]:
        """
        Read a partition's rows; `since` and `until` bound the range key, both inclusive: (attribute, value).
        """
        row = self._database.bound(kind.row)
        asked = self._query(row, hash_key, index=index, since=since, until=until)
        asked |= {"ScanIndexForward": ascending, "ConsistentRead": consistent}
        found: list[Raw] = []
        while limit is None or len(found) < limit:
            answer = self._database.ask("Query", asked if limit is None else {**asked, "Limit": limit - len(found)})
            found += answer["Items"]
            if not answer.get("LastEvaluatedKey"):
                break
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return [row.from_raw_data(raw) for raw in found]

    def _query(
        self, row: type[Row], hash_key: str, *, index: str | None, since: tuple[str, Any] | None, until: tuple[str, Any] | None
    ) -> dict[str, Any]:
        meta = self._database.connection.get_meta_table(row.Meta.table_name)
        names, values = {"#h": meta.get_index_hash_keyname(index) if index else meta.hash_keyname}, {":h": {"S": hash_key}}
        for name, bound in ((":s", since), (":u", until)):
            if bound is not None:
                attribute = row.get_attributes()[bound[0]]
                names["#r"], values[name] = attribute.attr_name, {attribute.attr_type: attribute.serialize(bound[1])}
        condition = f"#h = :h{BOUNDS[since is not None, until is not None]}"
        asked = {"TableName": row.Meta.table_name, "KeyConditionExpression": condition}
        more = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
        return {**asked, **more, **({"IndexName": index} if index else {})}

    def stream(self, kind: Kind[T], hash_key: str, *, index: str | None = None) -> Iterator[T]:
        """
        Go through a partition's items in order, never holding more than one page of them.
        """
        row = self._database.bound(kind.row)
        start: dict[str, Any] | None = None
        while True:
            found, start = self._database.repeat(lambda start=start: _page_of(row, hash_key, index, start))  # type: ignore[misc]
            yield from map(kind.from_row, found)
            if start is None:
                return

    def page(self, kind: Kind[Any], hash_key: str, *, index: str | None = None, limit: int, cursor: str | None) -> Page[Any]:
        """
        Read a page of a partition's rows, last first. A foreign or broken cursor raises `InvalidCursorError`.
        """
        row = self._database.bound(kind.row)
        meta = self._database.connection.get_meta_table(self._database.name(kind.table))
        hash_name = meta.get_index_hash_keyname(index) if index else meta.hash_keyname
        names = {str(name) for name in meta.get_key_names(index)}  # type: ignore[no-untyped-call]
        start = None if cursor is None else {hash_name: {"S": hash_key}, **_open_cursor(cursor, names=names - {hash_name})}

        def call() -> tuple[list[Any], dict[str, Any] | None]:
            found = row.query(hash_key, index_name=index, scan_index_forward=False, limit=limit, last_evaluated_key=start)
            return list(found), found.last_evaluated_key

        found, last = self._database.repeat(call)
        return Page(found, None if last is None else _close_cursor({name: last[name] for name in names - {hash_name}}))


def _key(raw: Raw, names: Sequence[str]) -> tuple[str, ...]:
    """
    Spell a row's key: the texts of its attributes.
    """
    return tuple(text for name in names for text in raw[name].values())


def _page_of(row: type[Row], hash_key: str, index: str | None, start: dict[str, Any] | None) -> tuple[list[Any], dict[str, Any] | None]:
    found = row.query(hash_key, index_name=index, last_evaluated_key=start, limit=STREAMED, page_size=STREAMED)
    return list(found), found.last_evaluated_key


def _close_cursor(key: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key, sort_keys=True).encode()).decode().rstrip("=")


def _open_cursor(cursor: str, *, names: set[str]) -> dict[str, Any]:
    # the partition is never taken from the cursor: it would open somebody else's list
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise InvalidCursorError(cursor) from error
    if not isinstance(key, dict) or set(key) != names:
        raise InvalidCursorError(cursor)
    for value in key.values():
        if not (
            isinstance(value, dict) and len(value) == 1 and set(value) <= {"S", "N"} and all(isinstance(v, str) for v in value.values())
        ):
            raise InvalidCursorError(cursor)
    return key
