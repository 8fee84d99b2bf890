"""
A payment provider that keeps intents and never asks for a card.
"""

from chalicelib.domain.payments import (
    IntentStatus,
    PaymentEvent,
    PaymentEventKind,
    PaymentIntent,
    ProviderRefusedError,
    UnableToReachProviderError,
)
from tests.fakes.samples import NOW


class CardHouse:
    """
    The port `PaymentProvider`: one intent an attempt, amounts below `minimum` refused. `lost` answers are lost after, `down` before the deed.
    """

    def __init__(self, *, minimum=25_000):
        self.minimum = minimum
        self.lost = 0
        self.down = False
        self.intents = {}
        self.canceled = []
        self.asked = []

    def open_intent(self, *, attempt, amount, purpose, account, booking):
        """
        Open an intent, once an attempt.
        """
        self.asked.append(attempt)
        if self.down:
            raise UnableToReachProviderError("down")
        if amount < self.minimum:
            raise ProviderRefusedError(code="amount_too_small", param="amount")
        if self.intents.setdefault(f"pi_{attempt}", amount) != amount:
            raise ProviderRefusedError(code="idempotency_error")
        if self.lost:
            self.lost -= 1
            raise UnableToReachProviderError("no answer")
        return self.find_intent(intent=f"pi_{attempt}")

    def find_intent(self, *, intent):
        """
        Find it again.
        """
        status = IntentStatus.CANCELED if intent in self.canceled else IntentStatus.REQUIRES_PAYMENT_METHOD
        return PaymentIntent(intent, f"{intent}_secret", status, self.intents[intent], "KZT")

    def cancel_intent(self, *, intent):
        """
        Cancel it.
        """
        self.canceled.append(intent)
        return IntentStatus.CANCELED

    def succeeded(self, attempt, *, amount=None, at=NOW):
        """
        Spell the event that an attempt's card paid.
        """
        intent = f"pi_{attempt}"
        sum_ = self.intents[intent] if amount is None else amount
        kind = PaymentEventKind.INTENT_SUCCEEDED
        return PaymentEvent(f"evt_{intent}", kind, intent, attempt, sum_, "KZT", at, livemode=False, charge=f"ch_{attempt}")
