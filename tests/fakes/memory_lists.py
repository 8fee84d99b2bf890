"""
The vehicle lists of the store's stand-in.
"""
# ruff: noqa: D102  - each method is its port's

from chalicelib.domain.vehicle_lists import ListEntry, ListPart, VehicleList
from tests.fakes.memory_reads import MemoryReads, page_of


class MemoryVehicleLists(MemoryReads):
    """
    The port `VehicleLists`.
    """

    def get(self, list_):
        return self._shelves.get(VehicleList, list_)

    def parts(self, list_):
        found = [part for part in self._shelves.all(ListPart) if part.list == list_]
        return sorted(found, key=lambda part: part.number)

    def part(self, list_, number):
        return self._shelves.get(ListPart, (list_, number))

    def of_checkpoint(self, checkpoint, *, status, limit, cursor):
        found = [each for each in self._shelves.all(VehicleList) if each.checkpoint == checkpoint and status in (None, each.status)]
        return page_of(sorted(found, key=lambda each: each.uploaded_at, reverse=True), limit=limit, cursor=cursor)

    def entry(self, vehicle, day):
        return self._shelves.get(ListEntry, (vehicle, day))

    def entries(self, keys):
        return list(self._by_key(ListEntry, keys).values())

    def days(self, vehicle, *, since):
        found = [entry for entry in self._shelves.all(ListEntry) if entry.vehicle == vehicle and entry.day >= since]
        return sorted(found, key=lambda entry: entry.day)
