"""
Blocks and complaints over HTTP: who may, what is told, what is refused (§6-2, §27, D22).
"""

from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.usecases.ports import Write
from tests.api.forms import application

DOCUMENT = {"kind": "document", "sha256": "ab" * 32}
CHARGE = {"kind": "false_data", "reason": "VIN принадлежит другому ТС", "evidence": [DOCUMENT]}
pytestmark = pytest.mark.rule("6-2", "D22")


def head_of(house):
    """
    Open the head's account: its bearer header.
    """
    headers = house.staff("registrar")
    seen = wiring.store().accounts.account(house.get("/v1/me", headers).json["id"])
    wiring.store().commit(Write(replace(seen, head=True, version=seen.version + 1), seen.version))
    return headers


def id_of(house, headers):
    """
    Name a caller's account.
    """
    return house.get("/v1/me", headers).json["id"]


class TestBlock:
    def test_is_told_to_its_holder_and_closes_booking(self, house):
        """
        `GET /v1/me` names kind, since, paragraph and reason; an application is refused with the same and how to complain; lifted, all is open.
        """
        user, registrar = house.user(), house.staff("registrar")
        account = id_of(house, user)
        booking = house.confirmed(user)
        made = house.post(f"/v1/registrar/accounts/{account}/block", registrar, {**CHARGE, "bookings": [booking]})
        assert (201, account, [booking]) == (made.status, made.json["account"], made.json["block"]["bookings"])

        shown = house.get("/v1/me", user).json["blocks"]
        assert [("false_data", "§6-2", CHARGE["reason"])] == [(each["kind"], each["rule"], each["reason"]) for each in shown]
        assert shown[0]["since"] == made.json["block"]["since"]
        refused = house.post("/v1/bookings", user, application(), **{"Accept-Language": "en"})
        assert (403, "ACCOUNT_BLOCKED", "§6-2") == (refused.status, refused.code, refused.json["rule"])
        assert CHARGE["reason"] in refused.json["detail"]
        assert "complain" in refused.json["detail"]
        assert "false_data" == house.get(f"/v1/bookings/{booking}", user).json["suspended"]["reason"]

        lifted = house.post(f"/v1/registrar/accounts/{account}/unblock", registrar, {"reason": "Подтверждено"})
        assert (200, None) == (lifted.status, lifted.json.get("block"))
        assert [] == house.get("/v1/me", user).json["blocks"]
        assert "suspended" not in house.get(f"/v1/bookings/{booking}", user).json
        assert 202 == house.post("/v1/bookings", user, application()).status

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"evidence": []}, "evidence"),
            ({"evidence": [{"kind": "document"}]}, "evidence.0"),
            ({"evidence": [{"kind": "check", "booking": "bk_1"}]}, "evidence.0"),
            ({"reason": ""}, "reason"),
            ({"kind": "debt"}, "kind"),
            ({"bookings": ["a", "a"]}, "bookings"),
        ],
    )
    def test_of_a_bad_form_names_the_field(self, house, change, field):
        """
        422 by field; nothing is blocked.
        """
        account = id_of(house, house.user())
        answer = house.post(f"/v1/registrar/accounts/{account}/block", house.staff("registrar"), {**CHARGE, **change})

        assert 422 == answer.status
        assert any(name.startswith(field) for name in answer.fields), answer.fields
        assert [] == house.get(f"/v1/registrar/accounts/{account}/block", house.staff("registrar")).json["items"]

    def test_repeated_under_its_key_is_one(self, house):
        """
        The same key gives the same answer; another key finds it blocked.
        """
        account, registrar = id_of(house, house.user()), house.staff("registrar")
        path = f"/v1/registrar/accounts/{account}/block"
        answers = [house.post(path, registrar, CHARGE, key="once") for _ in range(2)]

        assert [201, 201] == [answer.status for answer in answers]
        assert answers[0].json == answers[1].json
        assert "ALREADY_BLOCKED" == house.post(path, registrar, CHARGE).code

    def test_of_nobody_is_unknown(self, house):
        """
        Unknown accounts and staff are no users to be blocked.
        """
        registrar = house.staff("registrar")

        for account in ("acc_none", id_of(house, registrar)):
            assert 404 == house.get(f"/v1/registrar/accounts/{account}/block", registrar).status
            assert 404 == house.post(f"/v1/registrar/accounts/{account}/block", registrar, CHARGE).status


