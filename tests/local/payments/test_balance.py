"""
The double's money adds up: disputes, refunds that fail, payouts and their entries, listed by time and with what moved them.
"""

import time

import pytest
import stripe

from tests.local.payments.double import RunningDouble


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """
    A double whose balance nobody else moves.
    """
    running = RunningDouble(tmp_path_factory.mktemp("balance")).start()
    yield running
    running.stop()


@pytest.fixture
def sdk(own):
    """
    The provider's SDK on it.
    """
    return own.sdk()


def paid(sdk, amount=100_000, card="pm_card_visa"):
    """
    Pay at once.
    """
    return sdk.v1.payment_intents.create({"amount": amount, "currency": "kzt", "payment_method": card, "confirm": True})


def left(sdk):
    """
    Sum what every entry left.
    """
    return sum(entry.net for entry in sdk.v1.balance_transactions.list({"limit": 100}).auto_paging_iter())


class TestRefunds:
    @pytest.mark.parametrize(
        ("card", "first", "last", "back", "events"),
        [
            ("pm_card_pendingRefund", "pending", "succeeded", 0, ["refund.updated", "refund.created"]),
            ("pm_card_refundFail", "succeeded", "failed", 60_000, ["refund.failed", "refund.updated", "refund.created"]),
        ],
    )
    def test_may_end_otherwise_than_they_began(self, sdk, card, first, last, back, events):
        """
        Pending and then at the card, or at the card and then sent back with its own entry, and the charge's remainder is whole again.
        """
        before, intent = left(sdk), paid(sdk, card=card)

        refund = sdk.v1.refunds.create({"payment_intent": intent.id, "amount": 60_000})

        assert (first, last) == (refund.status, sdk.v1.refunds.retrieve(refund.id).status)
        assert before + 100_000 - 2_900 - 60_000 + back == left(sdk)
        assert 60_000 - back == sdk.v1.charges.retrieve(intent.latest_charge).amount_refunded
        told = [event.type for event in sdk.v1.events.list({"limit": 30}) if event.data.object.to_dict()["id"] == refund.id]
        assert events == told


class TestDisputes:
    @pytest.mark.parametrize(("text", "status", "back"), [("winning_evidence", "won", 100_000), ("losing_evidence", "lost", 0)])
    def test_are_decided_by_their_evidence(self, sdk, text, status, back):
        """
        Won, the money comes back by an entry of its own; decided, it is decided.
        """
        before, intent = left(sdk), paid(sdk, card="pm_card_createDispute")
        dispute = sdk.v1.disputes.list({"payment_intent": intent.id}).data[0]

        sdk.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": text}})

        assert status == sdk.v1.disputes.retrieve(dispute.id).status
        assert before - 2_900 + back == left(sdk)
        with pytest.raises(stripe.InvalidRequestError, match="already closed"):
            sdk.v1.disputes.close(dispute.id)

    def test_given_up_are_lost(self, sdk):
        """
        Closed without evidence.
        """
        intent = paid(sdk, card="pm_card_createDispute")
        dispute = sdk.v1.disputes.list({"payment_intent": intent.id}).data[0]

        assert "lost" == sdk.v1.disputes.close(dispute.id).status


class TestPayouts:
    def test_take_no_more_than_there_is(self, sdk):
        """
        The balance goes out by an entry of the payout's own; one tiyn more than is left is refused.
        """
        paid(sdk)
        there = left(sdk)

        with pytest.raises(stripe.InvalidRequestError) as refused:
            sdk.v1.payouts.create({"amount": there + 1, "currency": "kzt"})
        payout = sdk.v1.payouts.create({"amount": there, "currency": "kzt"})

        assert ("balance_insufficient", "pending", 0) == (refused.value.code, payout.status, left(sdk))
        assert ("paid", -there) == (
            sdk.v1.payouts.retrieve(payout.id).status,
            sdk.v1.balance_transactions.retrieve(payout.balance_transaction).amount,
        )

    def test_that_the_bank_sends_back_are_there_again(self, sdk):
        """
        First paid, then failed, with an entry that brings the money back.
        """
        paid(sdk)
        there = left(sdk)
        payout = sdk.v1.payouts.create({"amount": 50_000, "currency": "kzt", "destination": "ba_local_failing"})

        found = sdk.v1.payouts.retrieve(payout.id)

        assert ("failed", "account_closed", there) == (found.status, found.failure_code, left(sdk))
        kinds = [event.type for event in sdk.v1.events.list({"types": ["payout.paid", "payout.failed"], "limit": 2})]
        assert ["payout.failed", "payout.paid"] == kinds


class TestLists:
    def test_are_bounded_by_time_and_show_what_moved(self, sdk):
        """
        Every entry created in a span, page by page, with its source in it; outside the span none.
        """
        intent = paid(sdk)
        now = int(time.time())
        span = {"created": {"gte": now - 60, "lt": now + 5}, "limit": 2, "expand": ["data.source"]}

        entries = list(sdk.v1.balance_transactions.list(span).auto_paging_iter())

        assert {"charge", "refund", "dispute", "payout"} >= {entry.source.object for entry in entries}
        assert intent.id in {entry.source.to_dict().get("payment_intent") for entry in entries}
        assert len(entries) == len({entry.id for entry in entries}) > 2
        assert not sdk.v1.balance_transactions.list({"created": {"lt": now - 3600}}).data

    @pytest.mark.parametrize("created", ["soon", {"after": 5}, {"gte": "x"}])
    def test_refuse_what_is_no_span(self, own, created):
        """
        A mistyped bound is named, not ignored.
        """
        fields = {f"created[{name}]": value for name, value in created.items()} if isinstance(created, dict) else {"created": created}

        answer = own.call("GET", "/v1/charges", **fields)

        assert (400, "invalid_request_error") == (answer.status_code, answer.json()["error"]["type"])
