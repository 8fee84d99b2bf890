"""
The provider says a card payment succeeded: money is posted once, a booking still held is confirmed, a late one finds its money in the wallet.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.bookings import Status
from chalicelib.domain.happenings import notice
from chalicelib.domain.money import LedgerAccount, Posting, transfer
from chalicelib.domain.payments import AttemptState, PaymentAttempt, PaymentEvent, PaymentEventKind
from chalicelib.domain.rules import Rules
from chalicelib.usecases.confirm_booking import ConfirmBooking
from chalicelib.usecases.ending import bonds_of, money_writes
from chalicelib.usecases.failed_attempt import failed_attempt
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Ledger, Locks, Places, StoreBusyError, Write
from chalicelib.usecases.receive_payout import ReceivePayout
from chalicelib.usecases.reverse_payment import ReversePayment
from chalicelib.usecases.settle_refund import SettleRefund

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class ReceivePayment:
    """
    What a verified webhook event does; twice, late or out of order it does no more.
    """

    committer: Committer
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
        if event.kind is not PaymentEventKind.INTENT_SUCCEEDED or event.attempt is None:
            return False
        for _ in range(MOST_TRIES):
            attempt = self.ledger.attempt(event.attempt)
            if attempt is None or attempt.state in {AttemptState.SUCCEEDED, AttemptState.REVERSED}:
                return False
            if isinstance(self.committer.commit(*self._writes(attempt, event)), Committed):
                return True
        raise StoreBusyError("payment event")

    def _writes(self, attempt: PaymentAttempt, event: PaymentEvent) -> tuple[Write, ...]:
        now = self.clock.now()
        rules = self.rules_on(now)
        paid = replace(attempt, state=AttemptState.SUCCEEDED, intent=event.intent, version=attempt.version + 1)
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
