from datetime import timedelta

import pytest

from chalicelib import wiring
from tests.api.forms import HERE, event, signature

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


class TestFinance:
    @pytest.mark.rule("24", "D29")
    def test_reads_settlements_and_their_file(self, house):
        """
        A settled day equals the fees confirmed in it, in the list, by itself and as CSV.
        """
        user, finance = house.user(), house.staff("finance")
        house.confirmed(user)
        day = wiring.rules_on(wiring.clock().now()).today(wiring.clock().now())
        house.advance(days=1, minutes=30)
        try:
            wiring.settle_days().close(day=day)
            shown = house.get(f"/v1/finance/settlements/{day}", finance).json
            file = house.get(f"/v1/finance/settlements/{day}/files/csv", finance)
        finally:
            house.advance(days=-1, minutes=-30)

        assert shown["due"]["amount"] % MCI == 0 < shown["due"]["amount"]
        assert shown["due"]["amount"] == sum(row["fees"]["amount"] for row in shown["rows"])
        assert str(day) in [item["id"] for item in house.get("/v1/finance/settlements", finance).json["items"]]
        assert "text/csv; charset=utf-8" == file.headers["content-type"]
        assert file.body.decode("utf-8-sig").splitlines()[1].startswith(f"{day},{HERE},general,")
        assert 404 == house.get(f"/v1/finance/settlements/{day + timedelta(days=300)}", finance).status
