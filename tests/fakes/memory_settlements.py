"""
The store's stand-in for exports, who took them, and for reading everything.
"""
# ruff: noqa: D102  - each method is its port's

from chalicelib.domain.money import Posting
from chalicelib.domain.remittance import Download, Export
from tests.fakes.memory_reads import MemoryReads, page_of


class MemoryRemittances(MemoryReads):
    """
    The port `Remittances`.
    """

    def export(self, day):
        return self._shelves.get(Export, day)

    def downloads(self, day, *, limit, cursor):
        found = [each for each in self._shelves.all(Download) if each.day == day]
        return page_of(sorted(found, key=lambda each: each.id, reverse=True), limit=limit, cursor=cursor)


class MemoryScans(MemoryReads):
    """
    The port `Scans`.
    """

    def scan(self, type_):
        return iter(self._shelves.all(type_))

    def postings_of(self, wallet):
        return (posting for posting in self._shelves.all(Posting) if posting.wallet == wallet)
