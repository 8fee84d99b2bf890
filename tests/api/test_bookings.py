import json

import jwt
import pytest

from chalicelib import wiring
from chalicelib.domain.registers import CheckResult
from chalicelib.usecases.ports import PersonalDataUnavailableError
from tests.api.forms import application

MCI = 432_500


class TestBooking:
    @pytest.mark.rule("2.2", "16", "16.1", "16.2", "16.3", "16.4", "20", "22", "23")
    def test_goes_from_application_to_pass(self, house):
        """
        Application → verified → place → card → webhook → number → pass; the ledger explains every tiyn.
        """
        user = house.user()
        booking = house.applied(user)
        assert "verified" == house.get(f"/v1/bookings/{booking}", user).json["status"]

        held = house.post(f"/v1/bookings/{booking}/place", user, {"slot_start": "first_free", "pool": "primary"}).json
        assert ("held", MCI, 20 * MCI) == (held["status"], held["due"]["fee"]["amount"], held["due"]["deposit"]["amount"])
        paid = house.post(f"/v1/bookings/{booking}/payment", user, {"method": "card"})
        assert (201, 21 * MCI) == (paid.status, paid.json["amount"]["amount"])
        assert 200 == house.pay(paid.json["payment_intent"], 21 * MCI).status
        done = house.get(f"/v1/bookings/{booking}", user).json

        assert ("confirmed", "held") == (done["status"], done["deposit"])
        assert done["number"].startswith("NZH-")
        assert ["requested", "verified", "held", "payment_started", "confirmed"] == [item["event"] for item in done["timeline"]]
        assert "due" not in done
        assert {"available": 0, "held": 20 * MCI, "debt": 0} == {
            name: item["amount"] for name, item in house.get("/v1/me/wallet", user).json.items()
        }
        entries = house.get("/v1/me/wallet/entries", user).json["items"]
        assert {0} == {sum(leg["amount"]["amount"] for leg in entry["legs"]) for entry in entries}
        self.check_pass(house, user, booking, done)

    def check_pass(self, house, user, booking, done):
        """
        The sheet is a PDF with the number; the code alone an SVG; the token proves itself.
        """
        sheet = house.get(f"/v1/bookings/{booking}/pass", user)
        code = house.get(f"/v1/bookings/{booking}/pass", user, Accept="image/svg+xml")
        token = wiring.issue_pass()(account=self.account_of(user), booking=booking).token

        assert (200, "application/pdf", b"%PDF-") == (sheet.status, sheet.headers["content-type"], sheet.body[:5])
        assert ("image/svg+xml", True) == (code.headers["content-type"], b"<svg" in code.body)
        assert done["number"] == wiring.tokens().verify(token, typ="pass+jwt")["number"]

    def account_of(self, user):
        """
        Whom a bearer header is about.
        """
        return jwt.decode(user["Authorization"].removeprefix("Bearer "), options={"verify_signature": False})["sub"]

    def test_shows_its_holder_what_a_register_said(self, house):
        """
        A failed check refuses, and says which source and what to do in the caller's language.
        """
        house.registers.answers["4"] = CheckResult.FAILED
        user = house.user()
        booking = house.applied(user)
        shown = house.get(f"/v1/bookings/{booking}", user, **{"Accept-Language": "en"}).json

        assert "refused" == shown["status"] == shown["verification"]["status"]
        failed = [item for item in shown["verification"]["checks"] if item["result"] == "failed"]
        assert {"4"} == {item["source"] for item in failed}
        assert "Ask" in failed[0]["message"]

    @pytest.mark.rule("19")
    def test_tells_a_resident_of_fines_without_asking_him_to_apply_again(self, house):
        """
        A notice is worded as one; every other check says what it came to, too.
        """
        house.registers.answers["10"] = CheckResult.FAILED
        user = house.user()
        shown = house.get(f"/v1/bookings/{house.applied(user)}", user, **{"Accept-Language": "en"}).json
        checks = {(item["source"], item["subject"]): item for item in shown["verification"]["checks"]}

        assert ("verified", "notice") == (shown["status"], checks["10", "owner"]["result"])
        assert all(item["message"] for item in checks.values())
        assert "apply again" not in checks["10", "owner"]["message"]

    def test_cites_the_paragraph_of_each_event(self, house):
        """
        The timeline writes grounds as problems write rules.
        """
        user = house.user()
        shown = house.get(f"/v1/bookings/{house.applied(user)}", user).json

        assert ["§16", "§17"] == [item["ground"] for item in shown["timeline"]]

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("checkpoint", lambda form: form.update(checkpoint="atlantis")),
            ("drivers.0.birth_date", lambda form: form["drivers"][0].update(birth_date="2030-01-01")),
            ("drivers.0.birth_date", lambda form: form["drivers"][0].update(birth_date="2040-01-01")),
        ],
    )
    def test_names_the_field_that_cannot_be(self, house, field, change):
        """
        A checkpoint that does not exist and a driver not yet born are mistakes of the form, not refusals of the law.
        """
        form = application()
        change(form)
        refused = house.post("/v1/bookings", house.user(), form)

        assert (422, [field]) == (refused.status, refused.fields)

    def test_is_made_once_for_one_key(self, house):
        """
        A repeated request gives the same booking; another body under the key is refused; a new key is a new booking.
        """
        user, body = house.user(), application()
        answers = [house.post("/v1/bookings", user, body, key="one") for _ in range(3)]

        assert {(202, answers[0].json["id"])} == {(answer.status, answer.json["id"]) for answer in answers}
        assert (409, "IDEMPOTENCY_KEY_REUSED") == ((other := house.post("/v1/bookings", user, application(), key="one")).status, other.code)
        assert answers[0].json["id"] != house.post("/v1/bookings", user, body, key="two").json["id"]
        assert 2 == len(house.get("/v1/bookings", user).json["items"])

    @pytest.mark.rule("3", "15")
    def test_is_refused_with_every_reason_at_once(self, house):
        """
        A bus of somebody who has not signed the agreement: both reasons, each with its paragraph.
        """
        user = house.user(agreed=False)
        form = application()
        form["vehicle"]["category"] = "bus"
        answer = house.post("/v1/bookings", user, form)

        assert (409, "NOT_A_TRUCK", "§3") == (answer.status, answer.code, answer.json["rule"])
        assert ["NOT_A_TRUCK", "AGREEMENT_REQUIRED"] == [reason["code"] for reason in answer.json["reasons"]]

    @pytest.mark.rule("28", "D20")
    def test_is_cancelled_with_a_preview_that_keeps_its_word(self, house):
        """
        The preview changes nothing and needs no key; the cancellation costs what it said; there is no second one.
        """
        user = house.user()
        booking = house.confirmed(user)
        preview = house.client.send("POST", f"/v1/bookings/{booking}/cancel?preview=true", headers=user)
        assert "confirmed" == house.get(f"/v1/bookings/{booking}", user).json["status"]
        missing = house.client.send("POST", f"/v1/bookings/{booking}/cancel", headers=user)
        done = house.post(f"/v1/bookings/{booking}/cancel", user)

        assert (400, "IDEMPOTENCY_KEY_REQUIRED") == (missing.status, missing.code)
        assert {"fee": "kept", "deposit": "forgiven", "rule": "§28", "booking": booking} == preview.json == done.json
        assert "cancelled" == house.get(f"/v1/bookings/{booking}", user).json["status"]
        assert "NOT_CANCELLABLE" == house.post(f"/v1/bookings/{booking}/cancel", user).code

    @pytest.mark.rule("28", "D20")
    def test_says_when_the_vehicles_one_forgiveness_is_used(self, house):
        """
        Whoever books the same truck within 90 days sees that the next miss will cost the deposit, and from when on it will not.
        """
        user, other = house.user(), house.user()
        first = house.confirmed(user)
        house.post(f"/v1/bookings/{first}/cancel", user)
        used = house.get(f"/v1/bookings/{first}", user).json
        again = house.applied(other, vehicle=used["vehicle"])

        assert {"used_on", "again_on"} == set(used["forgiveness"])
        assert used["forgiveness"] == house.get(f"/v1/bookings/{again}", other).json["forgiveness"]
        assert {} == house.get(f"/v1/bookings/{house.applied(other)}", other).json["forgiveness"]

    def test_pass_waits_for_the_money(self, house):
        """
        Before it is confirmed there is no pass.
        """
        user = house.user()

        assert "NOT_CONFIRMED" == house.get(f"/v1/bookings/{house.applied(user)}/pass", user).code

    def test_is_paged(self, house):
        """
        A page names the next; another's cursor, or none of ours, opens nothing of his.
        """
        user, other = house.user(), house.user()
        made = [house.applied(user) for _ in range(3)]
        first = house.get("/v1/bookings?limit=2", user).json
        second = house.get(f"/v1/bookings?limit=2&cursor={first['next_cursor']}", user).json

        assert sorted(made) == sorted(item["id"] for item in first["items"] + second["items"])
        assert second["next_cursor"] is None
        foreign = house.get(f"/v1/bookings?limit=2&cursor={first['next_cursor']}", other)
        assert foreign.status == 422 or foreign.json["items"] == []
        assert ["cursor"] == house.get("/v1/bookings?cursor=nonsense", user).fields

    def test_goes_on_without_personal_data(self, house, monkeypatch):
        """
        While the personal data store is away a booking is shown without its people, and says so.
        """
        user = house.user()
        booking = house.applied(user)

        def away(*args, **kwargs):
            raise PersonalDataUnavailableError

        monkeypatch.setattr(wiring.people(), "get_many", away)
        shown = house.get(f"/v1/bookings/{booking}", user).json

        assert ("unavailable", {"resident": True, "kind": "natural"}) == (shown["personal_data"], shown["owner"])
        assert "unavailable" == house.get("/v1/me", user).json["personal_data"]


class TestPersonalData:
    def test_never_reaches_the_logs(self, house, capsys):
        """
        T10 in small: a journey's names, numbers, phones and tokens are in no line of the log.
        """
        user = house.user()
        house.confirmed(user)
        house.post("/v1/bookings", user, application(owner={"resident": True, "kind": "natural", "name": "Канарейка", "iin": "1"}))
        written = "".join(capsys.readouterr())

        for canary in ("Серіков", "Канарейка", "880101300123", "+77011234567", user["Authorization"][7:40], "N12345678"):
            assert canary not in written

    def test_is_in_no_stored_answer(self, house):
        """
        What is kept for a repeated request holds ids and figures only.
        """
        user = house.user()
        house.post("/v1/bookings", user, application(), key="kept")
        account = TestBooking().account_of(user)
        kept = wiring.store().requests.find(f"{account} POST /v1/bookings kept", now=wiring.clock().now())

        assert {} == json.loads(kept.answer)
