import pytest
import stripe


def paid(sdk, amount=100_000, card="pm_card_visa"):
    return sdk.v1.payment_intents.create({"amount": amount, "currency": "kzt", "payment_method": card, "confirm": True})


class TestRefund:
    def test_gives_back_in_parts_up_to_what_was_paid(self, sdk):
        """
        Parts add up on the charge; one tiyn more than is left is refused and changes nothing; then nothing is left.
        """
        intent = paid(sdk)
        sdk.v1.refunds.create({"payment_intent": intent.id, "amount": 60_000, "metadata": {"attempt": "r-1"}})

        with pytest.raises(stripe.InvalidRequestError) as too_much:
            sdk.v1.refunds.create({"payment_intent": intent.id, "amount": 40_001})
        rest = sdk.v1.refunds.create({"charge": intent.latest_charge})

        assert too_much.value.param == "amount"
        assert (rest.amount, rest.status) == (40_000, "succeeded")
        charge = sdk.v1.charges.retrieve(intent.latest_charge)
        assert (charge.amount_refunded, charge.refunded) == (100_000, True)
        with pytest.raises(stripe.InvalidRequestError) as nothing_left:
            sdk.v1.refunds.create({"payment_intent": intent.id, "amount": 1})
        assert nothing_left.value.code == "charge_already_refunded"
        assert [40_000, 60_000] == [refund.amount for refund in sdk.v1.refunds.list({"payment_intent": intent.id})]

    def test_moves_the_balance_by_exactly_its_amount(self, sdk):
        """
        Payment, fee and refund are entries whose sum is what the account has left of it.
        """
        intent = paid(sdk)
        refund = sdk.v1.refunds.create({"payment_intent": intent.id})

        took = sdk.v1.balance_transactions.retrieve(refund.balance_transaction)
        brought = sdk.v1.balance_transactions.list({"source": intent.latest_charge}).data[0]

        assert (brought.amount + took.amount, took.net) == (0, -100_000)
        assert brought.net == 100_000 - 2_900

    def test_needs_a_paid_charge(self, sdk):
        """
        An intent nobody paid, one that does not exist, and both ways of naming a charge at once are refused.
        """
        unpaid = sdk.v1.payment_intents.create({"amount": 100_000, "currency": "kzt"})
        for fields in (
            {"payment_intent": unpaid.id},
            {"payment_intent": "pi_nobody"},
            {"charge": "ch_nobody"},
            {},
            {"payment_intent": unpaid.id, "charge": "ch_nobody"},
        ):
            with pytest.raises(stripe.InvalidRequestError):
                sdk.v1.refunds.create(fields)

    def test_is_refused_for_a_disputed_charge(self, sdk):
        """
        What the bank took back already is not given back again.
        """
        intent = paid(sdk, card="pm_card_createDispute")

        with pytest.raises(stripe.InvalidRequestError) as refused:
            sdk.v1.refunds.create({"payment_intent": intent.id})

        assert refused.value.code == "charge_disputed"
        assert sdk.v1.disputes.list({"payment_intent": intent.id}).data[0].amount == 100_000

    def test_is_made_once_per_key(self, sdk):
        """
        A refund repeated under its idempotency key is the same refund.
        """
        intent = paid(sdk)
        made = [sdk.v1.refunds.create({"payment_intent": intent.id, "amount": 30_000}, {"idempotency_key": intent.id}).id for _ in range(3)]
        assert len(set(made)) == 1
        assert sdk.v1.charges.retrieve(intent.latest_charge).amount_refunded == 30_000
