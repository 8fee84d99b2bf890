"""
A payment provider that keeps intents and never asks for a card.
"""

from chalicelib.domain.payments import (
    IntentStatus,
    PaymentEvent,
    PaymentEventKind,
    PaymentIntent,
    ProviderRefund,
    ProviderRefundState,
    ProviderRefusedError,
    UnableToReachProviderError,
)
from chalicelib.domain.reconciliation import Movement, MovementKind
from tests.fakes.samples import NOW


class CardHouse:
    """
    The port `PaymentProvider`: one intent an attempt, amounts below `minimum` refused. `lost` answers are lost after, `down` before the deed.
    """

    def __init__(self, *, minimum=25_000):
        self.minimum = minimum
        self.lost = 0
        self.lost_customers = 0
        self.down = False
        self.intents = {}
        self.canceled = []
        self.paid = {}
        self.customers = {}
        self.forgotten = set()
        self.told = []
        self.balance = []
        self.refunds = {}
        self.refunds_end = ProviderRefundState.SENT
        self.refuses_refunds = False
        self.asked = []

    def save_customer(self, *, attempt, account):
        """
        Know a payer, once an attempt.
        """
        self._answer()
        self.customers.setdefault(attempt, account)
        if self.lost_customers:
            self.lost_customers -= 1
            raise UnableToReachProviderError("no answer")
        return f"cus_{account}"

    def open_intent(self, *, attempt, amount, purpose, account, booking, customer):
        """
        Open an intent, once an attempt.
        """
        self.asked.append(attempt)
        self._answer()
        if customer in self.forgotten:
            raise ProviderRefusedError(code="resource_missing", param="customer")
        if amount < self.minimum:
            raise ProviderRefusedError(code="amount_too_small", param="amount")
        if self.intents.setdefault(f"pi_{attempt}", amount) != amount:
            raise ProviderRefusedError(code="idempotency_error")
        self._lose()
        return self.find_intent(intent=f"pi_{attempt}")

    def find_intent(self, *, intent):
        """
        Find it again.
        """
        self._answer()
        status = IntentStatus.CANCELED if intent in self.canceled else IntentStatus.REQUIRES_PAYMENT_METHOD
        if intent in self.paid:
            status = IntentStatus.SUCCEEDED
        return PaymentIntent(intent, f"{intent}_secret", status, self.intents[intent], "KZT", self.paid.get(intent, 0), f"ch_{intent}")

    def cancel_intent(self, *, intent):
        """
        Cancel it.
        """
        self._answer()
        if intent not in self.paid:
            self.canceled.append(intent)
        return self.find_intent(intent=intent).status

    def refund(self, *, attempt, intent, amount):
        """
        Give back, once an attempt, never more than was paid; it stands as `refunds_end` says.
        """
        self._answer()
        if self.refuses_refunds:
            raise ProviderRefusedError(code="charge_disputed")
        given = sum(sum_ for name, (of, sum_) in self.refunds.items() if of == intent and name != attempt)
        if given + amount > self.intents[intent]:
            raise ProviderRefusedError(code="amount_too_large", param="amount")
        self.refunds.setdefault(attempt, (intent, amount))
        self._lose()
        return ProviderRefund(f"re_{attempt}", self.refunds_end)

    def find_refund(self, *, refund):
        """
        Find it again.
        """
        self._answer()
        return ProviderRefund(refund, self.refunds_end)

    def events(self, *, since, until):
        """
        List what was told, the oldest first.
        """
        self._answer()
        return sorted((event for event in self.told if since <= event.created < until), key=lambda event: event.created)

    def movements(self, *, since, until):
        """
        List what moved the balance.
        """
        self._answer()
        return [movement for movement in self.balance if since <= movement.at < until]

    def moved(self, *, kind, reference):
        """
        List by what one thing moved it.
        """
        self._answer()
        names = {"charge": ("charge",), "refund": ("refund", "refund_failed"), "payout": ("payout", "payout_failed")}
        kinds = names.get(kind.value, ("dispute", "dispute_won"))
        return [each for each in self.balance if each.kind.value in kinds and reference in {each.intent, each.source}]

    def moves(self, kind, amount, *, source, at, fee=0, currency="KZT", **ids):
        """
        Let the balance move.
        """
        movement = Movement(f"txn_{len(self.balance)}", MovementKind(kind), amount, fee, currency, at, source, **ids)
        self.balance.append(movement)
        return movement

    def _answer(self):
        if self.down:
            raise UnableToReachProviderError("down")

    def _lose(self):
        if self.lost:
            self.lost -= 1
            raise UnableToReachProviderError("no answer")

    def succeeded(self, attempt, *, amount=None, at=NOW):
        """
        Spell the event that an attempt's card paid.
        """
        intent = f"pi_{attempt}"
        sum_ = self.intents[intent] if amount is None else amount
        kind = PaymentEventKind.INTENT_SUCCEEDED
        return PaymentEvent(f"evt_{intent}", kind, intent, attempt, sum_, "KZT", at, livemode=False, charge=f"ch_{attempt}")
