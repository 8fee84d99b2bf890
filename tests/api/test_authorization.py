"""
T02: every operation × every kind of caller, against a table that was reviewed by hand.
"""

import json
from dataclasses import replace
from itertools import count
from pathlib import Path

import jwt
import pytest

from chalicelib import wiring
from chalicelib.api import openapi, routes
from chalicelib.api.examples import example_of
from chalicelib.api.operation import OPERATIONS
from chalicelib.domain.bank_lines import LineState
from chalicelib.usecases.ports import Write
from tests.api.forms import ELSEWHERE, HERE
from tests.fakes import bank, samples

routes.load_all()
TABLE = json.loads(Path(__file__).with_name("authorization_matrix.json").read_text())
ACTORS = ("anonymous", "user_a", "user_b", "officer", "officer_elsewhere", "registrar", "finance", "admin", "device_operator")
TRANSFER = {"amount": {"amount": 1_000_000, "currency": "KZT"}, "method": "bank_transfer"}
KEYS = (f"matrix-{number}" for number in count())


@pytest.fixture(scope="module")
def cast(built_house):
    """
    One caller of each kind; user A has a confirmed booking at the officer's checkpoint, and a day is settled.
    """
    routes.load_all()  # a worker may begin with any row of the table
    house = built_house
    user_a = house.user()
    booking = house.confirmed(user_a)
    now = wiring.clock().now()
    day = wiring.rules_on(now).today(now)
    wiring.settle_days().close(day=day.replace(year=2020))
    callers = {
        "anonymous": {},
        "user_a": user_a,
        "user_b": house.user(),
        "officer": house.staff("officer", HERE),
        "officer_elsewhere": house.staff("officer", ELSEWHERE),
        **{role: house.staff(role) for role in ("registrar", "finance", "admin", "device_operator")},
    }
    wiring.store().commit(Write(samples.vehicle_list(uploaded_by="acc_other")))
    line = samples.notification(account=wiring.store().bookings.get(booking).account)
    wiring.store().commit(Write(line))

    def link():
        # another operation of the table takes it back
        return house.post(f"/v1/bookings/{booking}/driver-link", user_a, {}).json["url"].rpartition("/")[2]

    paid = house.applied(user_a)
    house.post(f"/v1/bookings/{paid}/place", user_a, {"slot_start": "first_free"})

    def pay():
        return house.post(f"/v1/bookings/{paid}/payment-link", user_a).json["url"].rpartition("/")[2]

    consent = house.post("/v1/me/consents", user_a, {"kind": "personal_data", "subject": "user"}).json["id"]
    session = house.post("/v1/me/identity-sessions", user_a, {"subject": "user"}).json["id"]
    things = {
        "consent": consent,
        "session": session,
        "notification": line.id,
        "link": link,
        "pay": pay,
        "booking": booking,
        "settlement": str(day.replace(year=2020)),
        "list": "lst_1",
        "invoice": house.post("/v1/me/wallet/top-ups", user_a, TRANSFER).json["reference"],
    }
    things |= statement()
    things["file"] = file_link(house, callers["finance"], things["settlement"])
    return house, callers, {**things, **grievance(house)}


def statement():
    """
    A bank statement, and a line that is decided already.
    """
    taken, line = bank.statement(), bank.line(group=f"bln_{'0' * 24}", state=LineState.OWN)
    wiring.store().commit(Write(taken), Write(line))
    return {"statement": taken.id, "bank_line": line.id}


def file_link(house, finance, day):
    """
    A fresh link to a settlement's file, at every call.
    """
    return lambda: house.get(f"/v1/finance/settlements/{day}/files/csv", finance).json["url"].rpartition("/")[2]


def grievance(house):
    """
    Somebody else's complaint, and his account.
    """
    user = house.user()
    made = house.post("/v1/me/complaints", user, {"about": "other", "text": "x"})
    return {"account": house.get("/v1/me", user).json["id"], "complaint": made.json["id"]}


def path_of(operation, things):
    """
    Fill an operation's path with things that exist.
    """
    values = {
        "id": HERE,
        "checkpoint": HERE,
        "file": "2026-12-03.ndjson",
        "lane": "entry-1",
        "kind": "csv",
        "name": "moved_within",
        "d": "0",
    }
    named = {
        "bookings": "booking",
        "/accounts/": "account",
        "/complaints/": "complaint",
        "settlements": "settlement",
        "vehicle-lists": "list",
        "notifications": "notification",
        "/consents/": "consent",
        "identity-sessions": "session",
        "/statements/": "statement",
        "/bank-lines/": "bank_line",
    }
    for part, thing in named.items():
        if part in operation.path and "{id}" in operation.path:
            values["id"] = things[thing]
    values["reference"] = things["invoice"]
    if "{token}" in operation.path:
        links = (("/driver/", "link"), ("/pay/", "pay"), ("/finance/", "file"))
        link = next((thing for part, thing in links if part in operation.path), None)
        values["token"] = things[link]() if link else "device-of-the-matrix"
    return operation.path.format_map(values)


