import pytest

from tests.api.forms import event, signature

MCI = 432_500


class TestWallet:
    @pytest.mark.rule("23")
    def test_is_topped_up_by_card_and_pays(self, house):
        """
        A top-up comes in by the webhook only; then the balance pays at once.
        """
        user = house.user()
        body = {"amount": {"amount": 30 * MCI, "currency": "KZT"}, "method": "card"}
        opened = house.post("/v1/me/wallet/top-ups", user, body)
        assert (201, 0) == (opened.status, house.get("/v1/me/wallet", user).json["available"]["amount"])
        house.pay(opened.json["payment_intent"], 30 * MCI)
        house.pay(opened.json["payment_intent"], 30 * MCI)
        assert 30 * MCI == house.get("/v1/me/wallet", user).json["available"]["amount"]

        booking = house.applied(user)
        house.post(f"/v1/bookings/{booking}/place", user, {"slot_start": "first_free"})
        paid = house.post(f"/v1/bookings/{booking}/payment", user, {"method": "balance"})
        assert (200, "confirmed") == (paid.status, paid.json["status"])
        assert 9 * MCI == house.get("/v1/me/wallet", user).json["available"]["amount"]

    @pytest.mark.rule("28")
    def test_gives_free_money_back_to_its_card(self, house):
        """
        What came by card goes back to it and leaves the wallet at once; the same key shows the same refund, more than came is refused.
        """
        user = house.user()
        body = {"amount": {"amount": 2 * MCI, "currency": "KZT"}, "method": "card"}
        intent = house.post("/v1/me/wallet/top-ups", user, body).json["payment_intent"]
        house.pay(intent, 2 * MCI)
        back = {"amount": {"amount": MCI, "currency": "KZT"}}

        asked = [house.post("/v1/me/wallet/refunds", user, back, key="back-once") for _ in range(2)]

        assert [201, 201] == [answer.status for answer in asked]
        assert asked[0].json == asked[1].json
        (refund,) = asked[0].json["refunds"]
        assert (intent, "started", MCI) == (refund["payment_intent"], refund["status"], asked[0].json["amount"]["amount"])
        assert MCI == house.get("/v1/me/wallet", user).json["available"]["amount"]
        entry = house.get("/v1/me/wallet/entries", user).json["items"][0]
        assert ("refund", -MCI) == (entry["kind"], entry["available"]["amount"])
        assert "INSUFFICIENT_FUNDS" == house.post("/v1/me/wallet/refunds", user, {"amount": {"amount": 2 * MCI, "currency": "KZT"}}).code

    def test_that_is_empty_says_what_is_missing(self, house):
        """
        Paying from an empty balance is refused.
        """
        user = house.user()
        booking = house.applied(user)
        house.post(f"/v1/bookings/{booking}/place", user, {"slot_start": "first_free"})

        assert "INSUFFICIENT_FUNDS" == house.post(f"/v1/bookings/{booking}/payment", user, {"method": "balance"}).code


class TestWebhook:
    def test_believes_only_its_signature(self, house):
        """
        T05: no signature, a stale one and a changed body are refused alike.
        """
        payload = event("pi_att_x", 5)
        stale = {"Stripe-Signature": "t=1700000000,v1=" + "0" * 64, "Content-Type": "application/json"}
        tries = [({}, payload), (stale, payload), (signature(payload), payload + b" ")]

        for headers, body in tries:
            answer = house.client.send("POST", "/v1/stripe/webhook", raw=body, headers=headers)
            assert (400, "WEBHOOK_SIGNATURE_INVALID") == (answer.status, answer.code)
        known = house.client.send("POST", "/v1/stripe/webhook", raw=payload, headers=signature(payload))
        assert (200, {"received": True, "changed": False}) == (known.status, known.json)
