"""
What becomes of a refund: the provider takes it, the card gets it, or the money is on the wallet again and the user is told (§28, D30).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.happenings import account_notice
from chalicelib.domain.payments import ASK_AFTER, PaymentEvent, PaymentEventKind, ProviderRefund, ProviderRefusedError
from chalicelib.domain.refunds import Refund, RefundState, refund_settled
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ending import wallet_writes
from chalicelib.usecases.ports import Accounts, Clock, Committed, Committer, Ledger, PaymentProvider, Refunds, StoreBusyError, Write

MOST_TRIES = 5
NEWS: Final = {
    PaymentEventKind.REFUNDED: RefundState.SUCCEEDED,
    PaymentEventKind.REFUND_FAILED: RefundState.FAILED,
}


@dataclass(frozen=True, slots=True)
class SettleRefund:
    """
    News of a refund, from the provider's answer, its webhook or our question; each moves money once, in whatever order it comes.
    """

    committer: Committer
    accounts: Accounts
    ledger: Ledger
    refunds: Refunds
    provider: Callable[[], PaymentProvider]
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, event: PaymentEvent) -> bool:
        """
        Take a webhook's event in: true when it changed something. Raises `StoreBusyError`.
        """
        if event.attempt is None or event.kind not in NEWS:
            return False
        return self.settle(refund=event.attempt, state=NEWS[event.kind], provider_refund=event.refund)

    def send(self, *, refund: str) -> None:
        """
        Ask the provider to send a refund that is not sent yet; what it refuses for good has failed. Raises the provider's other errors.
        """
        seen = self.refunds.refund(refund)
        if seen is None or seen.state is not RefundState.STARTED:
            return
        try:
            answer = self.provider().refund(attempt=seen.id, intent=seen.intent, amount=seen.amount)
        except ProviderRefusedError:
            self.settle(refund=refund, state=RefundState.FAILED, provider_refund=None)
            return
        self.heard(refund=refund, answer=answer)

    def heard(self, *, refund: str, answer: ProviderRefund) -> bool:
        """
        Take in where the provider says a refund stands.
        """
        return self.settle(refund=refund, state=RefundState(answer.state.value), provider_refund=answer.id)

    def settle(self, *, refund: str, state: RefundState, provider_refund: str | None) -> bool:
        """
        Write what a state means; false where it is no news.
        """
        for _ in range(MOST_TRIES):
            seen = self.refunds.refund(refund)
            if seen is None or not seen.may_become(state):
                return False
            if isinstance(self.committer.commit(*self._writes(seen, state, provider_refund)), Committed):
                return True
        raise StoreBusyError("refund")

    def _writes(self, seen: Refund, state: RefundState, provider_refund: str | None) -> tuple[Write, ...]:
        now = self.clock.now()
        waits = state is RefundState.SENT
        after = seen.become(state, provider_refund=provider_refund, ask_at=now + ASK_AFTER if waits else None)
        posting = refund_settled(seen, state, at=now, rules=self.rules_on(now))
        if posting is None:
            return (Write(after, seen.version),)
        if state is RefundState.SUCCEEDED:
            return Write(after, seen.version), Write(posting), self._told(after, "refunded", now)
        payment = self.ledger.attempt(seen.payment)
        freed = () if payment is None else (
            Write(replace(payment, refunded=payment.refunded - seen.amount, version=payment.version + 1), payment.version),
        )  # fmt: skip
        money = wallet_writes([posting], self.ledger.wallet(seen.account))
        return (Write(after, seen.version), *money, *freed, self._told(after, "refund_failed", now))

    def _told(self, refund: Refund, template: str, now: datetime) -> Write:
        holder = self.accounts.account(refund.account)
        return Write(
            account_notice(
                template=template,
                account=refund.account,
                aggregate=refund.id,
                version=refund.version,
                at=now,
                language=holder.language if holder else "ru",
                amount=refund.amount,
            )
        )
