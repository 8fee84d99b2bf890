"""
A row that was read and changed is sent as what differs: the engine and we spell a few attributes of fifty.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pynamodb.exceptions import AttributeNullError

from chalicelib.store.rows import Row

MOST: Final = 1000
"""Rows remembered: more than a step reads before it writes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """
    A row as it was read: as the engine spelled it, and what each attribute was read as.
    """

    raw: Mapping[str, Any]
    values: Mapping[str, Any]


class SeenRows:
    """
    Rows as last read, each until it is written. Bounded, the oldest forgotten first; safe for many threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, ...], Seen] = {}

    def remember(self, row: Row, raw: Mapping[str, Any]) -> None:
        """
        Keep a row that was read consistently.
        """
        key, seen = _key(row), Seen(raw, row.attribute_values)
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = seen
            while len(self._kept) > MOST:
                del self._kept[next(iter(self._kept))]

    def take(self, row: Row, *, version: int) -> Seen | None:
        """
        Give what was read of a row that is now written, where it was of that version.
        """
        with self._lock:
            seen = self._kept.pop(_key(row), None)
        return seen if seen is not None and seen.values.get("version") == version and seen.values.get("commit") else None


def patch(row: Row, seen: Seen) -> dict[str, Any]:
    """
    Spell a row's change as the engine wants it: whatever differs from what was read, if it is still that very row (its version and commit).
    `AttributeNullError` where something is none that must not be.
    """
    put, taken = _differing(row, seen)
    names = {f"#{number}": name for number, name in enumerate([*put, *taken])}
    values = {f":{number}": value for number, value in enumerate(put.values())}
    said = f"SET {', '.join(f'#{number} = :{number}' for number in range(len(put)))}"
    gone = f" REMOVE {', '.join(f'#{number}' for number in range(len(put), len(names)))}" if taken else ""
    return {
        "TableName": row.Meta.table_name,
        "Key": row.own_key(),
        "UpdateExpression": f"{said}{gone}",
        "ConditionExpression": "#v = :v AND #c = :c",
        "ExpressionAttributeNames": {**names, "#v": "version", "#c": "commit"},
        "ExpressionAttributeValues": {**values, ":v": seen.raw["version"], ":c": seen.raw["commit"]},
    }


def _differing(row: Row, seen: Seen) -> tuple[dict[str, Any], list[str]]:
    """
    Name what is to be put, spelled, and what is to be taken away. What is the very same value as was read is spelled as it was: values are
    never changed in place.
    """
    put: dict[str, Any] = {}
    taken: list[str] = []
    values, before, raw = row.attribute_values, seen.values, seen.raw
    for each in row.spellings():
        value = values.get(each.name)
        if value is None:
            if not each.null:
                raise AttributeNullError(each.name)
            taken += [each.key] if each.key in raw else []
        elif value is not before.get(each.name):
            spelled = {each.type: value if each.spell is None else each.spell(value)}
            if spelled != raw.get(each.key):
                put[each.key] = spelled
    return put, taken


def _key(row: Row) -> tuple[str, ...]:
    spelled = row.own_key()
    return row.Meta.table_name, *(text for each in spelled.values() for text in each.values())
