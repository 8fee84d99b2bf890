"""
How a message becomes JSON and comes back: dataclasses of scalars, lists and each other, unknown keys ignored, missing ones refused.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

T = TypeVar("T")


class UnableToParseError(ValueError):
    """
    A message is not what its contract says.
    """


def to_json(message: Any) -> str:
    """
    Write a message dataclass as compact JSON, keys sorted: the same message always gives the same bytes.
    """
    return json.dumps(to_document(message), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def to_document(value: Any) -> Any:
    """
    Turn dataclasses, enums and times into what JSON knows; absent optional fields are left out.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: to_document(item) for name, item in pairs if item is not None}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [to_document(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_document(item) for key, item in value.items()}
    return value


def from_json(kind: type[T], text: str | bytes) -> T:
    """
    Read a message of the given dataclass; anything else raises `UnableToParseError`.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise UnableToParseError(f"{kind.__name__}: not JSON") from error
    return from_document(kind, document)


def from_document(kind: type[T], document: Any) -> T:
    """
    Build a message dataclass from a parsed JSON object.
    """
    if not isinstance(document, dict):
        raise UnableToParseError(f"{kind.__name__}: an object is expected")
    hints = typing.get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        if field.name in document:
            values[field.name] = _value(hints[field.name], document[field.name], f"{kind.__name__}.{field.name}")
        elif type(None) in typing.get_args(hints[field.name]) and field.default is dataclasses.MISSING:
            values[field.name] = None  # `to_document` leaves absent optional fields out
    try:
        return kind(**values)
    except TypeError as error:
        raise UnableToParseError(f"{kind.__name__}: {error}") from error


def _value(hint: Any, value: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if value is None and type(None) in arguments:
            return None
        return _value(next(item for item in arguments if item is not type(None)), value, where)
    if origin in (tuple, list):
        if not isinstance(value, list):
            raise UnableToParseError(f"{where}: a list is expected")
        items = [_value(arguments[0], item, where) for item in value]
        return tuple(items) if origin is tuple else items
    return _scalar(hint, value, where)


def _scalar(hint: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(hint):
        return from_document(typing.cast("type", hint), value)
    try:
        if hint is datetime:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise ValueError("no offset")
            return moment
        if isinstance(hint, type) and issubclass(hint, Enum):
            return hint(value)
    except (ValueError, TypeError) as error:
        raise UnableToParseError(f"{where}: {error}") from error
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(hint, type) and (not isinstance(value, hint) or (hint is int and isinstance(value, bool))):
        raise UnableToParseError(f"{where}: {hint.__name__} is expected")
    return value
