"""
Bad input on every operation is a problem that names the field; nothing changes; never a 500. Made from the declarations.
"""

import copy
import json

import pytest

from chalicelib.api import routes
from chalicelib.api.operation import OPERATIONS
from tests.api.forms import HERE, application
from tests.api.test_authorization import body_of, path_of

JUNK = [None, "", " ", "\u0000", "x" * 5000, -1, 10**20, 1.5, True, [], {}, [[]], {"$ne": 1}, "\ud83d\ude9a", "'; DROP TABLE--", "../../x"]
routes.load_all()
WITH_BODY = sorted(operation.name for operation in OPERATIONS.values() if operation.request is not None)
WITH_QUERY = sorted(operation.name for operation in OPERATIONS.values() if operation.query is not None and not operation.raw_limit)
THINGS = {
    "booking": "bkg_none",
    "settlement": "2026-01-01",
    "list": "lst_none",
    "account": "acc_none",
    "complaint": "cmp_none",
    "notification": "ntf_none",
    "consent": "cns_none",
    "session": "ids_none",
    "invoice": "RF18539007547034",
    "statement": f"stm_{'f' * 24}",
    "bank_line": f"bln_{'f' * 24}-1",
    "link": lambda: "none",
    "pay": lambda: "none",
    "file": lambda: "none",
}


def leaves(document, path=()):
    """
    Walk every field of a body.
    """
    if isinstance(document, dict):
        for name, value in document.items():
            yield (*path, name)
            yield from leaves(value, (*path, name))
    if isinstance(document, list):
        for index, value in enumerate(document):
            yield from leaves(value, (*path, index))


def with_value(document, path, value):
    """
    Put a value at a path of a copy.
    """
    changed = copy.deepcopy(document)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


@pytest.fixture(scope="module")
def callers(built_house):
    staff = {role: built_house.staff(role, HERE) for role in ("officer", "registrar", "finance")}
    return built_house, {"user": built_house.user(), **staff}


def caller_of(operation, callers):
    """
    Find somebody who may.
    """
    return next((callers[role] for role in ("user", "officer", "registrar", "finance") if role in operation.roles), {})


def operation_of(name):
    """
    Find a declaration by its name.
    """
    method, _, path = name.partition(" ")
    return OPERATIONS[method, path]


def body_for(operation):
    """
    Give a whole good body.
    """
    return application() if operation.path == "/v1/bookings" else body_of(operation)


@pytest.mark.parametrize("name", WITH_BODY)
class TestEveryBody:
    def test_refuses_junk_in_every_field(self, callers, name):
        """
        Whatever stands in whatever field: 2xx or 4xx, and a 422 names a field.
        """
        house, people = callers
        operation = operation_of(name)
        good, headers = body_for(operation), caller_of(operation, people)
        for path in leaves(good):
            for number, junk in enumerate(JUNK):
                body = with_value(good, path, junk)
                key = {"Idempotency-Key": f"junk-{number}-{'-'.join(map(str, path))}"}
                answer = house.client.send(operation.method, path_of(operation, THINGS), body=body, headers={**headers, **key})
                assert answer.status < 500, (path, junk, answer.body)
                assert answer.status != 422 or answer.json["errors"][0]["field"], (path, junk)

    def test_refuses_fields_that_are_not_its_own(self, callers, name):
        """
        T03: role, status, amount, paid, owner_id and their like are refused by name, at every level.
        """
        house, people = callers
        operation = operation_of(name)
        good, headers = body_for(operation), caller_of(operation, people)
        for extra in ("role", "paid", "owner_id", "__proto__", "version"):
            for path in [(), *(path for path in leaves(good) if isinstance(at(good, path), dict))]:
                if extra in at(good, path):
                    continue
                body = with_value(good, (*path, extra), "x")
                answer = house.client.send(
                    operation.method,
                    path_of(operation, THINGS),
                    body=body,
                    headers={**headers, "Idempotency-Key": f"mass-{extra}-{path}"[:99].replace(" ", "")},
                )
                assert (422, True) == (answer.status, answer.fields[0].endswith(extra)), (path, answer.json)

    def test_refuses_what_is_no_object(self, callers, name):
        """
        A list, a text, nothing: 4xx each.
        """
        house, people = callers
        operation = operation_of(name)
        headers = {**caller_of(operation, people), "Idempotency-Key": "shape", "Content-Type": "application/json"}
        for raw in (b"[]", b'"x"', b"null", b"1", b"", b"{}x", b"{"):
            answer = house.client.send(operation.method, path_of(operation, THINGS), raw=raw, headers=headers)
            assert answer.status in (200, 400, 422), (raw, answer.body)

    def test_misses_every_required_field_by_name(self, callers, name):
        """
        A field left out is named.
        """
        house, people = callers
        operation = operation_of(name)
        good, headers = body_for(operation), caller_of(operation, people)
        for field in operation.request.model_json_schema().get("required", []):
            body = {key: value for key, value in good.items() if key != field}
            answer = house.client.send(
                operation.method, path_of(operation, THINGS), body=body, headers={**headers, "Idempotency-Key": f"miss-{field}"}
            )
            assert (422, True) == (answer.status, field in answer.fields)


