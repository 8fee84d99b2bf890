import httpx
import pytest
import stripe

from tests.local.payments.double import PUBLISHABLE_KEY, SECRET_KEY

FEE = 432_500


def opened(sdk, **extra):
    return sdk.v1.payment_intents.create({"amount": FEE, "currency": "kzt", "payment_method_types": ["card"], **extra})


class TestPaymentIntent:
    def test_goes_the_whole_way_through_the_sdk(self, sdk):
        """
        Created, confirmed with a good card and read again, an intent has its charge, its fee at the provider and its metadata.
        """
        intent = opened(sdk, metadata={"attempt": "a-1", "purpose": "booking"}, description="Очередь")
        assert (intent.status, intent.amount, intent.currency, intent.livemode) == ("requires_payment_method", FEE, "kzt", False)
        assert intent.client_secret.startswith(f"{intent.id}_secret_")

        paid = sdk.v1.payment_intents.confirm(
            intent.id, {"payment_method": "pm_card_visa", "expand": ["latest_charge.balance_transaction"]}
        )

        assert (paid.status, paid.amount_received, paid.description) == ("succeeded", FEE, "Очередь")
        assert paid.metadata.to_dict() == {"attempt": "a-1", "purpose": "booking"}
        charge = paid.latest_charge
        assert (charge.paid, charge.amount_captured, charge.payment_intent) == (True, FEE, intent.id)
        assert charge.balance_transaction.net == FEE - charge.balance_transaction.fee
        assert sdk.v1.payment_intents.retrieve(intent.id).latest_charge == charge.id
        assert sdk.v1.charges.retrieve(charge.id).payment_method_details.card.last4 == "4242"

    def test_survives_a_declined_card(self, sdk):
        """
        A decline is a CardError with its code, leaves the failed charge and the reason behind, and the next card pays.
        """
        intent = opened(sdk)

        with pytest.raises(stripe.CardError) as declined:
            sdk.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_chargeDeclined"})

        error = declined.value
        assert (error.http_status, error.code, error.error.decline_code) == (402, "card_declined", "generic_decline")
        assert error.error.payment_intent.status == "requires_payment_method"
        after = sdk.v1.payment_intents.retrieve(intent.id)
        assert (after.status, after.last_payment_error.code, after.amount_received) == ("requires_payment_method", "card_declined", 0)
        assert sdk.v1.charges.retrieve(after.latest_charge).status == "failed"
        assert sdk.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"

    @pytest.mark.parametrize(
        ("card", "code"),
        [
            ("pm_card_chargeDeclinedExpiredCard", "expired_card"),
            ("pm_card_chargeDeclinedProcessingError", "processing_error"),
            ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined"),
        ],
    )
    def test_names_why_a_card_was_declined(self, sdk, card, code):
        """
        Every bad test card fails with its own code.
        """
        with pytest.raises(stripe.CardError) as declined:
            opened(sdk, payment_method=card, confirm=True)
        assert declined.value.code == code

    def test_is_paid_once(self, sdk):
        """
        A paid intent can be neither confirmed nor canceled, and the refusal carries the intent.
        """
        intent = opened(sdk, payment_method="pm_card_visa", confirm=True)

        for step in (lambda: sdk.v1.payment_intents.confirm(intent.id), lambda: sdk.v1.payment_intents.cancel(intent.id)):
            with pytest.raises(stripe.InvalidRequestError) as refused:
                step()
            assert refused.value.code == "payment_intent_unexpected_state"
            assert refused.value.error.payment_intent.status == "succeeded"
        assert len(sdk.v1.charges.list({"payment_intent": intent.id}).data) == 1

    def test_is_canceled_for_good(self, sdk):
        """
        A canceled intent cannot be paid any more.
        """
        intent = opened(sdk)
        assert sdk.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"}).status == "canceled"

        with pytest.raises(stripe.InvalidRequestError) as refused:
            sdk.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

        assert refused.value.code == "payment_intent_unexpected_state"

    @pytest.mark.parametrize(
        ("fields", "param", "code"),
        [
            ({"amount": 100}, "amount", "amount_too_small"),
            ({"amount": 100_000_000}, "amount", "amount_too_large"),
            ({"amount": "4325.00"}, "amount", "parameter_invalid_integer"),
            ({"amount": -432_500}, "amount", "parameter_invalid_integer"),
            ({"amount": ""}, "amount", "parameter_missing"),
            ({"currency": "usd"}, "currency", None),
            ({"customer": "cus_nobody"}, "customer", "resource_missing"),
            ({"payment_method": "pm_card_unheard_of", "confirm": "true"}, "payment_method", "resource_missing"),
            ({"colour": "red"}, "colour", "parameter_unknown"),
            ({"metadata": "flat"}, "metadata", None),
            ({"expand[]": "moon"}, None, None),
        ],
    )
    def test_refuses_bad_parameters_by_name(self, double, fields, param, code):
        """
        Whatever is wrong is a 400 that names the parameter, and nothing is created.
        """
        before = double.sdk().v1.events.list({"limit": 1}).data

        answer = double.call("POST", "/v1/payment_intents", **({"amount": FEE, "currency": "kzt"} | fields))

        error = answer.json()["error"]
        assert (answer.status_code, error["type"], error.get("code")) == (400, "invalid_request_error", code)
        assert param is None or error["param"] == param
        if "expand[]" not in fields:
            assert double.sdk().v1.events.list({"limit": 1}).data == before

    def test_lists_newest_first_in_pages(self, sdk):
        """
        Pages of one follow each other without gap or repetition.
        """
        made = [opened(sdk).id for _ in range(3)]

        first = sdk.v1.payment_intents.list({"limit": 1})
        second = sdk.v1.payment_intents.list({"limit": 2, "starting_after": first.data[0].id})

        assert [intent.id for intent in [*first.data, *second.data]] == made[::-1]
        assert first.has_more
        back = sdk.v1.payment_intents.list({"ending_before": made[0]})
        assert [intent.id for intent in back.data] == made[:0:-1]


