"""
A row is an aggregate as one table keeps it: the same fields, keys and index attributes derived from them, version and commit.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import timedelta
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar
from zlib import crc32

from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import AttributeNullError
from pynamodb.models import Model

from chalicelib.store.errors import IncompleteRowError

T = TypeVar("T")
SHARDS = 8


class Row(Model):
    """
    What every row has: the version that conditions compare, and the commit that wrote it.

    `commit` tells a retry whether the conflict it meets is with our own rows, written by a try whose answer was lost.
    """

    version = NumberAttribute()
    commit = UnicodeAttribute()
    _spelled: ClassVar[Any] = None

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        """
        Read a row as the engine gave it. PynamoDB's own way, which also knows defaults and subclasses, takes three times as long.
        """
        row = cls.__new__(cls)
        row.attribute_values = {
            each.name: data[each.key][each.type] if each.read is None else each.read(data[each.key][each.type])
            for each in cls.spellings()
            if each.key in data
        }
        return row

    @classmethod
    def made_of(cls, values: Mapping[str, Any]) -> Self:
        """
        Make a row of attributes' values. PynamoDB's own way, which also knows defaults, takes three times as long.
        """
        row = cls.__new__(cls)
        row.attribute_values = {name: value for name, value in values.items() if value is not None}
        return row

    def as_raw(self) -> dict[str, Any]:
        """
        Spell the row as the engine wants it, without what is none; `AttributeNullError` where that must not be.
        """
        found = {}
        values = self.attribute_values
        for each in self.spellings():
            value = values.get(each.name)
            if value is not None:
                found[each.key] = {each.type: value if each.spell is None else each.spell(value)}
            elif not each.null:
                raise AttributeNullError(each.name)
        return found

    @classmethod
    def spell_key(cls, hash_key: Any, range_key: Any = None) -> dict[str, Any]:
        """
        Spell a row's key as the engine wants it.
        """
        attributes = cls.get_attributes()
        pairs = ((cls._hash_keyname, hash_key), (cls._range_keyname, range_key))
        named = [(attributes[name], value) for name, value in pairs if name is not None]
        return {attribute.attr_name: {attribute.attr_type: attribute.serialize(value)} for attribute, value in named}

    def own_key(self) -> dict[str, Any]:
        """
        Spell the row's own key.
        """
        values = self.attribute_values
        return self.spell_key(values[str(self._hash_keyname)], values[self._range_keyname] if self._range_keyname else None)

    @classmethod
    def spellings(cls) -> "tuple[Spelling, ...]":
        """
        Give how each attribute is spelled; worked out once a class.
        """
        found: tuple[Spelling, ...] | None = cls.__dict__.get("_spelled")
        if found is None:
            found = tuple(_spelling(name, each) for name, each in cls.get_attributes().items())
            cls._spelled = found
        return found


class Spelling(NamedTuple):
    """
    An attribute's name in the row and in the table, its type there, what reads and spells it (none: it is the same), and whether it may be none.
    """

    name: str
    key: str
    type: str
    read: Callable[[Any], Any] | None
    spell: Callable[[Any], Any] | None
    null: bool


def _spelling(name: str, attribute: Attribute[Any]) -> Spelling:
    read: Callable[[Any], Any] | None = attribute.deserialize
    spell: Callable[[Any], Any] | None = attribute.serialize
    if type(attribute) is UnicodeAttribute:
        read = spell = None
    elif type(attribute) is NumberAttribute:
        read, spell = _number, _figures
    return Spelling(name, attribute.attr_name, attribute.attr_type, read, spell, attribute.null)


def _number(text: str) -> float:
    number: float = int(text) if text.isdigit() else json.loads(text)
    return number


def _figures(number: float) -> str:
    return str(number) if type(number) is int else json.dumps(number)


def nothing(_: object) -> Mapping[str, object]:
    """
    Derive no further attributes.
    """
    return {}


def no_companions(_: object) -> Sequence[tuple[type[Row], Mapping[str, object]]]:
    """
    Write no further rows.
    """
    return ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """
    How one domain type lies in its table: `table` without prefix, keys and index attributes derived from the value.

    `companions`: rows written with the first version only (unique lookups). `renewable_after`: a row that old counts as absent (needs `at`).
    `patched`: large rows that are read and changed a little at a time, written as what differs (`patches.py`).
    """

    item: type[T]
    row: type[Row]
    table: str
    derive: Callable[[Any], Mapping[str, object]] = nothing
    companions: Callable[[Any], Sequence[tuple[type[Row], Mapping[str, object]]]] = no_companions
    renewable_after: timedelta | None = None
    patched: bool = False
    names: tuple[tuple[str, str], ...] = field(init=False)
    needed: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        parts = [each for each in fields(self.item) if each.init]  # type: ignore[arg-type]
        names = [each.name for each in parts]
        has = self.row.get_attributes()
        # `count` is a method of every PynamoDB model, so that field's attribute is `count_`
        pairs = tuple((name, name if name in has else f"{name}_") for name in names)
        missing = {name for name, attribute in pairs if attribute not in has}
        if missing:
            raise IncompleteRowError(f"{self.row.__name__} has no attribute for {sorted(missing)} of {self.item.__name__}")
        object.__setattr__(self, "names", pairs)
        needed = frozenset(each.name for each in parts if each.default is MISSING and each.default_factory is MISSING)
        object.__setattr__(self, "needed", needed)

    def to_row(self, bound: type[Row], item: T, *, commit: str) -> Row:
        """
        Spell an item as a row of a bound row class.
        """
        values = {attribute: getattr(item, name) for name, attribute in self.names}
        return bound.made_of({"version": 1, **values, **self.derive(item), "commit": commit})

    def from_row(self, row: Row) -> T:
        """
        Read an item from a row.
        """
        values = row.attribute_values
        # an absent attribute is none, or the domain's default where it is younger than the row
        return self.item(**{name: values.get(attribute) for name, attribute in self.names if attribute in values or name in self.needed})


def shard_of(id_: str) -> int:
    """
    Spread ids over the shards of a sparse index: 0–7.
    """
    return crc32(id_.encode()) % SHARDS
