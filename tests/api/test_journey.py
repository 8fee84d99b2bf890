import json
from datetime import timedelta

import jwt
import pytest

from chalicelib import wiring
from chalicelib.domain.registers import CheckResult
from chalicelib.usecases.ports import PersonalDataUnavailableError
from chalicelib.wiring import users
from tests.api.house import HERE, application, event, signature

MCI = 432_500


class TestSignIn:
    @pytest.mark.rule("15")
    def test_gives_tokens_for_the_code_that_was_sent(self, house):
        """
        A code to the phone opens an account; the tokens work, and the refresh token is good once.
        """
        asked = house.client.send("POST", "/v1/auth/otp", body={"phone": "+7 701 555-00-11", "channel": "sms"})
        code = users.codes().code_of(asked.json["challenge_id"])
        answer = house.client.send("POST", "/v1/auth/otp/verify", body={"challenge_id": asked.json["challenge_id"], "code": code})
        tokens = answer.json

        assert (202, 200, 900) == (asked.status, answer.status, tokens["expires_in"])
        me = house.get("/v1/me", {"Authorization": f"Bearer {tokens['access_token']}"}).json
        assert ("+77015550011", ["user"], []) == (me["phone"], me["roles"], me["blocks"])
        rotated = house.client.send("POST", "/v1/auth/refresh", body={"refresh_token": tokens["refresh_token"]})
        assert 200 == rotated.status
        assert 401 == house.client.send("POST", "/v1/auth/refresh", body={"refresh_token": tokens["refresh_token"]}).status
        assert 401 == house.client.send("POST", "/v1/auth/refresh", body={"refresh_token": rotated.json["refresh_token"]}).status

    def test_burns_a_challenge_after_five_wrong_codes(self, house):
        """
        T04: wrong, unknown and burnt give the same answer; the right code does not help any more.
        """
        challenge = house.client.send("POST", "/v1/auth/otp", body={"phone": "+77015550012"}).json["challenge_id"]
        right = users.codes().code_of(challenge)
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        answers = [house.client.send("POST", "/v1/auth/otp/verify", body={"challenge_id": challenge, "code": wrong}) for _ in range(5)]
        answers.append(house.client.send("POST", "/v1/auth/otp/verify", body={"challenge_id": challenge, "code": right}))
        answers.append(house.client.send("POST", "/v1/auth/otp/verify", body={"challenge_id": "chl_unknown", "code": right}))

        assert {(401, "OTP_INVALID")} == {(answer.status, answer.code) for answer in answers}
        assert 1 == len({answer.body for answer in answers})

    def test_ends_with_sign_out(self, house):
        """
        After signing out the refresh token gives nothing; an unknown one changes nothing.
        """
        challenge = house.client.send("POST", "/v1/auth/otp", body={"phone": "+77015550013"}).json["challenge_id"]
        body = {"challenge_id": challenge, "code": users.codes().code_of(challenge)}
        refresh = {"refresh_token": house.client.send("POST", "/v1/auth/otp/verify", body=body).json["refresh_token"]}

        assert (204, b"") == ((answer := house.client.send("POST", "/v1/auth/logout", body=refresh)).status, answer.body)
        assert 401 == house.client.send("POST", "/v1/auth/refresh", body=refresh).status
        assert 204 == house.client.send("POST", "/v1/auth/logout", body={"refresh_token": "ses_x.y"}).status

    def test_refuses_a_refresh_token_as_access(self, house):
        """
        T01: a refresh token is no access token.
        """
        challenge = house.client.send("POST", "/v1/auth/otp", body={"phone": "+77015550014"}).json["challenge_id"]
        body = {"challenge_id": challenge, "code": users.codes().code_of(challenge)}
        refresh = house.client.send("POST", "/v1/auth/otp/verify", body=body).json["refresh_token"]

        assert house.get("/v1/me", {"Authorization": f"Bearer {refresh}"}).body == house.get("/v1/me").body


