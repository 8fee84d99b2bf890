"""
Domain values as JSON, by their type hints: what lies inside one attribute of a row.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from chalicelib.store.errors import NaiveInstantError, StoreError

PLAIN = frozenset({str, int, bool, float, type(None)})


class Codec(NamedTuple):
    """
    How a value becomes JSON and comes back.
    """

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def spell_instant(value: datetime) -> str:
    """
    Spell an instant in UTC with microseconds, so that text order is time order.
    """
    if value.tzinfo is None:
        raise NaiveInstantError(value.isoformat())
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _same(value: Any) -> Any:
    return value


@cache
def codec_of(hint: Any) -> Codec:
    """
    Compile the codec of a type hint: plain values, enums, dates, instants, dataclasses, tuples, mappings and their optional forms.
    """
    origin = get_origin(hint)
    if hint in PLAIN:
        return Codec(_same, _same)
    if origin in {Union, types.UnionType}:
        return _of_union(hint)
    if origin is tuple:
        return _of_tuple(get_args(hint))
    if origin is not None and issubclass(origin, Mapping):
        encode, decode = codec_of(get_args(hint)[1])
        return Codec(lambda value: {k: encode(v) for k, v in value.items()}, lambda data: {k: decode(v) for k, v in data.items()})
    if not isinstance(hint, type):
        raise StoreError(f"no codec for {hint}")
    return _of_class(hint)


def _of_class(hint: type) -> Codec:
    if issubclass(hint, Enum):
        return Codec(lambda value: value.value, hint)
    if issubclass(hint, datetime):
        return Codec(spell_instant, datetime.fromisoformat)
    if issubclass(hint, date):
        return Codec(date.isoformat, date.fromisoformat)
    if is_dataclass(hint):
        return _of_dataclass(hint)
    raise StoreError(f"no codec for {hint}")


def _of_union(hint: Any) -> Codec:
    members = [member for member in get_args(hint) if member is not type(None)]
    if all(member in PLAIN for member in members):
        return Codec(_same, _same)
    if len(members) != 1:
        raise StoreError(f"no codec for {hint}")
    encode, decode = codec_of(members[0])
    return Codec(lambda value: None if value is None else encode(value), lambda data: None if data is None else decode(data))


def _of_tuple(members: tuple[Any, ...]) -> Codec:
    if len(members) == 2 and members[1] is Ellipsis:  # noqa: PLR2004  tuple[X, ...]
        encode, decode = codec_of(members[0])
        return Codec(lambda value: [encode(each) for each in value], lambda data: tuple(decode(each) for each in data))
    codecs = [codec_of(member) for member in members]
    return Codec(
        lambda value: [codec.encode(each) for codec, each in zip(codecs, value, strict=True)],
        lambda data: tuple(codec.decode(each) for codec, each in zip(codecs, data, strict=True)),
    )


def _of_dataclass(class_: type) -> Codec:
    hints = get_type_hints(class_)
    parts = [
        (field.name, codec_of(hints[field.name]), field.default is MISSING and field.default_factory is MISSING)
        for field in fields(class_)
        if field.init
    ]

    def encode(value: Any) -> dict[str, Any]:
        return {name: codec.encode(getattr(value, name)) for name, codec, _ in parts}

    def decode(data: Mapping[str, Any]) -> Any:
        # a field younger than the row takes its default
        return class_(**{name: codec.decode(data[name]) for name, codec, needed in parts if needed or name in data})

    return Codec(encode, decode)