class TestKeys:
    @pytest.mark.parametrize("key", ["nothing", "sk_test_wrong", SECRET_KEY[:-1], SECRET_KEY + "x"])
    def test_refuses_a_wrong_secret_key(self, double, key):
        """
        A word that is no key, a wrong one, one byte less, one byte more: 401, and the key is not repeated.
        """
        answer = double.call("GET", "/v1/events", key=key)

        assert answer.status_code == 401
        assert key not in answer.text

    def test_takes_the_key_as_a_basic_user_name(self, double):
        """
        Curl's `-u sk_test_…:` works as it does at the provider.
        """
        assert httpx.get(f"{double.base_url}/v1/events", auth=(SECRET_KEY, ""), trust_env=False).status_code == 200

    def test_lets_a_payer_confirm_with_the_client_secret(self, double, sdk):
        """
        The publishable key confirms its own intent, sees it again, and learns nothing of metadata or charge.
        """
        intent = opened(sdk, metadata={"account": "acc-1"})
        path = f"/v1/payment_intents/{intent.id}"

        paid = double.call(
            "POST", f"{path}/confirm", key=PUBLISHABLE_KEY, payment_method="pm_card_visa", client_secret=intent.client_secret
        )
        seen = double.call("GET", path, key=PUBLISHABLE_KEY, client_secret=intent.client_secret)

        assert (paid.status_code, paid.json()["status"]) == (200, "succeeded")
        assert seen.json() == paid.json()
        assert not {"metadata", "latest_charge", "customer"} & seen.json().keys()

    def test_hides_a_decline_from_nobody_but_its_payer(self, double, sdk):
        """
        A declined payer gets the reason, with the public view of the intent only.
        """
        intent = opened(sdk, metadata={"account": "acc-1"})

        answer = double.call(
            "POST", f"/v1/payment_intents/{intent.id}/confirm", key=PUBLISHABLE_KEY,
            payment_method="pm_card_chargeDeclined", client_secret=intent.client_secret,
        )  # fmt: skip

        assert (answer.status_code, answer.json()["error"]["code"]) == (402, "card_declined")
        assert "metadata" not in answer.json()["error"]["payment_intent"]

    def test_shows_a_payer_no_other_intent(self, double, sdk):
        """
        Without the secret, with another intent's secret or with an unknown id the publishable key reads and pays nothing.
        """
        mine, other = opened(sdk), opened(sdk)

        for fields in ({}, {"client_secret": mine.client_secret}, {"client_secret": ""}):
            seen = double.call("GET", f"/v1/payment_intents/{other.id}", key=PUBLISHABLE_KEY, **fields)
            paid = double.call(
                "POST", f"/v1/payment_intents/{other.id}/confirm", key=PUBLISHABLE_KEY, payment_method="pm_card_visa", **fields
            )
            assert (seen.status_code, paid.status_code) == (400, 400)
            assert other.client_secret not in seen.text + paid.text
        assert sdk.v1.payment_intents.retrieve(other.id).status == "requires_payment_method"

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/v1/payment_intents"),
            ("POST", "/v1/payment_intents"),
            ("GET", "/v1/events"),
            ("POST", "/v1/refunds"),
            ("GET", "/v1/charges"),
        ],
    )
    def test_gives_the_publishable_key_nothing_else(self, double, method, path):
        """
        Everything that is not the payer's own step is 403 `secret_key_required`.
        """
        answer = double.call(method, path, key=PUBLISHABLE_KEY)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "secret_key_required")

    def test_knows_no_other_address(self, double):
        """
        An unknown address is a 404 in the provider's shape.
        """
        answer = double.call("GET", "/v1/subscriptions")
        assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")
        assert answer.headers["request-id"].startswith("req_")

    def test_answers_pages_but_shows_them_no_knob(self, double):
        """
        A page of another origin may confirm a payment, as with the provider's script, and may not turn the knobs.
        """
        asked = {"Origin": "http://127.0.0.1:1", "Access-Control-Request-Method": "POST"}

        paying = httpx.options(f"{double.base_url}/v1/payment_intents/pi_1/confirm", headers=asked, trust_env=False)
        turning = httpx.options(f"{double.base_url}/_double/webhooks", headers=asked, trust_env=False)

        assert (paying.status_code, paying.headers["access-control-allow-origin"]) == (204, "*")
        assert turning.status_code == 404
        assert "access-control-allow-origin" not in turning.headers

    def test_refuses_a_body_that_is_too_large(self, double):
        """
        More than 256 KB is refused before it is read as anything.
        """
        assert double.call("POST", "/v1/payment_intents", description="x" * 300_000).status_code == 413
