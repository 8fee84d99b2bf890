"""
What moved our balance at the provider, read from its own lists through the adapter, on the double.
"""

import time
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.reconciliation import MovementKind
from chalicelib.gateways.payments import StripePayments
from chalicelib.gateways.payments_movements import read_movement
from tests.local.payments.double import SECRET_KEY, WEBHOOK_SECRET, RunningDouble
from tests.local.payments.payer import AMOUNT, confirm, opened

pytestmark = pytest.mark.rule("D30")
FEE = (AMOUNT * 29 + 500) // 1000


@pytest.fixture(scope="module")
def double(tmp_path_factory):
    """
    A double of this module alone.
    """
    running = RunningDouble(tmp_path_factory.mktemp("double")).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def payments(double):
    """
    The adapter on it.
    """
    return StripePayments(secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, base_url=double.base_url)


def listed(payments):
    """
    Everything that moved, as the nightly step reads it.
    """
    now = datetime.now(tz=UTC)
    return payments.movements(since=now - timedelta(minutes=5), until=now + timedelta(seconds=5))


def told(movements):
    """
    Spell movements without their ids.
    """
    return {(movement.kind, movement.amount, movement.fee) for movement in movements}


class TestMovements:
    def test_of_every_kind_are_read_alike_from_list_and_thing(self, payments, double):
        """
        Charge, refund, dispute won and payout that failed: the list tells of them with our ids, and each thing by itself tells the same.
        """
        attempt = f"att-{time.monotonic_ns()}"
        intent = opened(payments, attempt)
        confirm(double, intent, card="pm_card_refundFail")
        refund = payments.refund(attempt=f"{attempt}-r", intent=intent.id, amount=40_000)
        other = opened(payments, f"{attempt}-d")
        confirm(double, other, card="pm_card_createDispute")
        sdk = double.sdk()
        sdk.v1.disputes.update(sdk.v1.disputes.list().data[0].id, {"evidence": {"uncategorized_text": "winning_evidence"}})
        payout = sdk.v1.payouts.create({"amount": 50_000, "currency": "kzt", "destination": "ba_local_failing"})

        found = listed(payments)

        ours = [movement for movement in found if movement.attempt == attempt]
        assert [(MovementKind.CHARGE, AMOUNT, FEE, "KZT", intent.id)] == [
            (each.kind, each.amount, each.fee, each.currency, each.intent) for each in ours
        ]
        assert ours[0].charge == ours[0].source
        back = {(MovementKind.REFUND, -40_000, 0), (MovementKind.REFUND_FAILED, 40_000, 0)}
        disputed = {(MovementKind.DISPUTE, -AMOUNT, 0), (MovementKind.DISPUTE_WON, AMOUNT, 0)}
        paid_out = {(MovementKind.PAYOUT, -50_000, 0), (MovementKind.PAYOUT_FAILED, 50_000, 0)}
        assert back == told(each for each in found if each.attempt == f"{attempt}-r")
        assert disputed | {(MovementKind.CHARGE, AMOUNT, FEE)} == told(each for each in found if each.intent == other.id)
        assert paid_out == told(each for each in found if each.source == payout.id)
        assert told(ours) == told(payments.moved(kind=MovementKind.CHARGE, reference=intent.id))
        assert back == told(payments.moved(kind=MovementKind.REFUND, reference=refund.id))
        assert disputed == told(payments.moved(kind=MovementKind.DISPUTE, reference=other.id))
        assert paid_out == told(payments.moved(kind=MovementKind.PAYOUT, reference=payout.id))

    @pytest.mark.parametrize("kind", [MovementKind.CHARGE, MovementKind.REFUND, MovementKind.PAYOUT, MovementKind.DISPUTE])
    def test_of_what_is_not_there_are_none(self, payments, kind):
        """
        An unknown id is no fault: there is nothing.
        """
        assert [] == list(payments.moved(kind=kind, reference="xx_nobody"))

    def test_of_an_unknown_type_have_no_kind_of_ours(self):
        """
        What the provider invents tomorrow is listed as something else, with its sum.
        """
        entry = {
            "id": "txn_1",
            "type": "climate_order",
            "amount": -7,
            "fee": 0,
            "currency": "kzt",
            "created": 1_790_000_000,
            "source": "x_1",
        }

        movement = read_movement(entry)

        assert (MovementKind.OTHER, -7, "x_1", None) == (movement.kind, movement.amount, movement.source, movement.attempt)
