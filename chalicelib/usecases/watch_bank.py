"""
Every morning: what lies between the bank's books and ours for longer than is usual is kept beside the provider's differences (D30).

Nothing is corrected; a difference stands until the books show it no more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.bank_differences import kept, overdue, renewed, settling
from chalicelib.domain.bank_reconciliation import BankReconciliation, DifferenceCause
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.money import SYSTEM_WALLET
from chalicelib.domain.reconciliation import BANK, Difference
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Committed, Committer, Differences, Ledger, StoreBusyError, Write

PAGE: Final = 100
MOST_PAGES: Final = 100
MOST_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class BankWatched:
    """
    Differences newly found, those that have cleared, and how many stand.
    """

    found: int
    cleared: int
    standing: int


@dataclass(frozen=True, slots=True)
class WatchBank:
    """
    Run again, or twice at once, it changes nothing more: each thing has one id, and what a later look wrote stays.
    """

    committer: Committer
    ledger: Ledger
    differences: Differences
    rules_on: Callable[[datetime], Rules]
    calendar: Callable[[], WorkingCalendar]
    reconcile: Callable[[], BankReconciliation]

    def __call__(self) -> BankWatched:
        """
        Compare the books and keep what is overdue. Raises `StoreBusyError`.
        """
        books = self.reconcile()
        if any(each.cause is DifferenceCause.UNEXPLAINED for each in books.differences):
            books = self.reconcile()  # a statement may have been posted between the reads of its two sides
        rules = self.rules_on(books.as_of)
        late = overdue(books.differences, today=rules.today(books.as_of), calendar=self.calendar())
        seen = [kept(each, books=books, rules=rules) for each in late]
        standing = {each.id: each for each in seen if not self._settled(each)}
        found = sum([self._keep(each) for each in standing.values()])
        cleared, others = self._look_again(standing, books.as_of)
        return BankWatched(found, cleared, len(standing) + others)

    def _settled(self, difference: Difference) -> bool:
        """
        Ask for the posting itself: the books read a bounded number of postings, and of the last two months only.
        """
        return any(self.ledger.has_posting(wallet=SYSTEM_WALLET, posting=name) for name in settling(difference))

    def _keep(self, seen: Difference) -> bool:
        for _ in range(MOST_TRIES):
            known = self.differences.difference(seen.id)
            after = renewed(known, seen)
            if after is None:
                return False
            if isinstance(self.committer.commit(Write(after, known.version if known else 0)), Committed):
                return known is None or known.cleared_at is not None
        raise StoreBusyError("bank reconciliation")

    def _look_again(self, standing: Mapping[str, Difference], as_of: datetime) -> tuple[int, int]:
        """
        Clear what the books show no more: how many, and how many others stand on.
        """
        cleared, others, cursor = 0, 0, None
        for _ in range(MOST_PAGES):
            page = self.differences.listed(cleared=False, limit=PAGE, cursor=cursor)
            gone = [each for each in page.items if each.side == BANK and each.id not in standing]
            done = sum([self._clear(each, as_of) for each in gone])
            cleared, others, cursor = cleared + done, others + len(gone) - done, page.next_cursor
            if cursor is None:
                break
        return cleared, others

    def _clear(self, difference: Difference, as_of: datetime) -> bool:
        if difference.found_at > as_of or (settling(difference) and not self._settled(difference)):
            return False
        return isinstance(self.committer.commit(Write(difference.cleared(as_of), difference.version)), Committed)
