"""
The use cases of bank transfers (§23) with their ports.
"""

from chalicelib import observability
from chalicelib.usecases.ask_invoice import AskInvoice
from chalicelib.usecases.decide_line import DecideLine
from chalicelib.usecases.post_statement import PostStatement
from chalicelib.usecases.receive_statement import ReceiveStatement
from chalicelib.usecases.reconcile_bank import ReconcileBank
from chalicelib.usecases.watch_bank import BankWatched, WatchBank
from chalicelib.wiring.outside import configuration, law, once, parts
from chalicelib.wiring.settlements import settle_days


@once
def ask_invoice() -> AskInvoice:
    """
    §23.
    """
    names = ("committer", "bookings", "invoices", "ledger", "requests", "clock", "keyed", "rules_on", "tariff_on")
    return AskInvoice(**parts(*names), payee=lambda: configuration().payee)


@once
def receive_statement() -> ReceiveStatement:
    """
    §23.
    """
    names = ("committer", "bank_books", "requests", "people", "keyed", "clock", "rules_on")
    return ReceiveStatement(**parts(*names), payee=lambda: configuration().payee)


@once
def post_statement() -> PostStatement:
    """
    §23.
    """
    return PostStatement(**parts("committer", "bank_books", "invoices", "ledger", "accounts", "clock", "rules_on"))


@once
def decide_line() -> DecideLine:
    """
    §23.
    """
    return DecideLine(**parts("committer", "bank_books", "invoices", "ledger", "accounts", "requests", "clock", "rules_on"))


@once
def reconcile_bank() -> ReconcileBank:
    """
    D30.
    """
    return ReconcileBank(**parts("bank_books", "ledger", "clock", "rules_on"), balance=lambda day: settle_days().balance(day=day))


@once
def _watching() -> WatchBank:
    return WatchBank(
        **parts("committer", "ledger", "differences", "rules_on"),
        calendar=lambda: law().calendar.working,
        reconcile=lambda: reconcile_bank()(),  # noqa: PLW0108 - built at the first look
    )


def watch_bank() -> BankWatched:
    """
    Compare the bank's statements with the ledger, and alarm while something has differed for longer than is usual.
    """
    watched = _watching()()
    observability.metric("OverdueBankDifferences", watched.standing)
    if watched.standing:
        observability.warn("bank differences", step="reconcile_bank", count=watched.standing)
    return watched
