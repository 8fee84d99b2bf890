"""
A row is an aggregate as one table keeps it: the same fields, keys and index attributes derived from them, version and commit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import timedelta
from typing import Any, ClassVar, Generic, Self, TypeVar
from zlib import crc32

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
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
        row.attribute_values = {name: read(data[key][type_]) for name, key, type_, read in cls._spellings() if key in data}
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
        for name, each in type(self).get_attributes().items():
            value = self.attribute_values.get(name)
            if value is not None:
                found[each.attr_name] = {each.attr_type: each.serialize(value)}
            elif not each.null:
                raise AttributeNullError(name)
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
    def _spellings(cls) -> tuple[tuple[str, str, str, Callable[[Any], Any]], ...]:
        """
        Give each attribute's name, its name and type in the table, and what reads it; worked out once a class.
        """
        found: tuple[tuple[str, str, str, Callable[[Any], Any]], ...] | None = cls.__dict__.get("_spelled")
        if found is None:
            found = tuple((name, each.attr_name, each.attr_type, each.deserialize) for name, each in cls.get_attributes().items())
            cls._spelled = found
        return found


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
