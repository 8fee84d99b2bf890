"""
Wallets, the postings that explain them, card payments, and closed days (D29, D30). Postings are put once and never changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.money import NOWHERE, Leg, Posting, Wallet
from chalicelib.domain.payments import AttemptState, PaymentAttempt
from chalicelib.domain.settlements import Balance, Settlement
from chalicelib.store.attributes import ChoiceAttribute, DayAttribute, InstantAttribute, ValueAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row
from chalicelib.store.settlements import BALANCE, BUDGET, SETTLEMENT
from chalicelib.usecases.ports import Page

WAITING: Final = "waiting"
CHARGE: Final = "charge"
"""How the ids of card payments' postings begin; `;` follows `:` in the alphabet."""


class PostingRow(Row):
    """
    One posting with all its legs.
    """

    wallet = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    at = InstantAttribute()
    day = DayAttribute()
    legs = ValueAttribute(tuple[Leg, ...])
    checkpoint = UnicodeAttribute(null=True)
    booking = UnicodeAttribute(null=True)
    place_class = UnicodeAttribute(null=True)
    reference = UnicodeAttribute(null=True)
    checkpoint_day = UnicodeAttribute()

    by_time = index("by_time", {"wallet": UnicodeAttribute(hash_key=True), "at": InstantAttribute(range_key=True)}, keys_only=False)
    by_day = index("by_day", {"checkpoint_day": UnicodeAttribute(hash_key=True), "at": InstantAttribute(range_key=True)}, keys_only=False)


class WalletRow(Row):
    """
    One account's balances.
    """

    account = UnicodeAttribute(hash_key=True)
    available = NumberAttribute()
    held = NumberAttribute()
    debt = NumberAttribute()
    debt_since = InstantAttribute(null=True)


class AttemptRow(Row):
    """
    One card payment.
    """

    id = UnicodeAttribute(hash_key=True)
    account = UnicodeAttribute()
    purpose = UnicodeAttribute()
    amount = NumberAttribute()
    state = ChoiceAttribute(AttemptState)
    created_at = InstantAttribute()
    booking = UnicodeAttribute(null=True)
    intent = UnicodeAttribute(null=True)
    refunded = NumberAttribute()
    ask_at = InstantAttribute(null=True)
    waiting = UnicodeAttribute(null=True)

    by_waiting = index("waiting", {"waiting": UnicodeAttribute(hash_key=True), "ask_at": InstantAttribute(range_key=True)}, keys_only=True)
    by_intent = index("by_intent", {"intent": UnicodeAttribute(hash_key=True)}, keys_only=True)


def _of_posting(posting: Posting) -> Mapping[str, object]:
    return {"checkpoint_day": f"{posting.checkpoint or NOWHERE}#{posting.day}"}


def _of_attempt(attempt: PaymentAttempt) -> Mapping[str, object]:
    return {"waiting": WAITING} if attempt.ask_at is not None else {}


POSTING = Kind(Posting, PostingRow, "postings", _of_posting)
WALLET = Kind(Wallet, WalletRow, "wallets")
ATTEMPT = Kind(PaymentAttempt, AttemptRow, "attempts", _of_attempt)


class StoredLedger:
    """
    The port `Ledger`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def wallet(self, account: str) -> Wallet:
        """
        Read a wallet, consistently; one never used is empty, with version 0.
        """
        return self._reader.get(WALLET, account) or Wallet(account)

    def wallets(self, accounts: Sequence[str]) -> Mapping[str, Wallet]:
        """
        Read several wallets by account, as `wallet` does.
        """
        found = {wallet.account: wallet for wallet in self._reader.get_many(WALLET, accounts)}
        return {account: found.get(account) or Wallet(account) for account in accounts}

    def postings(self, account: str, *, limit: int, cursor: str | None) -> Page[Posting]:
        """
        List a wallet's postings, newest first.
        """
        page = self._reader.page(POSTING, account, index="by_time", limit=limit, cursor=cursor)
        return Page([POSTING.from_row(row) for row in page.items], page.next_cursor)

    def in_order(self, account: str) -> Iterator[Posting]:
        """
        Go through all of a wallet's postings, the oldest first, read a page at a time. One just made may not be there yet.
        """
        return self._reader.stream(POSTING, account, index="by_time")

    def posting(self, *, wallet: str, posting: str) -> Posting | None:
        """
        Read a posting, consistently.
        """
        return self._reader.get(POSTING, wallet, posting)

    def has_posting(self, *, wallet: str, posting: str) -> bool:
        """
        Tell whether a posting was made, consistently.
        """
        return self._reader.get(POSTING, wallet, posting) is not None

    def charges(self, account: str) -> Sequence[Posting]:
        """
        List what card payments brought into a wallet, consistently, the oldest first.
        """
        found = self._reader.items(POSTING, account, since=("id", f"{CHARGE}:"), until=("id", f"{CHARGE};"), consistent=True)
        return sorted(found, key=lambda posting: (posting.at, posting.id))

    def of_day(self, day: date, checkpoint: str) -> Iterator[Posting]:
        """
        Go through a checkpoint's postings of a day (`NOWHERE`: of none), read a page at a time. A day is closed ten minutes after its end,
        when the index has long followed.
        """
        return self._reader.stream(POSTING, f"{checkpoint}#{day}", index="by_day")

    def balance(self, day: date) -> Balance | None:
        """
        Read the ledger's balance at a closed day's end, consistently.
        """
        return self._reader.get(BALANCE, BUDGET, day)

    def settlement(self, day: date) -> Settlement | None:
        """
        Read a closed day, consistently.
        """
        return self._reader.get(SETTLEMENT, BUDGET, day)

    def settlements(self, *, limit: int, cursor: str | None) -> Page[Settlement]:
        """
        List closed days, latest first.
        """
        page = self._reader.page(SETTLEMENT, BUDGET, limit=limit, cursor=cursor)
        return Page([SETTLEMENT.from_row(row) for row in page.items], page.next_cursor)

    def attempt(self, attempt: str) -> PaymentAttempt | None:
        """
        Read a card payment, consistently.
        """
        return self._reader.get(ATTEMPT, attempt)

    def attempts(self, attempts: Sequence[str]) -> Sequence[PaymentAttempt]:
        """
        Read card payments, consistently.
        """
        return self._reader.get_many(ATTEMPT, attempts)

    def attempt_of_intent(self, intent: str) -> PaymentAttempt | None:
        """
        Find the card payment of a provider's intent; one whose intent was just opened may not be found yet.
        """
        rows = self._reader.rows(ATTEMPT, intent, index="by_intent")
        return next(iter(self._reader.get_many(ATTEMPT, [row.id for row in rows])), None)

    def attempts_due(self, *, until: datetime, limit: int) -> Sequence[PaymentAttempt]:
        """
        List card payments without news that are to be asked about by now, longest due first.
        """
        rows: Sequence[Any] = self._reader.rows(ATTEMPT, WAITING, index="waiting", until=("ask_at", until), limit=limit)
        found = self._reader.get_many(ATTEMPT, [row.id for row in rows])
        return [attempt for attempt in found if attempt.ask_at is not None and attempt.ask_at <= until]
