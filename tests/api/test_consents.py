"""
Consents and identity sessions over HTTP (§16, §18.12).
"""

import pytest

from chalicelib import wiring
from chalicelib.domain.identity import SessionStatus
from chalicelib.domain.registers import CheckResult
from tests.api.forms import application

IIN = "880101300123"


@pytest.mark.rule("16")
class TestConsents:
    def test_are_asked_for_listed_and_taken_back(self, house):
        """
        202 pending through the state service; given once it says so; withdrawn by DELETE; with version and hash of the text.
        """
        user = house.user()
        asked = house.post("/v1/me/consents", user, {"kind": "personal_data", "subject": IIN})
        assert (202, "pending", "state_service") == (asked.status, asked.json["status"], asked.json["via"])
        while wiring.deliver_outbox()().delivered:
            pass

        (listed,) = house.get("/v1/me/consents", user).json["items"]
        agreement = wiring.law().agreement()
        assert ("given", agreement.version, agreement.sha256) == (listed["status"], listed["text_version"], listed["text_sha256"])
        back = house.client.send("DELETE", f"/v1/me/consents/{asked.json['id']}", headers=user)
        assert (200, "withdrawn") == (back.status, back.json["status"])

    def test_of_a_non_resident_are_given_by_agreement(self, house):
        """
        A foreign account consents for itself at once.
        """
        user = house.user()
        house.client.send("PATCH", "/v1/me", body={"resident": False}, headers=user)

        asked = house.post("/v1/me/consents", user, {"kind": "personal_data", "subject": "user"})
        assert (202, "given", "agreement") == (asked.status, asked.json["status"], asked.json["via"])

    @pytest.mark.parametrize(
        "body", [{"kind": "personal_data", "subject": "88010130012"}, {"kind": "other", "subject": "user"}, {"subject": "x"}]
    )
    def test_refuse_who_is_nobody(self, house, body):
        """
        A wrong IIN, another kind, no kind: 422 with the field.
        """
        answer = house.post("/v1/me/consents", house.user(), body)

        assert 422 == answer.status
        assert {error["field"] for error in answer.json["errors"]} <= {"kind", "subject"}

    def test_that_are_missing_are_named_in_the_reader_s_language(self, house):
        """
        An application without them: 409 CONSENT_REQUIRED §16, whose.
        """
        answer = house.post("/v1/bookings", house.user(), application(consent=False), **{"Accept-Language": "ru"})

        assert (409, "CONSENT_REQUIRED", "§16") == (answer.status, answer.json["code"], answer.json["rule"])
        assert "владелец транспорта; водитель 1" in answer.json["detail"]

    def test_are_shown_as_checks_by_name(self, house):
        """
        A consent awaited: the check says of whom, through what, since when and when it is tried next.
        """
        user = house.user()
        house.registers.answers["consent"] = CheckResult.UNAVAILABLE
        booking = house.applied(user)

        seen = house.get(f"/v1/bookings/{booking}", user, **{"Accept-Language": "en"}).json["verification"]
        check = seen["checks"][0]
        assert ("consent", "unavailable", "verifying") == (check["source"], check["result"], seen["status"])
        assert check["name"].startswith("Consent to personal data processing")
        assert check["silent_since"] < check["next_try_at"]


@pytest.mark.rule("18.12")
class TestIdentitySessions:
    def test_are_opened_and_completed_and_used(self, house):
        """
        201 with the provider's page; completed by it; named in an application.
        """
        user = house.user()
        opened = house.post("/v1/me/identity-sessions", user, {"subject": IIN})
        assert (201, "pending") == (opened.status, opened.json["status"])
        house.camera.statuses[opened.json["id"]] = SessionStatus.COMPLETED

        seen = house.get(f"/v1/me/identity-sessions/{opened.json['id']}", user).json
        assert ("completed", True) == (seen["status"], seen["valid_until"] > seen["completed_at"])
        form = application()
        form["drivers"][0]["identity_session"] = opened.json["id"]
        assert 202 == house.post("/v1/bookings", user, form).status

    def test_of_somebody_else_are_no_driver_s(self, house):
        """
        Another account's session, another person's, an unknown one: 422 naming the driver's field.
        """
        user = house.user()
        foreign = house.post("/v1/me/identity-sessions", house.user(), {"subject": IIN}).json["id"]
        other = house.post("/v1/me/identity-sessions", user, {"subject": "850615300129"}).json["id"]
        for session in (foreign, other, "ids_unknown"):
            form = application()
            form["drivers"][0]["identity_session"] = session
            answer = house.post("/v1/bookings", user, form)
            assert (422, "drivers.0.identity_session") == (answer.status, answer.json["errors"][0]["field"])

    def test_cannot_be_opened_while_the_provider_is_away(self, house):
        """
        503 with `Retry-After`, nothing was made.
        """
        house.camera.away = True
        try:
            answer = house.post("/v1/me/identity-sessions", house.user(), {"subject": "user"})
        finally:
            house.camera.away = False

        assert (503, True) == (answer.status, "retry-after" in {name.lower() for name in answer.headers})


@pytest.mark.rule("18", "19", "20", "D11", "D12")
class TestVerificationView:
    def test_names_every_register_and_why_it_is_not_asked(self, house):
        """
        Names in three languages; of what is not applicable the ground; the deposit passed once confirmed.
        """
        user = house.user()
        booking = house.confirmed(user)
        for language in ("kk", "ru", "en"):
            checks = house.get(f"/v1/bookings/{booking}", user, **{"Accept-Language": language}).json["verification"]["checks"]
            assert all(check["name"].strip() and check["message"].strip() for check in checks)
        by_source = {check["source"]: check for check in checks}
        assert "agricultural machinery" in by_source["6"]["message"]
        assert ("not_applicable", "passed", "later") == tuple(by_source[source]["result"] for source in ("6", "17-1", "18"))
