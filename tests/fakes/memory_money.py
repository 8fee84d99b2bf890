"""
Ledger, refunds, payers and bookmarks of the store's stand-in.
"""
# ruff: noqa: D102  - each method is its port's

from chalicelib.domain.money import Posting, Wallet
from chalicelib.domain.payments import PaymentAttempt
from chalicelib.domain.provider import Bookmark, Payer
from chalicelib.domain.reconciliation import Difference
from chalicelib.domain.refunds import Refund
from chalicelib.domain.settlements import Balance, Settlement
from tests.fakes.memory_reads import MemoryReads, page_of


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


class MemoryPayers(MemoryReads):
    """
    The port `Payers`.
    """

    def payer(self, account):
        return self._shelves.get(Payer, account)


class MemoryBookmarks(MemoryReads):
    """
    The port `Bookmarks`.
    """

    def bookmark(self, bookmark):
        return self._shelves.get(Bookmark, bookmark)


class MemoryLedger(MemoryReads):
    """
    The port `Ledger`.
    """

    def wallet(self, account):
        return self._shelves.get(Wallet, account) or Wallet(account)

    def wallets(self, accounts):
        return {account: self.wallet(account) for account in accounts}

    def postings(self, account, *, limit, cursor):
        mine = [posting for posting in self._shelves.all(Posting) if posting.wallet == account]
        return page_of(sorted(mine, key=lambda posting: posting.at, reverse=True), limit=limit, cursor=cursor)

    def in_order(self, account):
        return iter(sorted((each for each in self._shelves.all(Posting) if each.wallet == account), key=lambda posting: posting.at))

    def posting(self, *, wallet, posting):
        return self._shelves.get(Posting, (wallet, posting))

    def has_posting(self, *, wallet, posting):
        return self._shelves.get(Posting, (wallet, posting)) is not None

    def charges(self, account):
        found = [posting for posting in self._shelves.all(Posting) if posting.wallet == account and posting.id.startswith("charge:")]
        return sorted(found, key=lambda posting: (posting.at, posting.id))

    def of_day(self, day, checkpoint):
        found = [posting for posting in self._shelves.all(Posting) if (posting.day, posting.checkpoint or "-") == (day, checkpoint)]
        return iter(sorted(found, key=lambda posting: posting.at))

    def balance(self, day):
        return self._shelves.get(Balance, day)

    def settlement(self, day):
        return self._shelves.get(Settlement, day)

    def settlements(self, *, limit, cursor):
        return page_of(sorted(self._shelves.all(Settlement), key=lambda each: each.day, reverse=True), limit=limit, cursor=cursor)

    def attempt(self, attempt):
        return self._shelves.get(PaymentAttempt, attempt)

    def attempts(self, attempts):
        found = (self._shelves.get(PaymentAttempt, attempt) for attempt in attempts)
        return [attempt for attempt in found if attempt is not None]

    def attempts_due(self, *, until, limit):
        found = [attempt for attempt in self._shelves.all(PaymentAttempt) if attempt.ask_at is not None and attempt.ask_at <= until]
        return sorted(found, key=lambda attempt: attempt.ask_at)[:limit]

    def attempt_of_intent(self, intent):
        return next((attempt for attempt in self._shelves.all(PaymentAttempt) if attempt.intent == intent), None)


class MemoryDifferences(MemoryReads):
    """
    The port `Differences`.
    """

    def difference(self, difference):
        return self._shelves.get(Difference, difference)

    def listed(self, *, cleared, limit, cursor):
        found = [each for each in self._shelves.all(Difference) if (each.cleared_at is not None) is cleared]
        return page_of(sorted(found, key=lambda each: each.since, reverse=True), limit=limit, cursor=cursor)
