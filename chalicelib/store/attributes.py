"""
PynamoDB attributes that hold domain values, so that a row carries the same words as its aggregate.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, get_type_hints

from pynamodb.attributes import Attribute
from pynamodb.constants import STRING

from chalicelib.domain.plans import Position
from chalicelib.store.values import codec_of, spell_instant

E = TypeVar("E", bound=StrEnum)


class InstantAttribute(Attribute[datetime]):
    """
    An instant: UTC, ISO 8601 with microseconds, sortable.
    """

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        """
        Spell it; an instant without an offset raises `NaiveInstantError`.
        """
        return spell_instant(value)

    def deserialize(self, value: str) -> datetime:
        """
        Read it, in UTC.
        """
        return datetime.fromisoformat(value)


class DayAttribute(Attribute[date]):
    """
    A local day, ISO 8601.
    """

    attr_type = STRING

    def serialize(self, value: date) -> str:
        """
        Spell it.
        """
        return value.isoformat()

    def deserialize(self, value: str) -> date:
        """
        Read it.
        """
        return date.fromisoformat(value)


class ChoiceAttribute(Attribute[E], Generic[E]):
    """
    One value of an enumeration.
    """

    attr_type = STRING

    def __init__(self, choices: type[E], **options: Any) -> None:
        super().__init__(**options)
        self._choices = choices

    def serialize(self, value: E) -> str:
        """
        Spell it.
        """
        return value.value

    def deserialize(self, value: str) -> E:
        """
        Read it; an unknown one raises `ValueError`.
        """
        return self._choices(value)


class PositionAttribute(Attribute[Position]):
    """
    A place's position, spelled so that text order is queue order (`14-007`).
    """

    attr_type = STRING

    def serialize(self, value: Position) -> str:
        """
        Spell it.
        """
        return value.key

    def deserialize(self, value: str) -> Position:
        """
        Read it.
        """
        return Position.parse(value)


class ChangeAttribute(Attribute[Mapping[str, object]]):
    """
    Some fields of a domain type by name (`{"status": …, "called_at": …}`) as one JSON text.
    """

    attr_type = STRING

    def __init__(self, class_: type, **options: Any) -> None:
        super().__init__(**options)
        self._codecs = {name: codec_of(hint) for name, hint in get_type_hints(class_).items() if name != "changed"}

    def serialize(self, value: Mapping[str, object]) -> str:
        """
        Spell it.
        """
        return json.dumps(
            {name: self._codecs[name].encode(field) for name, field in value.items()}, ensure_ascii=False, separators=(",", ":")
        )

    def deserialize(self, value: str) -> Mapping[str, object]:
        """
        Read it.
        """
        return {name: self._codecs[name].decode(field) for name, field in json.loads(value).items()}


class ValueAttribute(Attribute[Any]):
    """
    A nested value of the domain (`Vehicle`, `tuple[Party, ...]`, …) as one JSON text.
    """

    attr_type = STRING

    def __init__(self, hint: Any, **options: Any) -> None:
        super().__init__(**options)
        self._codec = codec_of(hint)

    def serialize(self, value: Any) -> str:
        """
        Spell it.
        """
        return json.dumps(self._codec.encode(value), ensure_ascii=False, separators=(",", ":"))

    def deserialize(self, value: str) -> Any:
        """
        Read it.
        """
        return self._codec.decode(json.loads(value))
