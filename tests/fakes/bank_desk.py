"""
The bank's use cases of the office.
"""
# ruff: noqa: D102  - each property is the use case of its name

from functools import cached_property

from chalicelib.usecases.ask_invoice import AskInvoice
from tests.fakes.bank import payee


class Bank:
    """
    Use cases by name, built at first use.
    """

    @cached_property
    def ask_invoice(self):
        names = ("committer", "bookings", "invoices", "ledger", "requests", "clock", "keyed", "rules_on", "tariff_on")
        return AskInvoice(**self._parts(*names), payee=payee)
