"""
The provider says a card payment succeeded: money is posted once, a booking still held is confirmed, a late one finds its money in the wallet.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.bookings import Status
from chalicelib.domain.happenings import account_notice, notice
from chalicelib.domain.money import CURRENCY, LedgerAccount, Posting, transfer
from chalicelib.domain.payments import UNPAID, AttemptState, PaymentAttempt, PaymentEvent, PaymentEventKind
from chalicelib.domain.rules import Rules
from chalicelib.usecases.bonds import bonds_of
from chalicelib.usecases.confirm_booking import ConfirmBooking
from chalicelib.usecases.ending import money_writes
from chalicelib.usecases.failed_attempt import failed_attempt
from chalicelib.usecases.ports import Accounts, Bookings, Clock, Committed, Committer, Ledger, Locks, Places, StoreBusyError, Write
from chalicelib.usecases.receive_payout import ReceivePayout
from chalicelib.usecases.reverse_payment import ReversePayment
from chalicelib.usecases.settle_refund import SettleRefund

MOST_TRIES = 5
INTENTS: Final = frozenset({PaymentEventKind.INTENT_SUCCEEDED, PaymentEventKind.INTENT_FAILED, PaymentEventKind.INTENT_CANCELED})


@dataclass(frozen=True, slots=True)
class ReceivePayment:
    """
    What a verified webhook event does; twice, late or out of order it does no more.
    """

    committer: Committer
    accounts: Accounts
    bookings: Bookings
    places: Places
    locks: Locks
    ledger: Ledger
    confirm: ConfirmBooking
    reverse: ReversePayment
    payout: ReceivePayout
    refund: SettleRefund
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, event: PaymentEvent) -> bool:
        """
        Take an event in: true when it changed something. Raises `StoreBusyError`, so that the provider sends it again.
        """
        if event.kind in {PaymentEventKind.DISPUTE_OPENED, PaymentEventKind.DISPUTE_WON}:
            return self.reverse(event=event)
        if event.kind in {PaymentEventKind.PAYOUT_PAID, PaymentEventKind.PAYOUT_FAILED}:
            return self.payout(event=event)
        if event.kind in {PaymentEventKind.REFUNDED, PaymentEventKind.REFUND_FAILED}:
            return self.refund(event=event)
        if event.kind not in INTENTS or event.attempt is None or event.currency != CURRENCY:
            return False
        for _ in range(MOST_TRIES):
            attempt = self.ledger.attempt(event.attempt)
            if attempt is None or attempt.state in {AttemptState.SUCCEEDED, AttemptState.REVERSED}:
                return False
            writes = self._writes(attempt, event) if event.kind is PaymentEventKind.INTENT_SUCCEEDED else self._unpaid(attempt, event)
            if not writes or isinstance(self.committer.commit(*writes), Committed):
                return bool(writes)
        raise StoreBusyError("payment event")

    def _unpaid(self, attempt: PaymentAttempt, event: PaymentEvent) -> tuple[Write, ...]:
        """
        Close a canceled attempt; tell of a failure that came when the payer had gone. A declined card is seen by whoever holds it.
        """
        if event.kind is PaymentEventKind.INTENT_CANCELED:
            held = attempt.state in UNPAID and attempt.booking is not None
            # the booking's own end says that its attempt is over; until then it is asked about
            return () if held or attempt.ask_at is None else (_next(attempt, state=AttemptState.CANCELED, ask_at=None),)
        if not event.delayed or attempt.state not in UNPAID - {AttemptState.FAILED}:
            return ()
        failed = _next(attempt, state=AttemptState.FAILED)
        holder = self.accounts.account(attempt.account)
        told = account_notice(
            template="payment_failed",
            account=attempt.account,
            aggregate=attempt.id,
            version=attempt.version + 1,
            at=self.clock.now(),
            language=holder.language if holder else "ru",
            amount=attempt.amount,
        )
        return failed, Write(told)

    def _writes(self, attempt: PaymentAttempt, event: PaymentEvent) -> tuple[Write, ...]:
        now = self.clock.now()
        rules = self.rules_on(now)
        paid = replace(attempt, state=AttemptState.SUCCEEDED, intent=event.intent, ask_at=None, version=attempt.version + 1)
        seen = self.bookings.get(attempt.booking) if attempt.booking else None
        charge = charged(attempt, amount=event.amount, now=now, rules=rules, reference=event.intent)
        told = (Write(notice(template="payment_late", booking=seen, at=now, amount=event.amount)),) if seen is not None else ()
        if seen is not None and seen.attempt == attempt.id and seen.status_at(now, rules) is Status.HELD:
            bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
            if event.amount != attempt.amount:
                unpaid = failed_attempt(seen=seen, bonds=bonds, attempt=paid, charges=(charge,), now=now, by="provider", rules=rules)
                return (*unpaid, *told)
            if bonds.hold(booking=seen.id, now=now):
                writes = self.confirm.writes(seen=seen, bonds=bonds, charges=(charge,), now=now, by="provider")
                return (*writes, Write(paid, attempt.version))
        wallet = self.ledger.wallet(attempt.account)
        return *money_writes(charge, wallet), Write(paid, attempt.version), *told


def _next(attempt: PaymentAttempt, **changes: Any) -> Write:
    return Write(replace(attempt, version=attempt.version + 1, **changes), attempt.version)


def charged(attempt: PaymentAttempt, *, amount: int, now: datetime, rules: Rules, reference: str | None) -> Posting:
    """
    Bring a card payment into the wallet (D30).
    """
    return Posting(
        id=f"charge:{attempt.id}",
        wallet=attempt.account,
        kind="card_payment" if attempt.booking else "top_up",
        at=now,
        day=rules.today(now),
        legs=transfer(LedgerAccount.PROVIDER, LedgerAccount.WALLET_AVAILABLE, amount),
        booking=attempt.booking,
        reference=reference,
    )
