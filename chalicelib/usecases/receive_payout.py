"""
The provider pays what it collected out to the registrar's bank account, or could not: posted once, whatever comes first (D30).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.money import SYSTEM_WALLET
from chalicelib.domain.payments import PaymentEvent, PaymentEventKind
from chalicelib.domain.payouts import payout_failed, payout_paid
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Clock, Committed, Committer, Ledger, StoreBusyError, Write

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class ReceivePayout:
    """
    A payout left, or came back. One told as failed before it is told as paid has both its postings at once, so that the later news changes nothing.
    """

    committer: Committer
    ledger: Ledger
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, event: PaymentEvent) -> bool:
        """
        Take the event in: true when it changed something. Raises `StoreBusyError`.
        """
        if event.payout is None or not event.amount:
            return False
        now = self.clock.now()
        rules = self.rules_on(now)
        postings = [payout_paid(payout=event.payout, amount=event.amount, at=now, rules=rules)]
        if event.kind is PaymentEventKind.PAYOUT_FAILED:
            postings.append(payout_failed(payout=event.payout, amount=event.amount, at=now, rules=rules))
        for _ in range(MOST_TRIES):
            new = [posting for posting in postings if not self.ledger.has_posting(wallet=SYSTEM_WALLET, posting=posting.id)]
            if not new:
                return False
            if isinstance(self.committer.commit(*map(Write, new)), Committed):
                return True
        raise StoreBusyError("payout")
