"""
Both books of the bank account side by side, for finance: nothing is corrected, everything that differs is listed with cause and age (D30).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from chalicelib.domain.bank_lines import BankLine, LineState, Statement
from chalicelib.domain.bank_reconciliation import BankReconciliation, Outside, joined, reconcile
from chalicelib.domain.money import SYSTEM_WALLET, LedgerAccount, Posting
from chalicelib.domain.rules import Rules
from chalicelib.domain.settlements import Balance, Settlement
from chalicelib.domain.statements import signed
from chalicelib.usecases.ports import BankBooks, Clock, Ledger, Page

T = TypeVar("T")

PAGE: Final = 100
MOST_PAGES: Final = 20
"""Pages of a list at most: five years of daily statements."""
WINDOW: Final = timedelta(days=60)
"""How far back payouts and orders are looked for on our side."""


@dataclass(frozen=True, slots=True)
class ReconcileBank:
    """
    `GET /v1/finance/bank-reconciliation`. `balance` gives the ledger's balance of a day as it is known by now.
    """

    bank_books: BankBooks
    ledger: Ledger
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    balance: Callable[[date], Balance]

    def __call__(self) -> BankReconciliation:
        """
        Compare the books as of now.
        """
        now = self.clock.now()
        today = self.rules_on(now).today(now)
        statements = _every(lambda cursor: self.bank_books.statements(limit=PAGE, cursor=cursor))
        outside = Outside(
            waiting=[line for state in (LineState.UNMATCHED, LineState.RETURNED) for line in self._waiting(state)],
            unposted=[found for each in statements if now - each.uploaded_at < WINDOW for found in self._unposted(each)],
            postings=self._postings(now - WINDOW),
            settlements=self._settlements(today - WINDOW),
        )
        ours = -self.balance(today).totals.get(LedgerAccount.BANK, 0)
        return reconcile(joined(statements), ledger=ours, outside=outside, as_of=now, today=today)

    def _waiting(self, state: LineState) -> Sequence[BankLine]:
        return _every(lambda cursor: self.bank_books.waiting(state, limit=PAGE, cursor=cursor))

    def _unposted(self, statement: Statement) -> Iterator[tuple[Statement, int]]:
        last = self.bank_books.part(statement.id, statement.parts - 1) if statement.parts else None
        if last is not None and not last.posted:
            rows = [row for part in self.bank_books.parts(statement.id) if not part.posted for row in part.rows]
            yield statement, sum(signed(row.direction, row.amount) for row in rows)

    def _postings(self, since: datetime) -> Sequence[Posting]:
        read = _every(lambda cursor: self.ledger.postings(SYSTEM_WALLET, limit=PAGE, cursor=cursor), until=lambda last: last.at < since)
        return [posting for posting in read if posting.at >= since]

    def _settlements(self, since: date) -> Sequence[Settlement]:
        return [each for each in self.ledger.settlements(limit=WINDOW.days, cursor=None).items if each.day >= since]


def _every(read: Callable[[str | None], Page[T]], *, until: Callable[[T], bool] = lambda _: False) -> Sequence[T]:
    """
    Read a list page by page, as far as it goes, the most pages, or a row with which it is enough.
    """
    page = read(None)
    found = list(page.items)
    for _ in range(MOST_PAGES):
        if page.next_cursor is None or (found and until(found[-1])):
            break
        page = read(page.next_cursor)
        found.extend(page.items)
    return found
