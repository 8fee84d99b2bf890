"""
Card payments as the house sees them: an intent to collect, the provider's events, and what can go wrong between us.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class IntentStatus(StrEnum):
    """
    Where a payment intent stands, in the provider's words. Only the last two are final.
    """

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    REQUIRES_CAPTURE = "requires_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


class PaymentEventKind(StrEnum):
    """
    What an event of the provider means to us; whatever moves no money of ours is `OTHER`.
    """

    INTENT_SUCCEEDED = "intent_succeeded"
    INTENT_FAILED = "intent_failed"
    INTENT_CANCELED = "intent_canceled"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_WON = "dispute_won"
    PAYOUT_PAID = "payout_paid"
    PAYOUT_FAILED = "payout_failed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PaymentIntent:
    """
    One amount (in tiyn) to be collected once; the payer confirms it at the provider with `client_secret`.
    """

    id: str
    client_secret: str
    status: IntentStatus
    amount: int
    currency: str
    received: int = 0
    charge: str | None = None


class ProviderRefundState(StrEnum):
    """
    Where a refund stands at the provider: on its way, at the card, or not taken by the card's bank.
    """

    SENT = "sent"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """
    A refund as the provider knows it.
    """

    id: str
    state: ProviderRefundState


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """
    A verified event of the provider. It may come twice and out of order: `id` names it for good.

    `amount` is in tiyn and what this event is about: the sum received, the single refund, the sum in dispute, the payout.
    `attempt` is our own id, given at the start of a payment or refund; a dispute carries none, only `intent` and `charge`.
    `delayed`: a failure of a way of paying that answers after the payer has gone.
    """

    id: str
    kind: PaymentEventKind
    intent: str | None
    attempt: str | None
    amount: int
    currency: str
    created: datetime
    livemode: bool
    charge: str | None
    refund: str | None = None
    payout: str | None = None
    delayed: bool = False


class AttemptState(StrEnum):
    """
    Where a payment attempt stands; committed before the provider is called.
    """

    STARTED = "started"
    OPEN = "open"
    FAILED = "failed"
    """A way of paying that answers late has said no; another may still pay the same intent."""
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    REVERSED = "reversed"


UNPAID: Final = frozenset({AttemptState.STARTED, AttemptState.OPEN, AttemptState.FAILED})
"""Whoever may still pay it."""
ASK_AFTER: Final = timedelta(minutes=10)
ASK_AT_LEAST: Final = timedelta(minutes=30)
ASK_FOR: Final = timedelta(hours=24)
"""The provider is asked about an attempt or refund without news: ten minutes on, then ever more rarely, but every half an hour for a day."""


def ask_next(*, since: datetime, now: datetime) -> datetime:
    """
    Say when to ask again about what began at `since`: after as long as it has waited, within half an hour.
    """
    return now + min(max(now - since, ASK_AFTER), ASK_AT_LEAST)


@dataclass(frozen=True, slots=True)
class PaymentAttempt:
    """
    One card payment by our own id (= the provider's idempotency key); `purpose` is `booking`, `link` (another person pays) or `top_up`; in tiyn.

    `refunded`: how much of it went back to the card or is on its way there. `ask_at`: when to ask the provider, where it tells nothing.
    """

    id: str
    account: str
    purpose: str
    amount: int
    state: AttemptState
    created_at: datetime
    version: int
    booking: str | None = None
    intent: str | None = None
    refunded: int = 0
    ask_at: datetime | None = None


class PaymentProviderError(Exception):
    """
    The payment provider did not do what it was asked to.
    """


class UnableToReachProviderError(PaymentProviderError):
    """
    No usable answer (unreachable, too slow, busy, refusing our key): what happened is unknown, the same attempt may be tried again.
    """


class ProviderRefusedError(PaymentProviderError):
    """
    The provider said no to this very request; repeating it changes nothing. `code` is the provider's own word.
    """

    def __init__(self, *, code: str, param: str | None = None) -> None:
        super().__init__(f"the payment provider refused: {code}" + (f" ({param})" if param else ""))
        self.code = code
        self.param = param


class WebhookRejectedError(PaymentProviderError):
    """
    A message at the webhook that is not the provider's, is stale, or belongs to another account or mode.
    """
