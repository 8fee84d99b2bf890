"""
Lists of vehicles (§6), their rows in parts, and the entries of approved ones: a booking finds its entry by vehicle and day, never by a scan.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.vehicle_lists import ListedRow, ListEntry, ListPart, ListStatus, RowFault, VehicleList
from chalicelib.store.attributes import ChoiceAttribute, DayAttribute, InstantAttribute, ValueAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row
from chalicelib.usecases.ports import Page

MOST_KEYS = 100
"""Keys of one batch of reads."""


class VehicleListRow(Row):
    """
    One list.
    """

    id = UnicodeAttribute(hash_key=True)
    status = ChoiceAttribute(ListStatus)
    checkpoint = UnicodeAttribute()
    class_ = ChoiceAttribute(PlaceClass, attr_name="class")
    sender = UnicodeAttribute()
    sender_number = UnicodeAttribute(null=True)
    received_on = DayAttribute()
    uploaded_at = InstantAttribute()
    uploaded_by = UnicodeAttribute()
    rows = NumberAttribute()
    faults = NumberAttribute()
    parts = NumberAttribute()
    sha256 = UnicodeAttribute()
    decided_at = InstantAttribute(null=True)
    decided_by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)

    checkpoint_status = UnicodeAttribute()

    by_checkpoint = index(
        "by_checkpoint", {"checkpoint": UnicodeAttribute(hash_key=True), "uploaded_at": InstantAttribute(range_key=True)}, keys_only=True
    )
    by_status = index(
        "by_status", {"checkpoint_status": UnicodeAttribute(hash_key=True), "uploaded_at": InstantAttribute(range_key=True)}, keys_only=True
    )


class ListPartRow(Row):
    """
    Some rows of a list.
    """

    list = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True)
    rows = ValueAttribute(tuple[ListedRow, ...])
    faults = ValueAttribute(tuple[RowFault, ...])


class ListEntryRow(Row):
    """
    One vehicle named for a day.
    """

    vehicle = UnicodeAttribute(hash_key=True)
    day = DayAttribute(range_key=True)
    list = UnicodeAttribute()
    row = NumberAttribute()
    vin = UnicodeAttribute(null=True)
    booking = UnicodeAttribute(null=True)


def _of_list(list_: VehicleList) -> Mapping[str, object]:
    return {"checkpoint_status": f"{list_.checkpoint}#{list_.status.value}"}


LIST = Kind(VehicleList, VehicleListRow, "vehicle_lists", _of_list)
LIST_PART = Kind(ListPart, ListPartRow, "list_parts")
LIST_ENTRY = Kind(ListEntry, ListEntryRow, "list_entries")


class StoredVehicleLists:
    """
    The port `VehicleLists`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def get(self, list_: str) -> VehicleList | None:
        """
        Read one list, consistently.
        """
        return self._reader.get(LIST, list_)

    def parts(self, list_: str) -> Sequence[ListPart]:
        """
        Read a list's parts in order, consistently.
        """
        return self._reader.items(LIST_PART, list_, consistent=True)

    def part(self, list_: str, number: int) -> ListPart | None:
        """
        Read one part, consistently.
        """
        return self._reader.get(LIST_PART, list_, number)

    def of_checkpoint(self, checkpoint: str, *, status: ListStatus | None, limit: int, cursor: str | None) -> Page[VehicleList]:
        """
        List a checkpoint's lists, latest first; for display.
        """
        key, name = (checkpoint, "by_checkpoint") if status is None else (f"{checkpoint}#{status.value}", "by_status")
        page = self._reader.page(LIST, key, index=name, limit=limit, cursor=cursor)
        found = self._reader.get_many(LIST, [row.id for row in page.items])
        return Page([each for each in found if status in (None, each.status)], page.next_cursor)

    def entry(self, vehicle: str, day: date) -> ListEntry | None:
        """
        Read a vehicle's entry of a day, consistently.
        """
        return self._reader.get(LIST_ENTRY, vehicle, day)

    def entries(self, keys: Sequence[tuple[str, date]]) -> Sequence[ListEntry]:
        """
        Read entries by vehicle and day, consistently; those that are not there are left out.
        """
        some = [keys[start : start + MOST_KEYS] for start in range(0, len(keys), MOST_KEYS)]
        return [entry for part in some for entry in self._reader.get_many(LIST_ENTRY, part)]

    def days(self, vehicle: str, *, since: date) -> Sequence[ListEntry]:
        """
        List a vehicle's entries from a day on, consistently.
        """
        return self._reader.items(LIST_ENTRY, vehicle, since=("day", since), until=("day", date.max), consistent=True)