class TestCheckpoints:
    def test_are_all_48_on_one_page(self, house):
        """
        With names in three languages; a neighbor's only when asked.
        """
        everyone, china = house.get("/v1/checkpoints").json, house.get("/v1/checkpoints?country=CN").json

        assert (48, None) == (len(everyone["items"]), everyone["next_cursor"])
        assert {"CN"} == {item["country"] for item in china["items"]}
        first = next(item for item in china["items"] if item["id"] == HERE)
        assert {"id", "names", "country", "region", "position", "has_waiting_area", "status"} <= set(first)
        assert {"kk", "ru", "en"} == set(first["names"])

    def test_show_lanes_and_todays_figures(self, house):
        """
        One by itself has lanes, capacity, hours and the lead of its calls.
        """
        shown = house.get(f"/v1/checkpoints/{HERE}").json

        assert ["wa-in", "wa-out", "entry-1", "exit-1"] == [lane["id"] for lane in shown["lanes"]]
        assert 300 == shown["capacity_today"]
        assert shown["call_lead_minutes"] in (90, 150)
        assert 404 == house.get("/v1/checkpoints/nowhere").status

    @pytest.mark.rule("22", "D1")
    def test_show_days_and_slots_of_the_horizon(self, house):
        """
        Ninety days with their load, a day's intervals with fees, and nothing beyond.
        """
        days = house.get(f"/v1/checkpoints/{HERE}/days").json["items"]
        slots = house.get(f"/v1/checkpoints/{HERE}/slots?date={days[5]['date']}").json["items"]

        assert (90, 300) == (len(days), days[5]["capacity"])
        assert 300 == sum(slot["capacity"] for slot in slots)
        assert {"amount": MCI, "currency": "KZT"} == slots[0]["fee"]
        assert {"amount": 100 * MCI, "currency": "KZT"} == slots[0]["fee_secondary"]
        assert slots[0]["start"].endswith("+05:00")
        assert "OUTSIDE_HORIZON" == house.get(f"/v1/checkpoints/{HERE}/slots?date=2199-01-01").code

    def test_are_polled_cheaply(self, house):
        """
        Unchanged days are a 304, although the moment of reckoning has moved on.
        """
        tag = house.get(f"/v1/checkpoints/{HERE}/days").headers["etag"]

        assert 304 == house.get(f"/v1/checkpoints/{HERE}/days", {"If-None-Match": tag}).status
        assert (
            304
            == house.get(
                f"/v1/checkpoints/{HERE}/board", {"If-None-Match": house.get(f"/v1/checkpoints/{HERE}/board").headers["etag"]}
            ).status
        )

    def test_name_the_first_free_interval(self, house):
        """
        Of a pool; where there is none, 404 says so.
        """
        found = house.get(f"/v1/checkpoints/{HERE}/first-free").json

        assert found["free"] > 0
        assert (404, "NO_FREE_PLACE") == ((none := house.get(f"/v1/checkpoints/{HERE}/first-free?pool=secondary")).status, none.code)

    @pytest.mark.rule("25", "D27")
    def test_fees_and_agreement_are_public(self, house):
        """
        Every fee with its source; a day of unknown index is refused.
        """
        fees = house.get("/v1/fees?date=2026-12-03").json
        agreement = house.get("/v1/agreement").json

        assert {"amount": MCI, "currency": "KZT"} == fees["mci"]
        assert {"amount": 20 * MCI, "currency": "KZT"} == fees["deposit"]["amount"]
        assert 10 == len(fees["fees"])
        assert all(item["source"] for item in fees["fees"])
        assert "FEE_UNKNOWN" == house.get("/v1/fees?date=2150-01-01").code
        assert (64, {"kk", "ru", "en"}) == (len(agreement["sha256"]), set(agreement["texts"]))


class TestBooking:
    @pytest.mark.rule("16", "20", "22", "23")
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


class TestWallet:
    @pytest.mark.rule("23")
    def test_is_topped_up_by_card_and_pays(self, house):
        """
        A top-up comes in by the webhook only; then the balance pays at once.
        """
        user = house.user()
        body = {"amount": {"amount": 30 * MCI, "currency": "KZT"}, "method": "card"}
        opened = house.post("/v1/me/wallet/top-ups", user, body)
        assert (201, 0) == (opened.status, house.get("/v1/me/wallet", user).json["available"]["amount"])
        house.pay(opened.json["payment_intent"], 30 * MCI)
        house.pay(opened.json["payment_intent"], 30 * MCI)
        assert 30 * MCI == house.get("/v1/me/wallet", user).json["available"]["amount"]

        booking = house.applied(user)
        house.post(f"/v1/bookings/{booking}/place", user, {"slot_start": "first_free"})
        paid = house.post(f"/v1/bookings/{booking}/payment", user, {"method": "balance"})
        assert (200, "confirmed") == (paid.status, paid.json["status"])
        assert 9 * MCI == house.get("/v1/me/wallet", user).json["available"]["amount"]

    def test_that_is_empty_says_what_is_missing(self, house):
        """
        Paying from an empty balance is refused.
        """
        user = house.user()
        booking = house.applied(user)
        house.post(f"/v1/bookings/{booking}/place", user, {"slot_start": "first_free"})

        assert "INSUFFICIENT_FUNDS" == house.post(f"/v1/bookings/{booking}/payment", user, {"method": "balance"}).code


class TestWebhook:
    def test_believes_only_its_signature(self, house):
        """
        T05: no signature, a stale one and a changed body are refused alike.
        """
        payload = event("pi_att_x", 5)
        stale = {"Stripe-Signature": "t=1700000000,v1=" + "0" * 64, "Content-Type": "application/json"}
        tries = [({}, payload), (stale, payload), (signature(payload), payload + b" ")]

        for headers, body in tries:
            answer = house.client.send("POST", "/v1/stripe/webhook", raw=body, headers=headers)
            assert (400, "WEBHOOK_SIGNATURE_INVALID") == (answer.status, answer.code)
        known = house.client.send("POST", "/v1/stripe/webhook", raw=payload, headers=signature(payload))
        assert (200, {"received": True, "changed": False}) == (known.status, known.json)


