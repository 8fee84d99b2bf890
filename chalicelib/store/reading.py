"""
How rows are read: by key consistently, by index eventually, page by page; every call repeated while the engine is busy.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar, cast

from chalicelib.store.database import Database
from chalicelib.store.errors import InvalidCursorError
from chalicelib.store.rows import Kind, Row
from chalicelib.usecases.ports import Page

T = TypeVar("T")
Key = str | tuple[str, Any]
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

        def call() -> T | None:
            try:
                return kind.from_row(row.get(hash_key, range_key, consistent_read=True))
            except row.DoesNotExist:
                return None

        return self._database.repeat(call)

    def row(self, unbound: type[Row], hash_key: str) -> Any | None:
        """
        Read a row that is no item (a lookup) by its key, consistently.
        """
        row = self._database.bound(unbound)

        def call() -> Any | None:
            try:
                return row.get(hash_key, consistent_read=True)
            except row.DoesNotExist:
                return None

        return self._database.repeat(call)

    def get_many(self, kind: Kind[T], keys: Sequence[Key]) -> list[T]:
        """
        Read many items by their keys, consistently, in the order asked for; unknown ones are left out.
        """
        row = self._database.bound(kind.row)
        found = self.many_rows(kind, keys)
        hash_name, range_name = row._hash_keyname, row._range_keyname  # noqa: SLF001  PynamoDB has no public word for them
        by_key: dict[Key, T] = {}
        for each in found:
            hash_value = getattr(each, cast("str", hash_name))
            by_key[(hash_value, getattr(each, range_name)) if range_name else hash_value] = kind.from_row(each)
        return [by_key[key] for key in dict.fromkeys(keys) if key in by_key]

    def many_rows(self, kind: Kind[Any], keys: Sequence[Key]) -> list[Any]:
        """
        Read many rows by their keys with what is derived from them, consistently, in any order.
        """
        if not keys:
            return []
        row = self._database.bound(kind.row)
        return self._database.repeat(lambda: list(row.batch_get(keys, consistent_read=True)))

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
        bounds = None
        if since is not None and until is not None:
            bounds = getattr(row, since[0]).between(since[1], until[1])
        elif until is not None:
            bounds = getattr(row, until[0]) <= until[1]

        def call() -> list[Any]:
            return list(
                row.query(
                    hash_key,
                    bounds,
                    index_name=index,
                    consistent_read=consistent,
                    scan_index_forward=ascending,
                    limit=limit,
                )
            )

        return self._database.repeat(call)

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
