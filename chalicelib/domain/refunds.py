"""
Free money of a wallet goes back to the cards it came from: the oldest payment first, never more than it brought (§28, D30).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from chalicelib.domain.money import LedgerAccount, Leg, Posting, transfer
from chalicelib.domain.payments import AttemptState, PaymentAttempt
from chalicelib.domain.rules import Rules


class RefundState(StrEnum):
    """
    Where a refund stands: written before the provider is asked, taken by the provider, at the card, or back on the wallet.
    """

    STARTED = "started"
    SENT = "sent"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


NEXT: Final[Mapping[RefundState, frozenset[RefundState]]] = MappingProxyType(
    {
        RefundState.STARTED: frozenset({RefundState.SENT, RefundState.SUCCEEDED, RefundState.FAILED}),
        RefundState.SENT: frozenset({RefundState.SUCCEEDED, RefundState.FAILED}),
        RefundState.SUCCEEDED: frozenset({RefundState.FAILED}),
        RefundState.FAILED: frozenset(),
    }
)
"""A card's bank may send back what had succeeded; what failed stays failed, whatever older news comes after."""


@dataclass(frozen=True, slots=True)
class Refund:
    """
    One refund by our own id (= the provider's idempotency key) of `amount` tiyn out of one payment; `payment` is its attempt.
    """

    id: str
    account: str
    payment: str
    intent: str
    amount: int
    state: RefundState
    created_at: datetime
    version: int
    provider_refund: str | None = None
    ask_at: datetime | None = None

    def may_become(self, state: RefundState) -> bool:
        """
        Tell whether news of a state is news.
        """
        return state in NEXT[self.state]

    def become(self, state: RefundState, *, provider_refund: str | None, ask_at: datetime | None) -> "Refund":
        """
        Give the refund's next version.
        """
        return replace(self, state=state, provider_refund=provider_refund or self.provider_refund, ask_at=ask_at, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class Paid:
    """
    A card payment and what it brought into the wallet, in tiyn.
    """

    attempt: PaymentAttempt
    received: int

    @property
    def left(self) -> int:
        """
        Say how much of it may still go back: nothing while the payer's bank disputes it.
        """
        open_ = self.attempt.state is AttemptState.SUCCEEDED and self.attempt.intent is not None
        return max(0, self.received - self.attempt.refunded) if open_ else 0


def shares(payments: Sequence[Paid], *, amount: int, most: int) -> Sequence[tuple[Paid, int]]:
    """
    Spread an amount over payments (the oldest first), at most `most` of them: together it, or as much as can go back.
    """
    found: list[tuple[Paid, int]] = []
    for payment in payments:
        share = min(payment.left, amount - sum(part for _, part in found))
        if share:
            found.append((payment, share))
        if len(found) == most:
            break
    return found


def refund_held(refund: Refund, *, at: datetime, rules: Rules) -> Posting:
    """
    Take the money out of the wallet while it is on its way to the card.
    """
    return _posting(refund, "refund", at, rules, transfer(LedgerAccount.WALLET_AVAILABLE, LedgerAccount.REFUNDS_IN_TRANSIT, refund.amount))


def refund_settled(refund: Refund, state: RefundState, *, at: datetime, rules: Rules) -> Posting | None:
    """
    Move what a refund's news moves: to the card, or onto the wallet again; `refund` is as it was before the news.
    """
    if state is RefundState.SUCCEEDED:
        legs = transfer(LedgerAccount.REFUNDS_IN_TRANSIT, LedgerAccount.PROVIDER, refund.amount)
        return _posting(refund, "refund_paid", at, rules, legs)
    if state is RefundState.FAILED:
        source = LedgerAccount.PROVIDER if refund.state is RefundState.SUCCEEDED else LedgerAccount.REFUNDS_IN_TRANSIT
        return _posting(refund, "refund_failed", at, rules, transfer(source, LedgerAccount.WALLET_AVAILABLE, refund.amount))
    return None


def _posting(refund: Refund, kind: str, at: datetime, rules: Rules, legs: tuple[Leg, ...]) -> Posting:
    # the reference is the charge's intent: what was given back of a payment can be compared with what it brought
    return Posting(
        id=f"{kind}:{refund.id}",
        wallet=refund.account,
        kind=kind,
        at=at,
        day=rules.today(at),
        legs=legs,
        reference=refund.intent,
    )