class TestMe:
    def test_changes_what_is_given_and_nothing_else(self, house):
        """
        Name, e-mail and language change; IIN, phone and roles cannot.
        """
        user = house.user()
        patch = house.client.send("PATCH", "/v1/me", body={"name": "Асқар", "language": "kk", "email": "a@b.kz"}, headers=user)

        assert (200, "Асқар", "kk", "a@b.kz") == (patch.status, patch.json["name"], patch.json["language"], patch.json["email"])
        for body in ({"iin": "880101300123"}, {"phone": "+77010000000"}, {"roles": ["admin"]}, {"email": "nobody"}):
            answer = house.client.send("PATCH", "/v1/me", body=body, headers=user)
            assert (422, list(body)) == (answer.status, answer.fields)
        assert ["user"] == house.get("/v1/me", user).json["roles"]

    @pytest.mark.rule("15")
    def test_signs_the_agreement_in_force(self, house):
        """
        Another version is refused, naming the one in force.
        """
        user = house.user(agreed=False)
        version = house.get("/v1/agreement").json["version"]

        assert "AGREEMENT_OUTDATED" == house.post("/v1/me/agreement", user, {"version": "1900-01"}).code
        assert version == house.post("/v1/me/agreement", user, {"version": version}).json["version"]
        assert version == house.get("/v1/me", user).json["agreement_version"]


class TestOfficer:
    @pytest.mark.rule("11", "D26")
    def test_sees_his_checkpoint_and_orders_its_barrier(self, house):
        """
        A confirmed booking is expected; a match needs it named; the order is kept and repeated once.
        """
        user, officer = house.user(), house.staff("officer", HERE)
        booking = house.confirmed(user)
        live = house.get(f"/v1/officer/checkpoints/{HERE}/live", officer).json
        barrier = f"/v1/officer/checkpoints/{HERE}/lanes/entry-1/barrier"
        order = {"command": "open", "ground": "match_confirmed", "reason": "документы", "booking": booking}

        assert booking in [item["booking"] for item in live["vehicles"] if item["state"] in ("expected", "called")]
        assert "MATCH_REQUIRED" == house.post(barrier, officer, {**order, "booking": None}).code
        first, again = house.post(barrier, officer, order, key="k"), house.post(barrier, officer, order, key="k")
        assert (202, first.json) == (first.status, again.json)
        assert 404 == house.post(barrier.replace("entry-1", "wa-in"), officer, order).status
        assert 422 == house.post(barrier, officer, {**order, "ground": "because"}).status

    def test_finds_bookings_of_his_checkpoint_only(self, house):
        """
        By plate, however it is spelled; elsewhere it is unknown.
        """
        user, officer, elsewhere = house.user(), house.staff("officer", HERE), house.staff("officer", "dostyk")
        booking = house.confirmed(user)
        plate = house.get(f"/v1/bookings/{booking}", user).json["vehicle"]["plate"].replace(" ", "-").lower()

        assert [booking] == [item["id"] for item in house.get(f"/v1/officer/bookings?plate={plate}", officer).json["items"]]
        assert [] == house.get(f"/v1/officer/bookings?plate={plate}", elsewhere).json["items"]
        assert (200, 404) == (
            house.get(f"/v1/officer/bookings/{booking}", officer).status,
            house.get(f"/v1/officer/bookings/{booking}", elsewhere).status,
        )
        assert 422 == house.get("/v1/officer/bookings", officer).status


class TestFinance:
    @pytest.mark.rule("24", "D29")
    def test_reads_settlements_and_their_file(self, house):
        """
        A settled day equals the fees confirmed in it, in the list, by itself and as CSV.
        """
        user, finance = house.user(), house.staff("finance")
        house.confirmed(user)
        day = wiring.rules_on(wiring.clock().now()).today(wiring.clock().now())
        house.advance(days=1, minutes=30)
        try:
            wiring.settle_days().close(day=day)
            shown = house.get(f"/v1/finance/settlements/{day}", finance).json
            file = house.get(f"/v1/finance/settlements/{day}/files/csv", finance)
        finally:
            house.advance(days=-1, minutes=-30)

        assert shown["due"]["amount"] % MCI == 0 < shown["due"]["amount"]
        assert shown["due"]["amount"] == sum(row["fees"]["amount"] for row in shown["rows"])
        assert str(day) in [item["id"] for item in house.get("/v1/finance/settlements", finance).json["items"]]
        assert "text/csv; charset=utf-8" == file.headers["content-type"]
        assert file.body.decode("utf-8-sig").splitlines()[1].startswith(f"{day},{HERE},general,")
        assert 404 == house.get(f"/v1/finance/settlements/{day + timedelta(days=300)}", finance).status


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