def query_of(operation):
    """
    Give the parameters that an operation cannot do without.
    """
    if operation.path.endswith("/slots"):
        now = wiring.clock().now()
        return f"?date={wiring.rules_on(now).today(now)}"
    if "/wallet/statement" in operation.path:
        return "?from=2026-11-01&to=2026-11-30"
    if operation.path in {"/v1/officer/bookings", "/v1/public/bookings", "/v1/registrar/search"}:
        return "?plate=123ABC02"
    if operation.path == "/v1/officer/vehicle-lists":
        more = "&class=priority_post&sender=x&received_on=2026-01-01" if operation.method == "POST" else ""
        return f"?checkpoint={HERE}{more}"
    return (
        "?preview=true"
        if operation.path.endswith(("/cancel", "/relocate", "/withdraw", "/capacity", "/closures", "/delays", "/extensions"))
        else ""
    )


def verdict(answer):
    """
    Say in one word what a caller met.
    """
    if answer.status in (401, 404):
        return str(answer.status)
    if answer.status == 403:
        return "NOT_YOUR_CHECKPOINT" if answer.code == "NOT_YOUR_CHECKPOINT" else "403"
    return "allow"


def body_of(operation):
    """
    Make a body that the operation takes, from the document's own examples.
    """
    if operation.request is None:
        return None
    schemas = openapi.document()["components"]["schemas"]
    body = example_of(schemas[operation.request.__name__], schemas)
    if operation.path.endswith("/barrier"):
        return {**body, "ground": "emergency", "booking": None}
    return {**body, "booking": None} if operation.path == "/v1/me/complaints" else body


class TestTable:
    def test_has_a_row_for_every_operation_and_no_other(self):
        """
        An operation is declared together with who may use it.
        """
        assert {operation.name for operation in OPERATIONS.values()} == set(TABLE)
        assert all(set(row) == set(ACTORS) for row in TABLE.values())


class TestEveryOperation:
    @pytest.mark.rule("2.6", "14")
    @pytest.mark.parametrize("name", sorted(TABLE))
    def test_meets_every_caller_as_the_table_says(self, cast, name):
        """
        Denied unless the table allows: 401 for nobody, 403 for the wrong role or checkpoint, 404 for what is another's.
        """
        house, callers, things = cast
        method, _, path = name.partition(" ")
        operation = OPERATIONS[method, path]
        met = {}
        for actor, headers in callers.items():
            key = {"Idempotency-Key": next(KEYS)} if operation.idempotency else {}
            kind = {"Content-Type": operation.raw_types[0]} if operation.raw_types else {}
            target = path_of(operation, things) + query_of(operation)
            answer = house.client.send(method, target, body=body_of(operation), headers={**headers, **key, **kind})
            assert answer.status < 500, answer.body
            met[actor] = verdict(answer)

        assert TABLE[name] == met

    def test_takes_the_example_of_its_own_document(self):
        """
        Every example in the document is a request that the service takes.
        """
        for operation in OPERATIONS.values():
            if operation.request is not None:
                assert operation.request.model_validate_json(json.dumps(body_of(operation)), strict=True), operation.name


class TestForeignThings:
    def test_stay_unknown_in_bodies_and_queries(self, cast):
        """
        A's booking named by B, or by an officer of another checkpoint in an order's body, is as unknown as any.
        """
        house, callers, things = cast
        order = {"command": "open", "ground": "match_confirmed", "reason": "x", "booking": things["booking"]}
        lane = f"/v1/officer/checkpoints/{ELSEWHERE}/lanes/entry-1/barrier"

        assert 404 == house.post(lane, callers["officer_elsewhere"], order).status
        assert 404 == house.post(f"/v1/bookings/{things['booking']}/cancel", callers["user_b"]).status
        assert things["booking"] not in house.get("/v1/bookings?limit=100", callers["user_b"]).body.decode()

    def test_rights_are_read_at_each_request(self, cast):
        """
        The token says who; a right that was taken away is gone at the next request.
        """
        house, _, _ = cast
        headers = house.staff("finance")
        account = jwt.decode(headers["Authorization"][7:], options={"verify_signature": False})["sub"]
        assert 200 == house.get("/v1/finance/settlements", headers).status
        seen = wiring.store().accounts.account(account)
        wiring.store().commit(Write(replace(seen, roles=("user",), version=seen.version + 1), seen.version))

        assert 403 == house.get("/v1/finance/settlements", headers).status
