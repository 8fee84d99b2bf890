"""
Events of disputes, as the provider's reference shows them: opened, closed in our favor, closed otherwise.
"""

import pytest

from chalicelib.domain.payments import PaymentEventKind
from chalicelib.gateways.payments_events import read_event


def closed(status, kind="charge.dispute.closed"):
    """
    An event about a dispute.
    """
    dispute = {"object": "dispute", "id": "dp_1", "amount": 9_082_500, "currency": "kzt", "charge": "ch_1", "payment_intent": "pi_1"}
    return {"id": "evt_1", "type": kind, "created": 1_790_000_000, "livemode": False, "data": {"object": {**dispute, "status": status}}}


@pytest.mark.rule("D28")
class TestDisputes:
    @pytest.mark.parametrize(
        ("document", "kind", "amount"),
        [
            (closed("needs_response", "charge.dispute.created"), PaymentEventKind.DISPUTE_OPENED, 9_082_500),
            (closed("won"), PaymentEventKind.DISPUTE_WON, 9_082_500),
            (closed("lost"), PaymentEventKind.OTHER, 0),
            (closed("warning_closed"), PaymentEventKind.OTHER, 0),
        ],
    )
    def test_move_money_when_opened_and_when_won(self, document, kind, amount):
        """
        Lost, nothing moves any more: the money went when it was opened.
        """
        event = read_event(document)

        assert (kind, amount) == (event.kind, event.amount)
        if amount:
            assert ("pi_1", "ch_1", None) == (event.intent, event.charge, event.attempt)


def payout(kind):
    """
    An event about a payout.
    """
    body = {"object": "payout", "id": "po_1", "amount": 500, "currency": "kzt", "status": kind.removeprefix("payout."), "metadata": {}}
    return {"id": "evt_1", "type": kind, "created": 1_790_000_000, "livemode": False, "data": {"object": body}}


@pytest.mark.rule("D30")
class TestPayouts:
    @pytest.mark.parametrize(
        ("kind", "read", "amount"),
        [
            ("payout.paid", PaymentEventKind.PAYOUT_PAID, 500),
            ("payout.failed", PaymentEventKind.PAYOUT_FAILED, 500),
            ("payout.created", PaymentEventKind.OTHER, 0),
        ],
    )
    def test_count_when_they_left_or_came_back(self, kind, read, amount):
        """
        Announced, a payout has moved nothing yet.
        """
        event = read_event(payout(kind))

        assert (read, amount, "po_1" if amount else None) == (event.kind, event.amount, event.payout)
