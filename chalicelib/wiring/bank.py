"""
The use cases of bank transfers (§23) with their ports.
"""

from chalicelib.usecases.ask_invoice import AskInvoice
from chalicelib.wiring.outside import configuration, once, parts


@once
def ask_invoice() -> AskInvoice:
    """
    §23.
    """
    names = ("committer", "bookings", "invoices", "ledger", "requests", "clock", "keyed", "rules_on", "tariff_on")
    return AskInvoice(**parts(*names), payee=lambda: configuration().payee)
