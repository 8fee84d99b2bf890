import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")
V = TypeVar("V")

LANGUAGES: Final = ("kk", "ru", "en")
"""Languages in which every text exists; the first is the state language."""


class InvalidJurisdictionError(ValueError):
    """
    A jurisdiction's data is not what the loader expects: the message names file and field.
    """


@dataclass(frozen=True, slots=True)
class Texts:
    """
    One text in the three languages.
    """

    kk: str
    ru: str
    en: str

    def __getitem__(self, language: str) -> str:
        """
        Give the text in a language of `LANGUAGES`; another one raises `KeyError`.
        """
        if language not in LANGUAGES:
            raise KeyError(language)
        return cast("str", getattr(self, language))


def read_json(path: Path) -> dict[str, Any]:
    """
    Read a file that holds one JSON object.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidJurisdictionError(f"{path.name}: {error}") from error
    if not isinstance(document, dict):
        raise InvalidJurisdictionError(f"{path.name}: an object is expected")
    return document


def field(document: Mapping[str, Any], name: str, kind: type[T], where: str) -> T:
    """
    Take a required field of exactly this type (a bool is no int).
    """
    value = document.get(name)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise InvalidJurisdictionError(f"{where}.{name}: {kind.__name__} is expected")
    return value


def optional(document: Mapping[str, Any], name: str, kind: type[T], where: str) -> T | None:
    """
    Take a field that may be absent or null.
    """
    return None if document.get(name) is None else field(document, name, kind, where)


def rows(document: Mapping[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    """
    Take a list of objects.
    """
    found = field(document, name, list, where)
    if not all(isinstance(row, dict) for row in found):
        raise InvalidJurisdictionError(f"{where}.{name}: a list of objects is expected")
    return found


def words(document: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    """
    Take a list of strings.
    """
    found = field(document, name, list, where)
    if not all(isinstance(word, str) for word in found):
        raise InvalidJurisdictionError(f"{where}.{name}: a list of strings is expected")
    return tuple(found)


def day(document: Mapping[str, Any], name: str, where: str) -> date:
    """
    Take an ISO date.
    """
    return to_day(field(document, name, str, where), f"{where}.{name}")


def to_day(text: str, where: str) -> date:
    """
    Read an ISO date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidJurisdictionError(f"{where}: {error}") from error


def texts(document: Mapping[str, Any], name: str, where: str) -> Texts:
    """
    Take a text that is there, and not blank, in every language.
    """
    found = field(document, name, dict, where)
    if set(found) != set(LANGUAGES) or not all(isinstance(text, str) and text.strip() for text in found.values()):
        raise InvalidJurisdictionError(f"{where}.{name}: texts in {', '.join(LANGUAGES)} are expected")
    return Texts(**found)


def by_id(items: Mapping[str, V] | list[tuple[str, V]], where: str) -> Mapping[str, V]:
    """
    Freeze items into a mapping, refusing a repeated key.
    """
    pairs = list(items.items()) if isinstance(items, Mapping) else items
    if len({key for key, _ in pairs}) != len(pairs):
        raise InvalidJurisdictionError(f"{where}: a key is repeated")
    return MappingProxyType(dict(pairs))