class TestComplaint:
    def test_runs_from_a_blocked_user_to_the_heads_decision(self, house):
        """
        Registered with its last day, seen by the registrar with its words, decided by the head alone, told with the way to court.
        """
        user, registrar, head = house.user(), house.staff("registrar"), head_of(house)
        account = id_of(house, user)
        house.post(f"/v1/registrar/accounts/{account}/block", registrar, CHARGE)
        made = house.post("/v1/me/complaints", user, {"about": "block", "text": "VIN верный, приложен паспорт"})
        assert (201, "registered") == (made.status, made.json["status"])
        assert made.json["due_on"] > made.json["registered_at"][:10]
        assert "COMPLAINT_MADE" == house.post("/v1/me/complaints", user, {"about": "block", "text": "ещё раз"}).code

        path = f"/v1/registrar/complaints/{made.json['id']}"
        listed = house.get("/v1/registrar/complaints?status=registered&limit=100", registrar).json["items"]
        case = next(each for each in listed if each["id"] == made.json["id"])
        assert (account, "VIN верный, приложен паспорт", False) == (case["account"], case["text"], case["overdue"])
        decision = {"outcome": "upheld", "grounds": "Паспорт подтвержден"}
        assert (403, "HEAD_ONLY") == ((refused := house.post(f"{path}/decide", registrar, decision)).status, refused.code)
        assert ("upheld", "unblock") == ((done := house.post(f"{path}/decide", head, decision).json)["status"], done["decision"]["effect"])
        assert "COMPLAINT_DECIDED" == house.post(f"{path}/decide", head, decision).code

        mine = house.get("/v1/me/complaints", user, **{"Accept-Language": "en"}).json["items"]
        assert ("upheld", "Паспорт подтвержден") == (mine[0]["decision"]["outcome"], mine[0]["decision"]["grounds"])
        assert "court" in mine[0]["decision"]["court"]
        assert [] == house.get("/v1/me", user).json["blocks"]

    def test_is_the_makers_alone(self, house):
        """
        Another user sees none of it, and cannot complain about another's booking.
        """
        user, other = house.user(), house.user()
        booking = house.confirmed(user)
        house.post("/v1/me/complaints", user, {"about": "fee", "booking": booking, "text": "x"})

        assert [] == house.get("/v1/me/complaints", other).json["items"]
        assert 404 == house.post("/v1/me/complaints", other, {"about": "fee", "booking": booking, "text": "x"}).status

    def test_of_a_taken_vehicle_shows_the_strangers_booking(self, house):
        """
        The head sees who holds the vehicle; upheld, the stranger's booking is over and says so to him.
        """
        stranger, user, head = house.user(), house.user(), head_of(house)
        taken = house.confirmed(stranger)
        vehicle = house.get(f"/v1/bookings/{taken}", stranger).json["vehicle"]
        complaint = {"about": "vehicle_taken", "vehicle": {"country": "KZ", "plate": vehicle["plate"]}, "text": "Это мой тягач"}
        made = house.post("/v1/me/complaints", user, complaint).json["id"]
        rivals = house.get(f"/v1/registrar/complaints/{made}", head).json["rivals"]
        assert [taken] == [rival["booking"] for rival in rivals]
        house.post(f"/v1/registrar/complaints/{made}/decide", head, {"outcome": "upheld", "grounds": "Да", "booking": taken})

        assert "withdrawn" == house.get(f"/v1/bookings/{taken}", stranger).json["status"]
