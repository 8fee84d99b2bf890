import pytest

from chalicelib.api.call import Role
from chalicelib.api.operation import PUBLIC, SIGNED_IN, Key, PathParameter, operation
from chalicelib.api.schemas.base import Request, View
from chalicelib.api.schemas.fields import Moment, Money, Text

NAME = PathParameter("[a-z-]+", "A name", "nur-zholy")


class Shown(View):
    seen: str


class Order(Request):
    name: Text
    price: Money
    at: Moment | None = None


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
            operation("GET", "/a", summary="", tags=(), response=None)

    def test_is_refused_twice(self, sample):
        """
        A path and method have one meaning.
        """
        sample.declare("GET", "/a")
        with pytest.raises(TypeError, match="twice"):
            sample.declare("GET", "/a")


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
