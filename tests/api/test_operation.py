import json

import pytest
from pydantic import Field

from chalicelib.api.answers import Answer, Document
from chalicelib.api.call import Role
from chalicelib.api.operation import PUBLIC, SIGNED_IN, Key, PathParameter, operation
from chalicelib.api.schemas.base import Items, PageQuery, Query, Request, View
from chalicelib.api.schemas.fields import Moment, Money, Text
from chalicelib.domain.decisions import Code, Reason, Refused
from chalicelib.usecases.ports import StoreBusyError

NAME = PathParameter("[a-z-]+", "A name", "nur-zholy")


class Order(Request):
    name: Text
    price: Money
    at: Moment | None = None


class Shown(View):
    seen: str


class Wanted(Query):
    day: int = Field(ge=1)


class Stamped(View):
    count: int
    as_of: str


class TestDeclaration:
    def test_refuses_one_that_contradicts_itself(self, sample):
        """
        A declaration that could not be kept fails at import, before it ships.
        """
        wrong = [
            {"method": "GET", "path": "/a/{id}"},
            {"method": "GET", "path": "/a", "request": Order},
            {"method": "POST", "path": "/a", "polled": True},
            {"method": "GET", "path": "/a", "own": "id"},
            {"method": "GET", "path": "/a/{id}", "parameters": {"id": NAME}, "own": "id", "roles": PUBLIC},
        ]
        for declared in wrong:
            method, path = declared.pop("method"), declared.pop("path")
            with pytest.raises(TypeError, match=path):
                sample.declare(method, path, **declared)

    def test_is_refused_without_roles(self, sample):
        """
        Nobody forgets to say who may: there is no default.
        """
        with pytest.raises(TypeError, match="roles"):
            operation(sample.blueprint, "GET", "/a", summary="", tags=(), response=None)

    def test_is_refused_twice(self, sample):
        """
        A path and method have one meaning.
        """
        sample.declare("GET", "/a")
        with pytest.raises(TypeError, match="twice"):
            sample.declare("GET", "/a")


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


class TestPath:
    def test_that_could_name_nothing_is_404(self, sample):
        """
        A malformed name is as unknown as any other.
        """
        client = sample.declare(
            "GET", "/a/{id}", lambda call: Shown(seen=call.path["id"]), parameters={"id": NAME}, response=Shown
        ).client()

        assert client.send("GET", "/a/nur-zholy").json == {"seen": "nur-zholy"}
        assert (404, "NOT_FOUND") == ((answer := client.send("GET", "/a/..%2f")).status, answer.code)


class TestIdempotencyKey:
    @pytest.fixture
    def pay(self, sample, people):
        """
        An operation that requires a key, and the keys its handler saw.
        """
        seen = []

        def handler(call):
            seen.append(call.idempotency_key)
            return Shown(seen=call.idempotency_key.scope)

        declared = {"request": Order, "response": Shown, "idempotency": Key.REQUIRED, "roles": SIGNED_IN}
        client = sample.declare("POST", "/pay/{id}", handler, parameters={"id": NAME}, **declared).client()
        caller = people.bearer("acc_a")
        return lambda body, **headers: client.send("POST", "/pay/b-one", body=body, headers={**caller, **headers}), seen

    def test_is_required_where_declared(self, pay):
        """
        Whoever may be charged twice must name his request.
        """
        send, _ = pay
        body = {"name": "a", "price": {"amount": 1}}

        assert send(body).code == "IDEMPOTENCY_KEY_REQUIRED"
        assert send(body, **{"Idempotency-Key": "x" * 129}).fields == ["Idempotency-Key"]
        assert send(body, **{"Idempotency-Key": "a b"}).fields == ["Idempotency-Key"]

    def test_is_scoped_and_keeps_the_request_whatever_its_spelling(self, pay):
        """
        Scope is account, method and path; two spellings of one body are one request.
        """
        send, seen = pay

        assert send({"name": "a", "price": {"amount": 1}}, **{"Idempotency-Key": "k"}).json == {"seen": "acc_a POST /pay/b-one"}
        send({"price": {"currency": "KZT", "amount": 1}, "name": " a "}, **{"Idempotency-Key": "k"})
        assert seen[0].request == seen[1].request


class TestAuthorization:
    def test_is_asked_before_the_body_is_read(self, sample, people):
        """
        A stranger learns nothing of what an operation takes.
        """
        client = sample.declare("POST", "/a", request=Order, roles=frozenset({Role.FINANCE})).client()

        assert (401, 'Bearer realm="queue"') == ((answer := client.send("POST", "/a", raw=b"{")).status, answer.headers["www-authenticate"])
        assert client.send("POST", "/a", raw=b"{", headers=people.bearer("acc_a")).code == "FORBIDDEN"

    def test_gives_every_bad_credential_the_same_body(self, sample, people):
        """
        T01: wrong scheme, forged token, account that is gone: one and the same answer.
        """
        client = sample.declare("GET", "/a", roles=SIGNED_IN).client()
        gone = people.bearer("acc_gone")
        people.accounts.clear()
        bad = [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}, {"Authorization": "Bearer a.b.c"}, gone]

        assert len({(answer.status, answer.body) for answer in (client.send("GET", "/a", headers=item) for item in bad)}) == 1

    def test_keeps_an_officer_to_his_checkpoints(self, sample, people):
        """
        Checkpoints are public, so another's is 403 and not 404; an administrator goes everywhere.
        """
        roles = frozenset({Role.OFFICER, Role.ADMIN})
        client = sample.declare("GET", "/c/{id}", roles=roles, parameters={"id": NAME}, checkpoint="id").client()
        officer = people.bearer("acc_o", roles=("officer",), checkpoints=("nur-zholy",))

        assert client.send("GET", "/c/nur-zholy", headers=officer).status == 200
        assert client.send("GET", "/c/dostyk", headers=officer).code == "NOT_YOUR_CHECKPOINT"
        assert client.send("GET", "/c/nowhere", headers=officer).code == "NOT_FOUND"
        assert client.send("GET", "/c/khorgos", headers=people.bearer("acc_x", roles=("admin",))).status == 200


