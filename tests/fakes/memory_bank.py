"""
The bank's ports of the store's stand-in.
"""
# ruff: noqa: D102  - each method is its port's

from chalicelib.domain.invoices import Invoice
from tests.fakes.memory_reads import MemoryReads, page_of


class MemoryInvoices(MemoryReads):
    """
    The port `Invoices`.
    """

    def invoice(self, reference):
        return self._shelves.get(Invoice, reference)

    def of_account(self, account, *, limit, cursor):
        mine = [each for each in self._shelves.all(Invoice) if each.account == account]
        return page_of(sorted(mine, key=lambda each: each.created_at, reverse=True), limit=limit, cursor=cursor)
