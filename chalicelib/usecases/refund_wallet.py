"""
A user takes free money back to the cards it came from (§28): refunds are written with the money they hold, then the provider is asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.money import LedgerAccount, Wallet
from chalicelib.domain.payments import ASK_AFTER
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.domain.refunds import Paid, Refund, RefundState, refund_held, shares
from chalicelib.domain.rules import Rules
from chalicelib.domain.standing import Deed, may_act
from chalicelib.usecases.ending import wallet_writes
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Outcome, replay
from chalicelib.usecases.ports import (
    Accounts,
    Chance,
    Clock,
    Committed,
    Committer,
    Ledger,
    Refunds,
    Requests,
    StoreBusyError,
    Write,
)

MOST_TRIES = 5
MOST_SHARES: Final = 20
"""Payments that one request reaches: each writes four rows, and a transaction takes a hundred."""


@dataclass(frozen=True, slots=True)
class RefundWallet:
    """
    `POST /v1/me/wallet/refunds`. Open to a blocked account too (D22); a debt leaves nothing free (D28).
    """

    committer: Committer
    accounts: Accounts
    ledger: Ledger
    refunds: Refunds
    requests: Requests
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, account: str, amount: int, request: IdempotentRequest) -> Outcome:
        """
        Hold `amount` tiyn and have them sent back: 201 with the refunds' ids. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            outcome = self._attempt(account, amount, request, now)
            if outcome is not None:
                return outcome
        raise StoreBusyError("refund")

    def find(self, *, refunds: Sequence[str]) -> Sequence[Refund]:
        """
        Read the refunds of an answer as they are now.
        """
        return self.refunds.refunds(refunds)

    def _attempt(self, account: str, amount: int, request: IdempotentRequest, now: datetime) -> Outcome | None:
        wallet = self.ledger.wallet(account)
        standing = may_act(account=self.accounts.account(account), wallet=wallet, deed=Deed.TAKE_MONEY_OUT)
        if isinstance(standing, Refused):
            return standing
        if amount > wallet.available:
            return Refused.because(Code.INSUFFICIENT_FUNDS, "28", missing=amount - wallet.available)
        parts = shares(self._payments(account), amount=amount, most=MOST_SHARES)
        reach = sum(share for _, share in parts)
        if reach < amount:
            return Refused.because(Code.NOT_REFUNDABLE, "28", refundable=reach)
        made = [self._started(paid, share, now) for paid, share in parts]
        ids = [refund.id for refund in made]
        record = request.record(status=201, resource=account, answer={"refunds": ids}, at=now)
        done = self.committer.commit(Write(record), *self._writes(made, parts, wallet, now))
        return Done(201, account, {"refunds": ids}) if isinstance(done, Committed) else None

    def _payments(self, account: str) -> Sequence[Paid]:
        charges = self.ledger.charges(account)
        attempts = {attempt.id: attempt for attempt in self.ledger.attempts([charge.id.partition(":")[2] for charge in charges])}
        return [
            Paid(attempts[name], charge.change_of(LedgerAccount.WALLET_AVAILABLE))
            for charge in charges
            for name in [charge.id.partition(":")[2]]
            if name in attempts
        ]

    def _started(self, paid: Paid, share: int, now: datetime) -> Refund:
        return Refund(
            id=self.chance.id("ref"),
            account=paid.attempt.account,
            payment=paid.attempt.id,
            intent=str(paid.attempt.intent),
            amount=share,
            state=RefundState.STARTED,
            created_at=now,
            version=1,
            ask_at=now + ASK_AFTER,
        )

    def _writes(self, made: Sequence[Refund], parts: Sequence[tuple[Paid, int]], wallet: Wallet, now: datetime) -> tuple[Write, ...]:
        rules = self.rules_on(now)
        attempts = [(paid.attempt, replace(paid.attempt, refunded=paid.attempt.refunded + share)) for paid, share in parts]
        return (
            *wallet_writes([refund_held(refund, at=now, rules=rules) for refund in made], wallet),
            *(Write(replace(after, version=seen.version + 1), seen.version) for seen, after in attempts),
            *(Write(refund) for refund in made),
            *(Write(_sending(refund, now)) for refund in made),
        )


def _sending(refund: Refund, at: datetime) -> OutboxMessage:
    return OutboxMessage(f"{Task.REFUND.value}.{refund.id}", Task.REFUND, refund.id, refund.version, at, at, {"refund": refund.id})
