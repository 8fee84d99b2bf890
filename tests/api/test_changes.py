"""
What users and officers change in a paid booking, over HTTP (§28, §36, D13–D15, D21).
"""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.bookings import Excuse, Happening
from chalicelib.domain.registers import CheckResult
from chalicelib.usecases.ports import Write
from tests.api.forms import ELSEWHERE, HERE, application

MCI = 432_500
DRIVER = {
    **application()["drivers"][0],
    "name": "Марат Ахметов",
    "iin": "900202300456",
    "phone": "+77017654321",
    "birth_date": "1990-02-02",
    "consent": True,
}


def slots(house, *, days, checkpoint=HERE):
    """
    List the starts on sale some days ahead.
    """
    now = wiring.clock().now()
    day = wiring.rules_on(now).today(now) + timedelta(days=days)
    return [item["start"] for item in house.get(f"/v1/checkpoints/{checkpoint}/slots?date={day}").json["items"] if item["free"]]


def excuse(booking):
    """
    Let something befall a booking.
    """
    seen = wiring.store().bookings.get(booking)
    after = seen.after(Happening.SHIFTED, excuse=Excuse("closure", "msr_1", wiring.clock().now()))
    wiring.store().commit(Write(after, seen.version))


def put(house, path, user, body):
    """
    PUT without a key: what is said twice is so once.
    """
    return house.client.send("PUT", path, body=body, headers=user)


class TestReschedule:
    @pytest.mark.rule("28", "D7", "D14")
    def test_is_free_once_then_costs_the_fee(self, house):
        """
        The view shows the new slot and number and both numbers in its timeline; the second time the fee is told, and taken by agreement.
        """
        user = house.user()
        booking = house.confirmed(user)
        before = house.get(f"/v1/bookings/{booking}", user).json
        first, second = slots(house, days=5)[:2]
        moved = house.post(f"/v1/bookings/{booking}/reschedule", user, {"slot_start": first}).json

        assert (first, 0, "confirmed") == (moved["slot"]["start"], moved["reschedules_left"], moved["status"])
        last = moved["timeline"][-1]
        assert ("rescheduled", "§28") == (last["event"], last["ground"])
        assert (before["number"], moved["number"]) == (last["detail"]["from"], last["detail"]["to"])
        refused = house.post(f"/v1/bookings/{booking}/reschedule", user, {"slot_start": second}, **{"Accept-Language": "en"})
        assert (409, "RESCHEDULE_NEEDS_FEE", "§28") == (refused.status, refused.code, refused.json["rule"])
        assert "fee: pay" in refused.json["detail"]
        poor = house.post(f"/v1/bookings/{booking}/reschedule", user, {"slot_start": second, "fee": "pay"})
        assert (409, "INSUFFICIENT_FUNDS") == (poor.status, poor.code)
        topped = house.post("/v1/me/wallet/top-ups", user, {"amount": {"amount": MCI, "currency": "KZT"}}).json
        house.pay(topped["payment_intent"], MCI)
        paid = house.post(f"/v1/bookings/{booking}/reschedule", user, {"slot_start": second, "fee": "pay"})
        assert (200, second) == (paid.status, paid.json["slot"]["start"])
        assert 0 == house.get("/v1/me/wallet", user).json["available"]["amount"]

    def test_needs_a_key_and_a_moment(self, house):
        """
        Without an idempotency key 400; a body that says no time names the field; nothing changes.
        """
        user = house.user()
        booking = house.confirmed(user)
        keyless = house.client.send(
            "POST", f"/v1/bookings/{booking}/reschedule", body={"slot_start": slots(house, days=5)[0]}, headers=user
        )

        assert (400, "IDEMPOTENCY_KEY_REQUIRED") == (keyless.status, keyless.code)
        for wrong in ({}, {"slot_start": "tomorrow"}, {"slot_start": "2027-01-01T10:00:00"}, {"slot_start": None}):
            refused = house.post(f"/v1/bookings/{booking}/reschedule", user, wrong)
            assert (422, ["slot_start"]) == (refused.status, refused.fields)
        assert 1 == house.get(f"/v1/bookings/{booking}", user).json["reschedules_left"]


