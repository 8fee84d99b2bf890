"""
What binds a vehicle or an account: locks toward a country (§21), misses (§28), running holds.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.records import HoldCount
from chalicelib.domain.vehicles import MissRecord, VehicleLock
from chalicelib.store.attributes import DayAttribute, InstantAttribute, ValueAttribute
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row


class LockRow(Row):
    """
    One lock of a plate or VIN toward a country.
    """

    key = UnicodeAttribute(hash_key=True)
    booking = UnicodeAttribute(null=True)
    checkpoint = UnicodeAttribute()
    until = InstantAttribute(null=True)


class MissRow(Row):
    """
    The misses of one vehicle key.
    """

    key = UnicodeAttribute(hash_key=True)
    misses = ValueAttribute(Mapping[str, date])


class HoldRow(Row):
    """
    The running hold of an account or vehicle, and the lapsed ones of its day.
    """

    key = UnicodeAttribute(hash_key=True)
    day = DayAttribute()
    lapsed = NumberAttribute()
    booking = UnicodeAttribute(null=True)
    until = InstantAttribute(null=True)
    paying = BooleanAttribute()


LOCK = Kind(VehicleLock, LockRow, "locks")
MISS = Kind(MissRecord, MissRow, "misses")
HOLD = Kind(HoldCount, HoldRow, "holds")


class StoredLocks:
    """
    The port `Locks`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def locks(self, keys: Sequence[str]) -> Mapping[str, VehicleLock]:
        """
        Read vehicle locks by key, consistently.
        """
        return {lock.key: lock for lock in self._reader.get_many(LOCK, keys)}

    def misses(self, keys: Sequence[str]) -> Mapping[str, MissRecord]:
        """
        Read miss records by key, consistently.
        """
        return {record.key: record for record in self._reader.get_many(MISS, keys)}

    def holds(self, keys: Sequence[str]) -> Mapping[str, HoldCount]:
        """
        Read hold counts by key, consistently.
        """
        return {count.key: count for count in self._reader.get_many(HOLD, keys)}