class TestAnswer:
    def test_is_304_while_nothing_has_changed(self, sample):
        """
        A poll that learns nothing costs 300 bytes at most; the moment of reckoning alone is no change.
        """
        state = {"count": 1, "as_of": 0}

        def handler(call):
            state["as_of"] += 1
            return Stamped(count=state["count"], as_of=str(state["as_of"]))

        client = sample.declare("GET", "/a", handler, response=Stamped, polled=True, unversioned={"as_of"}).client()
        tag = client.send("GET", "/a").headers["etag"]
        again = client.send("GET", "/a", headers={"If-None-Match": tag})
        size = sum(len(name) + len(value) + 4 for name, value in again.headers.items())

        assert (304, b"") == (again.status, again.body)
        assert size < 220
        state["count"] = 2
        assert client.send("GET", "/a", headers={"If-None-Match": tag}).json["count"] == 2

    def test_may_be_a_file(self, sample):
        """
        Binary answers leave as bytes, with or without an Accept header.
        """
        client = sample.declare("GET", "/a", lambda call: Document(b"%PDF-\xff", "application/pdf", "pass.pdf")).client()

        for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/pdf"}):
            answer = client.send("GET", "/a", headers=headers)
            assert (200, b"%PDF-\xff") == (answer.status, answer.body)
            assert answer.headers["content-disposition"] == 'attachment; filename="pass.pdf"'

    def test_may_have_a_status_of_its_own(self, sample):
        """
        One operation may answer in more than one way.
        """
        client = sample.declare("GET", "/a", lambda call: Answer(Shown(seen="x"), 202, {"Location": "/b"})).client()

        assert (202, "/b") == ((answer := client.send("GET", "/a")).status, answer.headers["location"])

    def test_is_a_problem_when_refused(self, sample):
        """
        A refusal shows code, paragraph and every reason.
        """
        refused = Refused((Reason(Code.ACTIVE_BOOKING_EXISTS, "21", {"checkpoint": "nur-zholy"}), Reason(Code.DEBT, "27")))
        answer = sample.declare("GET", "/a", lambda call: refused).client().send("GET", "/a", headers={"Accept-Language": "en"})

        assert (409, "application/problem+json") == (answer.status, answer.headers["content-type"])
        assert ("ACTIVE_BOOKING_EXISTS", "§21") == (answer.code, answer.json["rule"])
        assert ["ACTIVE_BOOKING_EXISTS", "DEBT"] == [item["code"] for item in answer.json["reasons"]]

    @pytest.mark.parametrize(("error", "status"), [(StoreBusyError("secret"), 503), (RuntimeError("secret"), 500)])
    def test_to_a_fault_tells_nothing_of_the_inside(self, sample, capsys, error, status):
        """
        Known faults say when to come again; unknown ones say nothing; neither the answer nor the log holds the message.
        """

        def handler(call):
            raise error

        answer = sample.declare("GET", "/a", handler).client().send("GET", "/a")

        assert status == answer.status
        assert ("retry-after" in answer.headers) == (status == 503)
        assert b"secret" not in answer.body
        assert "secret" not in "".join(capsys.readouterr())

    def test_leaves_out_what_there_is_not(self):
        """
        A page says that it is the last one; lists are never null.
        """
        assert Items[Shown](items=[]).model_dump_json() == '{"items":[]}'
        assert (20, None) == ((page := PageQuery()).limit, page.cursor)

    def test_carries_the_callers_request_id_when_it_is_plain(self, sample):
        """
        A trace id goes through; anything that could break a header or a log does not.
        """
        client = sample.declare("GET", "/a").client()

        assert client.send("GET", "/a", headers={"X-Request-Id": "trace-0001"}).headers["x-request-id"] == "trace-0001"
        assert client.send("GET", "/a", headers={"X-Request-Id": "x\r\ny: 1"}).headers["x-request-id"] != "x\r\ny: 1"

    def test_to_a_method_that_is_not_there_is_a_problem_too(self, sample):
        """
        What Chalice refuses by itself looks like everything else.
        """
        answer = sample.declare("GET", "/a").client().send("DELETE", "/a")

        assert (405, "METHOD_NOT_ALLOWED", "GET") == (answer.status, answer.code, answer.headers["allow"])
