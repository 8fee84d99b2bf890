"""
Every night: each movement at the provider is looked for in the ledger, each posting about the provider there (§24, D30).

Nothing is corrected: what differs is listed until it agrees. Only what the provider kept for itself is booked here, for nobody else tells of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.money import CURRENCY, NOWHERE, SYSTEM_WALLET, LedgerAccount, Posting
from chalicelib.domain.payouts import payout_posting_id
from chalicelib.domain.provider import Bookmark
from chalicelib.domain.reconciliation import (
    LEDGER,
    PROVIDER,
    Cause,
    Difference,
    Movement,
    MovementKind,
    provider_change,
    provider_fee,
    unlike,
)
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import (
    Bookmarks,
    Clock,
    Committed,
    Committer,
    Differences,
    Ledger,
    PaymentProvider,
    Refunds,
    StoreBusyError,
    Write,
)

MOVEMENTS: Final = "provider_movements"
POSTINGS: Final = "provider_postings"
WINDOW: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=1)
FEW: Final = 1000
"""Where little moved the next look is twice as long, a day at most: what one look finds is held in memory."""
SETTLES: Final = timedelta(minutes=10)
"""The provider's lists, and our own index, follow what they tell of by moments; webhooks that came late are healed within the hour."""
MOST_WINDOWS: Final = 48
MOST_PAGES: Final = 10
MOST_TRIES: Final = 5
PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Reconciled:
    """
    Movements and postings compared, differences newly found and cleared, and whether windows are left for another run.
    """

    movements: int
    postings: int
    found: int
    cleared: int
    more: bool


