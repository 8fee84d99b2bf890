import json
import os

import pytest

from chalicelib import wiring
from chalicelib.settings import InvalidSettingsError, read
from chalicelib.wiring import bank
from local.supervisor.parts import PAYEE

BODY = {"amount": {"amount": 150_000_000, "currency": "KZT"}, "method": "bank_transfer"}


@pytest.mark.rule("23")
class TestInvoices:
    def test_are_asked_for_listed_and_printed(self, house):
        """
        201 with reference, account, term and where the sheet is; then in the list, by itself, and as PDF in the caller's language.
        """
        user = house.user()
        made = house.post("/v1/me/wallet/top-ups", user, BODY)

        assert 201 == made.status, made.json
        assert {"reference", "account", "expires_at", "invoice"} <= set(made.json)
        assert (150_000_000, "open", 0) == (made.json["amount"]["amount"], made.json["status"], made.json["received"]["amount"])
        assert made.json["account"]["sample"]
        assert made.json["reference"] in made.json["purpose"]
        path = f"/v1/me/invoices/{made.json['reference']}"
        shown = house.get(path, user)
        assert made.json == shown.json == house.get("/v1/me/invoices", user).json["items"][0]
        assert 304 == house.get(path, user, **{"If-None-Match": shown.headers["etag"]}).status
        sheets = [house.get(made.json["invoice"], user, **{"Accept-Language": language}) for language in ("kk", "ru", "en")]
        assert ["application/pdf"] * 3 == [sheet.headers["content-type"] for sheet in sheets]
        assert 3 == len({sheet.body for sheet in sheets})

    def test_are_for_bookings_too(self, house):
        """
        What a booking needs less what the wallet has; the same key gives the same one; it names the booking.
        """
        user = house.user()
        booking = house.applied(user)
        first = house.post(f"/v1/bookings/{booking}/invoice", user, key="once")
        second = house.post(f"/v1/bookings/{booking}/invoice", user, key="once")

        assert (201, booking) == (first.status, first.json["booking"])
        assert first.json == second.json

    def test_are_nobody_elses(self, house):
        """
        Another user finds neither the invoice nor its sheet.
        """
        mine = house.post("/v1/me/wallet/top-ups", house.user(), BODY).json
        other = house.user()

        assert [404, 404] == [house.get(path, other).status for path in (f"/v1/me/invoices/{mine['reference']}", mine["invoice"])]
        assert [] == house.get("/v1/me/invoices", other).json["items"]

    def test_take_more_than_a_card(self, house):
        """
        The card provider's limit binds cards only, and the field that is wrong is named.
        """
        refused = house.post("/v1/me/wallet/top-ups", house.user(), {**BODY, "method": "card"})

        assert (422, "amount.amount") == (refused.status, refused.json["errors"][0]["field"])

    def test_need_an_account_to_pay_to(self, house, monkeypatch):
        """
        Without the setting a clear problem says what lacks, in the caller's language.
        """
        use = wiring.ask_invoice()
        monkeypatch.setattr(bank, "ask_invoice", lambda: type(use)(**{**fields(use), "payee": lambda: None}))

        answer = house.post("/v1/me/wallet/top-ups", house.user(), BODY, **{"Accept-Language": "kk"})

        assert (409, "PAYEE_UNKNOWN", "§23") == (answer.status, answer.code, answer.json["rule"])
        assert "деректемелері" in answer.json["detail"]


def fields(use):
    """
    The parts a use case was built with.
    """
    return {name: getattr(use, name) for name in use.__dataclass_fields__}


@pytest.mark.rule("23")
class TestTheSetting:
    @pytest.mark.parametrize("value", ["", "{}", None])
    def test_has_no_default(self, house, value):
        """
        Nothing set, or an empty object: nobody is the payee.
        """
        environment = {name: each for name, each in os.environ.items() if name != "QUEUE_PAYEE"}

        assert read({**environment, **({} if value is None else {"QUEUE_PAYEE": value})}).payee is None

    @pytest.mark.parametrize("value", ["{", "[]", json.dumps({**json.loads(PAYEE.read_text(encoding="utf-8")), "iik": "KZ1"})])
    def test_is_refused_when_wrong(self, house, value):
        """
        A deployment with half a payee does not start.
        """
        with pytest.raises(InvalidSettingsError, match="QUEUE_PAYEE"):
            read({**os.environ, "QUEUE_PAYEE": value})