@pytest.mark.rule("D21")
class TestChoice:
    def test_is_shown_and_taken(self, house):
        """
        The view says what may be chosen; another checkpoint of the country is previewed without a key, then taken.
        """
        user = house.user()
        booking = house.confirmed(user)
        assert "choice" not in house.get(f"/v1/bookings/{booking}", user).json
        excuse(booking)
        shown = house.get(f"/v1/bookings/{booking}", user).json["choice"]
        wanted = {"checkpoint": ELSEWHERE, "slot_start": slots(house, days=5, checkpoint=ELSEWHERE)[0]}
        told = house.client.send("POST", f"/v1/bookings/{booking}/relocate?preview=true", body=wanted, headers=user)
        taken = house.post(f"/v1/bookings/{booking}/relocate", user, wanted)

        assert {"may_relocate": True, "may_withdraw": True, "ground": "closure"} == shown
        assert (200, 200) == (told.status, taken.status)
        assert told.json.items() <= taken.json.items()
        after = house.get(f"/v1/bookings/{booking}", user).json
        assert (ELSEWHERE, taken.json["number"], 1) == (after["checkpoint"], after["number"], after["reschedules_left"])
        assert (422, ["checkpoint"]) == (
            (unknown := house.post(f"/v1/bookings/{booking}/relocate", user, {**wanted, "checkpoint": "atlantis"})).status,
            unknown.fields,
        )

    def test_gives_everything_back(self, house):
        """
        Previewed and done alike; without an excuse there is no such choice.
        """
        user = house.user()
        booking, plain = house.confirmed(user), house.confirmed(user)
        excuse(booking)
        told = house.client.send("POST", f"/v1/bookings/{booking}/withdraw?preview=true", headers=user).json
        done = house.post(f"/v1/bookings/{booking}/withdraw", user)

        assert {"fee": "returned", "deposit": "released", "rule": "D21", "booking": booking} == told == done.json
        assert "withdrawn" == house.get(f"/v1/bookings/{booking}", user).json["status"]
        assert 21 * MCI == house.get("/v1/me/wallet", user).json["available"]["amount"]
        assert (409, "NOT_EXCUSED") == ((refused := house.post(f"/v1/bookings/{plain}/withdraw", user)).status, refused.code)


