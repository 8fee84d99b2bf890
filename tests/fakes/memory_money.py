"""
Refunds of the store's stand-in.
"""
# ruff: noqa: D102  - each method is its port's

from chalicelib.domain.refunds import Refund
from tests.fakes.memory_reads import MemoryReads


class MemoryRefunds(MemoryReads):
    """
    The port `Refunds`.
    """

    def refund(self, refund):
        return self._shelves.get(Refund, refund)

    def refunds(self, refunds):
        found = (self.refund(refund) for refund in refunds)
        return [refund for refund in found if refund is not None]

    def due(self, *, until, limit):
        found = [refund for refund in self._shelves.all(Refund) if refund.ask_at is not None and refund.ask_at <= until]
        return sorted(found, key=lambda refund: refund.ask_at)[:limit]
