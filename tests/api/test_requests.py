import json

import pytest
from pydantic import Field

from chalicelib.api.operation import PathParameter
from chalicelib.api.schemas.base import Query, Request, View
from chalicelib.api.schemas.fields import Moment, Money, Text

NAME = PathParameter("[a-z-]+", "A name", "nur-zholy")


class Shown(View):
    seen: str


class Order(Request):
    name: Text
    price: Money
    at: Moment | None = None


class Wanted(Query):
    day: int = Field(ge=1)


class TestBody:
    @pytest.fixture
    def orders(self, sample):
        """
        An operation with a body.
        """
        return sample.declare(
            "POST", "/orders", lambda call: Shown(seen=call.body.name), request=Order, response=Shown, status=201
        ).client()

    def order(self, **changes):
        """
        A good body, changed.
        """
        return {"name": "Асқар", "price": {"amount": 5, "currency": "KZT"}, **changes}

    def test_reaches_the_handler_parsed(self, orders):
        """
        What is well formed arrives as a value, texts composed and trimmed.
        """
        answer = orders.send("POST", "/orders", body=self.order(name="  И\u0438\u0306  а "))

        assert (201, {"seen": "Ий а".replace("й", "\u0439")}) == (answer.status, answer.json)

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"{",
            b"\xff\xfe",
            b'{"name": NaN}',
            b"[" * 100_000,
            b'{"name": "a", "name": "b", "price": {"amount": 1}}',
            b'{"name": "\\ud800", "price": {"amount": 1}}',
            b'{"x": 1' + b"0" * 5000 + b"}",
        ],
    )
    def test_that_is_no_json_is_400(self, orders, raw):
        """
        Malformed JSON, repeated keys, NaN, endless nesting and lone surrogates are one problem, never a fault.
        """
        answer = orders.send("POST", "/orders", raw=raw, headers={"Content-Type": "application/json"})

        assert (400, "MALFORMED_JSON") == (answer.status, answer.code)

    def test_that_is_too_large_is_413(self, orders):
        """
        256 KB and not a byte more.
        """
        answer = orders.send("POST", "/orders", raw=b" " * (256 * 1024 + 1), headers={"Content-Type": "application/json"})

        assert (413, "BODY_TOO_LARGE") == (answer.status, answer.code)

    @pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"])
    def test_of_another_type_is_415(self, orders, kind):
        """
        Only JSON in UTF-8 is read.
        """
        answer = orders.send("POST", "/orders", raw=json.dumps(self.order()).encode(), headers={"Content-Type": kind} if kind else {})

        assert (415, "UNSUPPORTED_MEDIA_TYPE") == (answer.status, answer.code)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": None}, "name"),
            ({"name": 5}, "name"),
            ({"name": "  "}, "name"),
            ({"name": "a\u202eb"}, "name"),
            ({"name": "x" * 201}, "name"),
            ({"role": "admin"}, "role"),
            ({"price": {"amount": "5", "currency": "KZT"}}, "price.amount"),
            ({"price": {"amount": 5.5, "currency": "KZT"}}, "price.amount"),
            ({"price": {"amount": True, "currency": "KZT"}}, "price.amount"),
            ({"price": {"amount": 5, "currency": "USD"}}, "price.currency"),
            ({"price": {"amount": 5, "paid": True}}, "price.paid"),
            ({"at": "2026-12-03T14:00:00"}, "at"),
            ({"at": 1764752400}, "at"),
            ({"at": "2026-02-30T14:00:00+05:00"}, "at"),
            ({"at": "9999-12-31T23:59:59Z"}, "at"),
        ],
    )
    def test_with_a_wrong_field_is_422_by_its_name(self, orders, changes, field):
        """
        T03: the field is named, whether missing, wrong, extra or meant for somebody else's eyes.
        """
        answer = orders.send("POST", "/orders", body=self.order(**changes))

        assert (422, "INVALID_FIELDS", [field]) == (answer.status, answer.code, answer.fields)

    def test_is_complained_of_in_the_callers_language(self, orders):
        """
        Messages come in Kazakh, Russian and English, and never repeat what was sent.
        """
        said = {
            language: orders.send("POST", "/orders", body=self.order(name=5), headers={"Accept-Language": language}).json
            for language in ("kk", "ru", "en")
        }

        assert ["Мәтін күтіледі.", "Ожидается строка.", "A string is expected."] == [item["errors"][0]["message"] for item in said.values()]
        assert len({item["title"] for item in said.values()}) == 3


class TestQuery:
    @pytest.fixture
    def days(self, sample):
        """
        An operation with a query.
        """
        return sample.declare("GET", "/days", lambda call: Shown(seen=str(call.query.day)), query=Wanted, response=Shown).client()

    @pytest.mark.parametrize(
        ("query", "field"), [("", "day"), ("day=x", "day"), ("day=0", "day"), ("day=1&day=2", "day"), ("day=1&x=1", "x")]
    )
    def test_is_refused_by_name(self, days, query, field):
        """
        Missing, wrong, repeated and unknown parameters are named.
        """
        answer = days.send("GET", f"/days?{query}")

        assert (422, [field]) == (answer.status, answer.fields)

    def test_reaches_the_handler_as_its_kind(self, days):
        """
        A number is a number.
        """
        assert days.send("GET", "/days?day=7").json == {"seen": "7"}