@pytest.mark.rule("36", "D15")
class TestCrew:
    def test_comes_changes_and_goes(self, house):
        """
        Added, replaced and taken off by the id that the view shows; whoever went is erased once the outbox is delivered.
        """
        user = house.user()
        booking = house.confirmed(user)
        added = house.post(f"/v1/bookings/{booking}/drivers", user, DRIVER).json
        assert ["0", "1"] == [driver["id"] for driver in added["drivers"]]
        gone = wiring.store().bookings.get(booking).drivers[1].person
        replaced = put(house, f"/v1/bookings/{booking}/drivers/1", user, {**DRIVER, "name": "Ержан Оспанов", "iin": "910303300457"}).json
        assert "Ержан Оспанов" == replaced["drivers"][1]["name"]
        while wiring.deliver_outbox()().delivered:
            pass
        assert {} == wiring.people().get_many([gone], purpose="test")
        off = house.client.send("DELETE", f"/v1/bookings/{booking}/drivers/1", headers={**user, "Idempotency-Key": "off"}).json
        assert 1 == len(off["drivers"])
        assert (409, "LAST_DRIVER") == (
            (last := house.client.send("DELETE", f"/v1/bookings/{booking}/drivers/0", headers={**user, "Idempotency-Key": "off-2"})).status,
            last.code,
        )

    @pytest.mark.rule("16")
    def test_is_not_added_where_nobody_spoke_of_consent(self, house):
        """
        Left out or false, the word is not said: 409 with whose consent is missing and what to do next, in the caller's language.
        """
        user = house.user()
        booking = house.confirmed(user)
        silent = {name: value for name, value in DRIVER.items() if name != "consent"}
        for body in (silent, {**silent, "consent": False}):
            refused = house.post(f"/v1/bookings/{booking}/drivers", user, body, **{"Accept-Language": "en"})
            assert (409, "CONSENT_REQUIRED", "§16") == (refused.status, refused.code, refused.json["rule"])
            assert "driver 2" in refused.json["detail"]
            assert refused.json["detail"].endswith(refused.json["next"])
        assert 1 == len(house.get(f"/v1/bookings/{booking}", user).json["drivers"])

    def test_waits_for_a_silent_register(self, house):
        """
        503 with the register's name and when to come again; nothing has changed.
        """
        user = house.user()
        booking = house.confirmed(user)
        house.registers.answers["5"] = CheckResult.UNAVAILABLE
        refused = house.post(f"/v1/bookings/{booking}/drivers", user, DRIVER, **{"Accept-Language": "en"})

        assert (503, "VERIFICATION_UNAVAILABLE", "§20") == (refused.status, refused.code, refused.json["rule"])
        assert "30" == refused.headers["retry-after"]
        assert "Wanted drivers" in refused.json["detail"]
        assert 1 == len(house.get(f"/v1/bookings/{booking}", user).json["drivers"])

    def test_couples_another_trailer(self, house):
        """
        Put, put again, taken away.
        """
        user = house.user()
        booking = house.confirmed(user)
        trailer = {"trailer": {"country": "KZ", "plate": "77 XYZ 05"}}

        assert trailer["trailer"] == put(house, f"/v1/bookings/{booking}/trailer", user, trailer).json["trailer"]
        assert 200 == put(house, f"/v1/bookings/{booking}/trailer", user, trailer).status
        assert "trailer" not in put(house, f"/v1/bookings/{booking}/trailer", user, {"trailer": None}).json
        assert (422, ["trailer"]) == ((refused := put(house, f"/v1/bookings/{booking}/trailer", user, {})).status, refused.fields)

    def test_never_changes_vin_or_owner(self, house):
        """
        A plate is corrected once; whoever sends more than a plate is told which field is none.
        """
        user = house.user()
        booking = house.confirmed(user)
        for field in ("vin", "owner", "country"):
            refused = house.post(f"/v1/bookings/{booking}/plate-correction", user, {"plate": "777 AAA 02", field: "X"})
            assert (422, [field]) == (refused.status, refused.fields)

        done = house.post(f"/v1/bookings/{booking}/plate-correction", user, {"plate": "777 AAA 02", "ground": "Опечатка"}).json
        assert "777 AAA 02" == done["vehicle"]["plate"]
        again = house.post(f"/v1/bookings/{booking}/plate-correction", user, {"plate": "778 AAA 02"})
        assert (409, "PLATE_CORRECTED") == (again.status, again.code)


@pytest.mark.rule("6.2", "D13")
class TestClass:
    def test_is_set_to_general_by_the_officer_of_the_checkpoint(self, house):
        """
        Goods that prove mixed at the gate: the user reads who, when and why in his timeline.
        """
        user, officer = house.user(), house.staff("officer", HERE)
        cargo = {
            "kind": "perishable",
            "hs_codes": ["080810"],
            "exclusive": True,
            "declaration": {"kind": "goods", "number": "50401/031226/0001"},
        }
        booking = house.confirmed(user, **{"class": "priority_goods", "cargo": cargo})
        body = {"class": "general", "reason": "Груз смешанный"}

        done = house.post(f"/v1/officer/bookings/{booking}/class", officer, body)

        assert (200, "general") == (done.status, done.json["class"])
        last = house.get(f"/v1/bookings/{booking}", user).json["timeline"][-1]
        assert ("class_changed", "officer", "D13", "Груз смешанный") == (
            last["event"],
            last["by"],
            last["ground"],
            last["detail"]["reason"],
        )
        assert 404 == house.post(f"/v1/officer/bookings/{booking}/class", house.staff("officer", ELSEWHERE), body).status
        assert (409, "NOT_PRIORITY") == ((again := house.post(f"/v1/officer/bookings/{booking}/class", officer, body)).status, again.code)