@dataclass(frozen=True, slots=True)
class ReconcileProvider:
    """
    Goes on where it stopped: movements hour by hour by the provider's clock, postings day by day by ours.
    """

    committer: Committer
    ledger: Ledger
    refunds: Refunds
    bookmarks: Bookmarks
    differences: Differences
    provider: Callable[[], PaymentProvider]
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    first_day: Callable[[], date]

    def __call__(self) -> Reconciled:
        """
        Compare what is new on either side, and look again at what differed. Raises the provider's errors and `StoreBusyError`.
        """
        seen: set[str] = set()
        movements, found, more = self._movements(seen)
        postings, missing, days_left = self._postings(seen)
        return Reconciled(movements, postings, found + missing, self._look_again(), more or days_left)

    # -- provider → ledger

    def _movements(self, seen: set[str]) -> tuple[int, int, bool]:
        now = self.clock.wall()
        mark = self.bookmarks.bookmark(MOVEMENTS)
        since = mark.at if mark else self.rules_on(now).at(self.first_day(), 0)
        compared = found = 0
        window = WINDOW
        for _ in range(MOST_WINDOWS):
            until = min(since + window, now - SETTLES)
            if until <= since:
                return compared, found, False
            moved = self.provider().movements(since=since, until=until)
            compared, found = compared + len(moved), found + sum([self._compare(movement, seen) for movement in moved])
            window = min(2 * window, LONGEST) if len(moved) < FEW else WINDOW
            mark, since = self._remember(MOVEMENTS, mark, until), until
        return compared, found, True

    def _compare(self, movement: Movement, seen: set[str]) -> bool:
        self._book_fee(movement)
        wallet, name = self._expected(movement)
        posting = self.ledger.posting(wallet=wallet, posting=name) if wallet and name else None
        cause = unlike(movement, posting, currency=CURRENCY)
        if cause is None and posting is not None:
            seen.add(posting.id)
            return False
        now = self.clock.now()
        return self._found(
            Difference(
                id=f"{PROVIDER}:{movement.id}",
                side=PROVIDER,
                kind=movement.kind.value,
                subject=movement.source,
                cause=cause or Cause.UNKNOWN_HERE,
                ours=provider_change(posting) if posting else None,
                theirs=movement.amount,
                since=movement.at,
                found_at=now,
                version=1,
                wallet=wallet,
                posting=name,
                reference=movement.intent,
            )
        )

    def _expected(self, movement: Movement) -> tuple[str | None, str | None]:
        """
        Name the wallet and the posting that tell of a movement; none where it is none of ours.
        """
        match movement.kind:
            case MovementKind.CHARGE:
                payment = self.ledger.attempt(movement.attempt) if movement.attempt else None
                return (payment.account, f"charge:{payment.id}") if payment else (None, None)
            case MovementKind.REFUND | MovementKind.REFUND_FAILED:
                refund = self.refunds.refund(movement.attempt) if movement.attempt else None
                name = "refund_paid" if movement.kind is MovementKind.REFUND else "refund_failed"
                return (refund.account, f"{name}:{refund.id}") if refund else (None, None)
            case MovementKind.DISPUTE | MovementKind.DISPUTE_WON:
                payment = self.ledger.attempt_of_intent(movement.intent) if movement.intent else None
                return (payment.account, f"{movement.kind.value}:{movement.charge or payment.id}") if payment else (None, None)
            case MovementKind.PAYOUT:
                return SYSTEM_WALLET, payout_posting_id("payout_paid", movement.source)
            case MovementKind.PAYOUT_FAILED:
                return SYSTEM_WALLET, payout_posting_id("payout_failed", movement.source)
            case MovementKind.OTHER:
                return None, None

    def _book_fee(self, movement: Movement) -> None:
        now = self.clock.now()
        fee = provider_fee(movement, at=now, rules=self.rules_on(now))
        if fee is not None and movement.currency == CURRENCY:
            self._once(lambda: self.ledger.has_posting(wallet=fee.wallet, posting=fee.id), Write(fee))

    # -- ledger → provider

    def _postings(self, seen: set[str]) -> tuple[int, int, bool]:
        now = self.clock.now()
        rules = self.rules_on(now)
        mark = self.bookmarks.bookmark(POSTINGS)
        day = rules.today(mark.at) if mark else self.first_day()
        last = rules.today(now - rules.day_closes_after)
        compared = found = 0
        for _ in range(MOST_WINDOWS):
            if day >= last:
                return compared, found, False
            for posting in self.ledger.of_day(day, NOWHERE):
                if posting.change_of(LedgerAccount.PROVIDER) and posting.kind != "provider_fee":
                    compared, found = compared + 1, found + self._seek(posting, seen)
            day += timedelta(days=1)
            mark = self._remember(POSTINGS, mark, rules.at(day, 0))
        return compared, found, True

    def _seek(self, posting: Posting, seen: set[str]) -> bool:
        if posting.id in seen:
            return False
        theirs = self._theirs(posting)
        ours = provider_change(posting)
        if ours in theirs:
            return False
        now = self.clock.now()
        return self._found(
            Difference(
                id=f"{LEDGER}:{posting.wallet}:{posting.id}",
                side=LEDGER,
                kind=posting.kind,
                subject=posting.id,
                cause=Cause.AMOUNT_DIFFERS if theirs else Cause.UNKNOWN_THERE,
                ours=ours,
                theirs=next(iter(theirs), None),
                since=posting.at,
                found_at=now,
                version=1,
                wallet=posting.wallet,
                posting=posting.id,
                reference=posting.reference,
            )
        )

    def _theirs(self, posting: Posting) -> Sequence[int]:
        """
        Ask the provider by how much its own thing moved the balance that a posting tells of.
        """
        name, _, own = posting.id.partition(":")
        sign = 1 if provider_change(posting) > 0 else -1
        if name in {"refund_paid", "refund_failed"}:
            refund = self.refunds.refund(own)
            kind, reference = MovementKind.REFUND, refund.provider_refund if refund else None
        else:
            kind, reference = KINDS.get(name, MovementKind.OTHER), posting.reference
        if kind is MovementKind.OTHER or reference is None:
            return ()
        return [movement.amount for movement in self.provider().moved(kind=kind, reference=reference) if movement.amount * sign > 0]

    # -- what differed

    def _look_again(self) -> int:
        """
        Clear what agrees by now: the posting has come, or the provider tells of it.
        """
        cleared, cursor = 0, None
        for _ in range(MOST_PAGES):
            page = self.differences.listed(cleared=False, limit=PAGE, cursor=cursor)
            cleared, cursor = cleared + sum([self._clear(difference) for difference in page.items]), page.next_cursor
            if cursor is None:
                break
        return cleared

    def _clear(self, difference: Difference) -> bool:
        if difference.wallet is None or difference.posting is None or difference.cause is Cause.OTHER_CURRENCY:
            return False
        posting = self.ledger.posting(wallet=difference.wallet, posting=difference.posting)
        if posting is None:
            return False
        theirs = [difference.theirs] if difference.side == PROVIDER else self._theirs(posting)
        if provider_change(posting) not in theirs:
            return False
        self.committer.commit(Write(difference.cleared(self.clock.now()), difference.version))
        return True

    def _found(self, difference: Difference) -> bool:
        return self._once(lambda: self.differences.difference(difference.id) is not None, Write(difference))

    def _once(self, known: Callable[[], bool], write: Write) -> bool:
        """
        Write what is not there yet: true; false where it is. Raises `StoreBusyError`, so that the same window is compared again.
        """
        for _ in range(MOST_TRIES):
            if known():
                return False
            if isinstance(self.committer.commit(write), Committed):
                return True
        raise StoreBusyError("reconciliation")

    def _remember(self, name: str, mark: Bookmark | None, at: datetime) -> Bookmark:
        after = Bookmark(name, at, version=1) if mark is None else replace(mark, at=at, version=mark.version + 1)
        if not isinstance(self.committer.commit(Write(after, mark.version if mark else 0)), Committed):
            raise StoreBusyError("another run reads there")
        return after


KINDS: Final = {
    "charge": MovementKind.CHARGE,
    "dispute": MovementKind.DISPUTE,
    "dispute_won": MovementKind.DISPUTE,
    "payout_paid": MovementKind.PAYOUT,
    "payout_failed": MovementKind.PAYOUT,
}
