"""
The bank's ports of the store's stand-in.
"""
# ruff: noqa: D102  - each method is its port's

from chalicelib.domain.bank_lines import BankLine, Statement, StatementPart
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


class MemoryBankBooks(MemoryReads):
    """
    The port `BankBooks`.
    """

    def statement(self, statement):
        return self._shelves.get(Statement, statement)

    def statements(self, *, limit, cursor):
        found = sorted(self._shelves.all(Statement), key=lambda each: each.uploaded_at, reverse=True)
        return page_of(found, limit=limit, cursor=cursor)

    def part(self, statement, number):
        return self._shelves.get(StatementPart, (statement, number))

    def parts(self, statement):
        found = [part for part in self._shelves.all(StatementPart) if part.statement == statement]
        return sorted(found, key=lambda part: part.number)

    def like(self, group):
        return sorted((line for line in self._shelves.all(BankLine) if line.group == group), key=lambda line: line.number)

    def line(self, group, number):
        return self._shelves.get(BankLine, (group, number))

    def lines(self, keys):
        return list(self._by_key(BankLine, list(dict.fromkeys(keys))).values())

    def waiting(self, state, *, limit, cursor):
        found = [line for line in self._shelves.all(BankLine) if line.state is state]
        return page_of(sorted(found, key=lambda line: line.received_at, reverse=True), limit=limit, cursor=cursor)
