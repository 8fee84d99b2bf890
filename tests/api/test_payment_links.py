"""
Pay by link over HTTP: a stranger without an account pays, and learns nothing but amount and plate.
"""

import os

import pytest

from chalicelib.api.views.payable import payers_intent_view
from chalicelib.domain.payments import IntentStatus, PaymentIntent
from chalicelib.settings import read

MCI = 432_500


@pytest.fixture
def held(house):
    """
    A user and his booking, a place held for it.
    """
    user = house.user()
    booking = house.applied(user)
    assert 200 == house.post(f"/v1/bookings/{booking}/place", user, {"slot_start": "first_free"}).status
    return user, booking


def token_of(house, held, **more):
    """
    Give the link: its token.
    """
    user, booking = held
    return house.post(f"/v1/bookings/{booking}/payment-link", user, **more).json["url"].rpartition("/pay/")[2]


@pytest.mark.rule("23", "26")
class TestPaymentLink:
    def test_is_paid_by_a_stranger(self, house, held):
        """
        He reads amount, plate and deadline, opens the card payment, and the webhook confirms the booking.
        """
        user, booking = held
        given = house.post(f"/v1/bookings/{booking}/payment-link", user)
        own = house.get(f"/v1/bookings/{booking}", user).json
        token = given.json["url"].rpartition("/pay/")[2]
        assert (200, own["hold_expires_at"], 22) == (given.status, given.json["expires_at"], len(token))

        seen = house.get(f"/v1/pay/{token}")
        opened = house.post(f"/v1/pay/{token}/payment")

        assert ("waiting", 21 * MCI, own["hold_expires_at"]) == (seen.json["state"], seen.json["amount"]["amount"], seen.json["pay_until"])
        assert {"country": own["vehicle"]["country"], "plate": own["vehicle"]["plate"]} == seen.json["vehicle"]
        assert (201, 21 * MCI) == (opened.status, opened.json["amount"]["amount"])
        assert "private" in seen.headers["cache-control"]
        assert "no-store" in opened.headers["cache-control"]
        house.pay(opened.json["payment_intent"], 21 * MCI)
        assert ("confirmed", "paid") == (
            house.get(f"/v1/bookings/{booking}", user).json["status"],
            house.get(f"/v1/pay/{token}").json["state"],
        )
        assert "ALREADY_CONFIRMED" == house.post(f"/v1/pay/{token}/payment").code

    def test_tells_nothing_personal(self, house, held):
        """
        No name, phone, number, VIN, place or time of the trip: in no state, in no problem.
        """
        user, booking = held
        token, own = token_of(house, held), house.get(f"/v1/bookings/{booking}", user).json
        said = [house.get(f"/v1/pay/{token}").body.decode(), house.post(f"/v1/pay/{token}/payment").body.decode()]
        house.advance(minutes=21)
        said += [house.get(f"/v1/pay/{token}").body.decode(), house.post(f"/v1/pay/{token}/payment").body.decode()]

        driver = own["drivers"][0]
        hidden = (driver["name"], driver["phone"], driver["iin"], driver["document"]["number"], own["vehicle"]["vin"], own["checkpoint"])
        assert not [word for word in (*hidden, booking, own["slot"]["start"]) for text in said if word in text]
        assert ("lapsed", "LINK_NOT_PAYABLE") == (house.get(f"/v1/pay/{token}").json["state"], house.post(f"/v1/pay/{token}/payment").code)

    def test_taken_back_is_as_unknown_as_any(self, house, held):
        """
        The next one is another.
        """
        user, booking = held
        token = token_of(house, held)
        assert token == token_of(house, held)

        assert 204 == house.client.send("DELETE", f"/v1/bookings/{booking}/payment-link", headers=user).status

        gone, unknown = house.get(f"/v1/pay/{token}"), house.get(f"/v1/pay/{'A' * 22}")
        assert (404, gone.body) == (gone.status, unknown.body)
        assert [404, 404] == [house.post(f"/v1/pay/{each}/payment").status for each in (token, "short")]
        assert token != token_of(house, held)

    def test_answers_a_repeated_request_again(self, house, held):
        """
        Link and payment under one key: the first answer.
        """
        token = token_of(house, held, key="one-key")
        assert token == token_of(house, held, key="one-key")
        paid = [house.post(f"/v1/pay/{token}/payment", key="pay-key").json["payment_intent"] for _ in range(2)]
        assert paid[0] == paid[1]

    def test_is_for_a_held_place(self, house):
        """
        An application has nothing to pay yet.
        """
        user = house.user()
        booking = house.applied(user)

        assert "NOT_HELD" == house.post(f"/v1/bookings/{booking}/payment-link", user).code

    def test_answers_an_unchanged_question_with_304(self, house, held):
        """
        It is polled: what has not changed costs nothing.
        """
        token = token_of(house, held)
        tag = house.get(f"/v1/pay/{token}").headers["etag"]

        assert 304 == house.get(f"/v1/pay/{token}", **{"If-None-Match": tag}).status

    @pytest.mark.parametrize(
        ("payments", "script"),
        [({}, "https://js.stripe.com/v3/"), ({"QUEUE_PAYMENTS_URL": "http://127.0.0.1:1/"}, "http://127.0.0.1:1/v3/")],
    )
    def test_says_where_the_card_form_comes_from(self, house, payments, script):
        """
        The provider's own script and our key there, or the double's; a deployment without a key says nothing of it.
        """
        intent = PaymentIntent("pi_1", "pi_1_secret", IntentStatus.REQUIRES_PAYMENT_METHOD, 5, "KZT")
        settings = [read({**os.environ, **payments, **more}) for more in ({"QUEUE_PAYMENTS_KEY": "pk_1"}, {})]

        shown = [payers_intent_view(intent, settings=each).element for each in settings]

        assert (script, "pk_1", None) == (shown[0].script, shown[0].publishable_key, shown[1])