def at(document, path):
    """
    Give what stands at a path.
    """
    for step in path:
        document = document[step]
    return document


@pytest.mark.parametrize("name", WITH_QUERY)
class TestEveryQuery:
    def test_refuses_junk_in_every_parameter(self, callers, name):
        """
        2xx or 4xx whatever is asked; what is unknown or repeated is named.
        """
        house, people = callers
        operation = operation_of(name)
        headers, body = caller_of(operation, people), body_for(operation) if operation.request is not None else None
        names = operation.query.model_json_schema()["properties"]
        for parameter in names:
            for junk in (
                "",
                "x" * 3000,
                "-1",
                "99999999999999999999",
                "%00",
                "2026-13-45",
                "2026-12-03T25:00:00+05:00",
                "null",
                "%F0%9F%9A%9A",
            ):
                asked = f"{path_of(operation, THINGS)}?{parameter}={junk}"
                answer = house.client.send(operation.method, asked, body=body, headers=headers)
                assert answer.status < 500, (parameter, junk, answer.body)
        unknown = house.client.send(operation.method, f"{path_of(operation, THINGS)}?nonsense=1", body=body, headers=headers)
        assert (422, True) == (unknown.status, "nonsense" in unknown.fields)


class TestEveryPath:
    @pytest.mark.parametrize(
        "name", sorted(operation.name for operation in OPERATIONS.values() if operation.parameters and "push-tokens" not in operation.path)
    )
    def test_takes_junk_for_unknown(self, callers, name):
        """
        No spelling of an id is more than unknown; a device's push token is no id of ours, any spelling is one.
        """
        house, people = callers
        operation = operation_of(name)
        headers = {**caller_of(operation, people), "Idempotency-Key": "path"}
        body = body_for(operation) if operation.request is not None else None
        for parameter in operation.parameters:
            for junk in ("x" * 900, "%2e%2e", "a'b", "КЗ", "nur zholy", "%00", "NUR-ZHOLY", "-", "2026-02-31"):
                values = {
                    "id": HERE,
                    "checkpoint": HERE,
                    "file": "x",
                    "lane": "entry-1",
                    "kind": "csv",
                    "name": "hold",
                    "d": "0",
                    parameter: junk,
                }
                path = operation.path.format_map(values)
                answer = house.client.send(operation.method, path, body=body, headers=headers)
                assert 400 <= answer.status < 500, (path, answer.status)


class TestNothing:
    def test_is_changed_by_what_was_refused(self, callers):
        """
        After all of it a user has no booking more and the same profile.
        """
        house, _ = callers
        user = house.user()
        before = house.get("/v1/me", user).body
        for body in ({}, {**application(), "status": "confirmed"}, {**application(), "owner_id": "acc_x"}):
            house.post("/v1/bookings", user, body)
        house.client.send("PATCH", "/v1/me", body={"name": "x", "role": "admin"}, headers=user)

        assert (before, []) == (house.get("/v1/me", user).body, house.get("/v1/bookings", user).json["items"])

    def test_second_iin_in_one_object_is_read(self, callers):
        """
        T03: a body that says one key twice is malformed, not whichever came last.
        """
        house, people = callers
        twice = json.dumps(application()).replace('"iin": "880101300123"', '"iin": "880101300123", "iin": "900101300123"', 1).encode()
        headers = {**people["user"], "Idempotency-Key": "twice", "Content-Type": "application/json"}

        assert 400 == house.client.send("POST", "/v1/bookings", raw=twice, headers=headers).status
