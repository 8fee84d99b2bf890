"""
Orders and figures over HTTP, as an officer and a registrar give them, and what everybody then sees (§6, D1, D21).
"""

from datetime import timedelta

import pytest

from chalicelib import wiring
from functions.apply_measures import handler as apply_measures
from functions.count_crossings import handler as count_crossings
from tests.api.forms import ELSEWHERE, HERE

PATH = f"/v1/officer/checkpoints/{HERE}"


@pytest.fixture(scope="module")
def officer(built_house):
    """
    An officer of the checkpoint.
    """
    return built_house.staff("officer", HERE)


@pytest.fixture
def later(built_house):
    """
    Move time on for one test: the house is others' too.
    """
    moved = []

    def move(**span):
        moved.append(span)
        built_house.advance(**span)

    yield move
    for span in moved:
        built_house.advance(**{name: -value for name, value in span.items()})


def day_of(offset):
    """
    Name a local day counted from today.
    """
    now = wiring.clock().now()
    return wiring.rules_on(now).today(now) + timedelta(days=offset)


def put(house, path, headers, body):
    """
    PUT.
    """
    return house.client.send("PUT", path, body=body, headers=headers)


def booked(house, user, day):
    """
    Book ten o'clock of a day that no other test looks at: the booking's id.
    """
    booking = house.applied(user)
    assert 200 == house.post(f"/v1/bookings/{booking}/place", user, {"slot_start": f"{day}T10:00:00+05:00"}).status
    paid = house.post(f"/v1/bookings/{booking}/payment", user, {"method": "card"})
    house.pay(paid.json["payment_intent"], paid.json["amount"]["amount"])
    return booking


def load_of(house, day):
    """
    What everybody sees of a day.
    """
    return house.get(f"/v1/checkpoints/{HERE}/days?from={day}&to={day}").json["items"][0]


def slots_of(house, day):
    """
    The intervals of a day.
    """
    return house.get(f"/v1/checkpoints/{HERE}/slots?date={day}").json["items"]


def carried_out(house, officer):
    """
    Let the step run to its end: the checkpoint's orders, newest first.
    """
    for _ in range(50):
        if not apply_measures.handler(None, None)["seen"]:
            break
    return house.get(f"{PATH}/measures", officer).json["items"]


@pytest.mark.rule("6", "D1", "D3")
class TestCapacity:
    def test_is_set_for_a_period_and_shown(self, built_house, officer):
        """
        Six days ahead, 120 a day for two days: capacity, slots and class places follow; the day after is as before.
        """
        first, last = day_of(6), day_of(7)
        body = {"from": str(first), "to": str(last), "per_day": 120, "interval_minutes": 60}

        ordered = put(built_house, f"{PATH}/capacity", officer, body)

        assert (202, "capacity", 120) == (ordered.status, ordered.json["kind"], ordered.json["per_day"])
        assert "done" == carried_out(built_house, officer)[0]["state"]
        assert [120, 120] == [load_of(built_house, day)["capacity"] for day in (first, last)]
        assert load_of(built_house, day_of(8))["capacity"] not in {0, 120}
        assert 120 == sum(slot["capacity"] for slot in slots_of(built_house, first))
        goods = built_house.get(f"/v1/checkpoints/{HERE}/days?from={first}&to={first}&class=priority_goods").json["items"][0]
        assert 6 == goods["free"]

    def test_previews_without_changing(self, built_house, officer):
        """
        The preview tells what would be withheld and what really crossed; nothing is ordered.
        """
        count_crossings.handler({"checkpoints": [HERE]}, None)
        before, day = built_house.get(f"{PATH}/measures", officer).json, day_of(20)
        shown = put(built_house, f"{PATH}/capacity?preview=true", officer, {"from": str(day), "to": str(day), "per_day": 10})

        assert (200, 0) == (shown.status, shown.json["affected"])
        assert shown.json["counts"]["withheld"] > 10
        assert 0.0 == shown.json["crossed_a_day"] == built_house.get(f"/v1/checkpoints/{HERE}").json["crossed_a_day"]
        assert "advised_a_day" not in shown.json
        assert before == built_house.get(f"{PATH}/measures", officer).json

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"from": "2020-01-01"}, "from"),
            ({"to": "2020-01-01"}, "to"),
            ({"per_day": -1}, "per_day"),
            ({"per_day": 999 * 24 + 1}, "per_day"),
            ({"interval_minutes": 5}, "interval_minutes"),
            ({"opens": "25:00"}, "opens"),
            ({"opens": "20:00", "closes": "08:00"}, "closes"),
            ({"days_off": ["someday"]}, "days_off.0"),
        ],
    )
    def test_names_the_field_at_fault(self, built_house, officer, change, field):
        """
        A past day, a reversed period, impossible hours: 422 with the field.
        """
        refused = put(built_house, f"{PATH}/capacity", officer, {"from": str(day_of(30)), "per_day": 100, **change})

        assert (422, [field]) == (refused.status, [error["field"] for error in refused.json["errors"]])

    def test_of_other_intervals_goes_around_days_that_somebody_has_a_place_of(self, built_house, officer):
        """
        Half hours are a conflict that names the first possible day while a later day is sold; untouched days get them.
        """
        booked(built_house, built_house.user(), day_of(31))
        body = {"from": str(day_of(30)), "per_day": 96, "interval_minutes": 30}
        refused = put(built_house, f"{PATH}/capacity", officer, body)

        assert (409, "INTERVAL_FIXED") == (refused.status, refused.json["code"])
        assert day_of(32).strftime("%d.%m.%Y") in refused.json["detail"]
        assert 202 == put(built_house, f"{PATH}/capacity", officer, {**body, "from": str(day_of(60)), "to": str(day_of(61))}).status
        assert 2 == carried_out(built_house, officer)[0]["counts"]["redrawn"]
        assert [48, 24] == [len(slots_of(built_house, day_of(offset))) for offset in (60, 62)]


@pytest.mark.rule("D21")
class TestClosure:
    def test_moves_a_paid_booking_and_closes_the_day(self, built_house, officer):
        """
        The preview names the booking and its new place, the order moves it there; the day is closed to everybody; nobody buys into it.
        """
        user = built_house.user()
        booking = booked(built_house, user, day_of(12))
        before = built_house.get(f"/v1/bookings/{booking}", user).json
        day = before["slot"]["start"][:10]
        body = {"from": before["slot"]["start"], "to": day, "reason": "Storm"}

        shown = built_house.post(f"{PATH}/closures?preview=true", officer, body).json
        ordered = built_house.post(f"{PATH}/closures", officer, body)
        carried_out(built_house, officer)

        after = built_house.get(f"/v1/bookings/{booking}", user).json
        named = next(item for item in shown["bookings"] if item["id"] == booking)
        assert 202 == ordered.status
        assert (before["number"], after["number"]) == (named["from"]["number"], named["to"]["number"])
        assert ("confirmed", before["reschedules_left"]) == (after["status"], after["reschedules_left"])
        assert after["slot"]["start"] > before["slot"]["start"]
        assert "moved" == after["timeline"][-1]["event"]

    def test_of_now_closes_the_checkpoint(self, built_house, officer, later):
        """
        While it lasts the checkpoint's status is `closed`, in the list as on its page; sale into it is a conflict of its own.
        """
        day = day_of(3)
        user = built_house.user()
        booking = built_house.applied(user)
        assert 202 == built_house.post(f"{PATH}/closures", officer, {"from": str(day), "to": str(day), "reason": "Storm"}).status
        assert "open" == built_house.get(f"/v1/checkpoints/{HERE}").json["status"]
        refused = built_house.post(f"/v1/bookings/{booking}/place", user, {"slot_start": f"{day}T12:00:00+05:00"})
        assert (409, "CHECKPOINT_CLOSED") == (refused.status, refused.json["code"])
        assert {"date": str(day), "closed": True, "capacity": 0, "free": 0, "free_secondary": 0} == load_of(built_house, day)
        assert [] == slots_of(built_house, day)

        later(days=3)

        assert ("closed", 0) == tuple(built_house.get(f"/v1/checkpoints/{HERE}").json[name] for name in ("status", "capacity_today"))
        listed = {item["id"]: item["status"] for item in built_house.get("/v1/checkpoints?country=CN").json["items"]}
        assert ("closed", "open") == (listed[HERE], listed[ELSEWHERE])

    @pytest.mark.parametrize("kind", ["closures", "delays", "extensions"])
    def test_refuses_a_period_that_is_over_or_reversed(self, built_house, officer, kind):
        """
        What is past is not ordered: 422 names the end.
        """
        more = {"delays": {"shift_minutes": 5}, "extensions": {"hours": 5}}.get(kind, {})
        for period in ({"from": "2020-01-01", "to": "2020-01-02"}, {"from": str(day_of(9)), "to": str(day_of(8))}):
            refused = built_house.post(f"{PATH}/{kind}", officer, {**period, "reason": "x", **more})
            assert (422, ["to"]) == (refused.status, [error["field"] for error in refused.json["errors"]])


@pytest.mark.rule("D21")
class TestDelayAndExtension:
    def test_move_the_times_a_user_sees(self, built_house, officer):
        """
        Ninety minutes later, seventy-two hours longer: number and slot stay, `expected_at` and `valid_until` move.
        """
        user = built_house.user()
        booking = booked(built_house, user, day_of(14))
        before = built_house.get(f"/v1/bookings/{booking}", user).json
        period = {"from": before["slot"]["start"], "to": before["slot"]["end"], "reason": "Road closed"}

        built_house.post(f"{PATH}/delays", officer, {**period, "shift_minutes": 90})
        built_house.post(f"{PATH}/extensions", officer, {**period, "hours": 72, "source": "KazAvtoZhol"})
        first, second = carried_out(built_house, officer)[:2]

        after = built_house.get(f"/v1/bookings/{booking}", user).json
        assert (before["number"], before["slot"]) == (after["number"], after["slot"])
        assert after["expected_at"] > before["expected_at"]
        assert after["valid_until"][:10] > before["valid_until"][:10]
        assert ((72, "KazAvtoZhol"), 90) == ((first["hours"], first["source"]), second["shift_minutes"])

    def test_of_a_country_reaches_its_checkpoints(self, built_house):
        """
        An administrator extends at every checkpoint toward China; an officer of one of them may not.
        """
        body = {"from": str(day_of(5)), "to": str(day_of(5)), "hours": 72, "reason": "Floods", "country": "CN", "source": "GACC"}
        many = sorted(item.id for item in wiring.law().checkpoints.values() if item.country == "CN")

        refused = built_house.post(f"{PATH}/extensions", built_house.staff("officer", HERE), body)
        done = built_house.post(f"{PATH}/extensions", built_house.staff("admin"), body, key="country")
        again = built_house.post(f"{PATH}/extensions", built_house.staff("officer", *many), body)

        assert (403, "NOT_YOUR_CHECKPOINT") == (refused.status, refused.json["code"])
        assert many == sorted([HERE, *done.json["also_at"]]) == sorted([HERE, *again.json["also_at"]])
        assert {"extension"} <= {
            item["kind"]
            for item in built_house.get(f"/v1/officer/checkpoints/{ELSEWHERE}/measures", built_house.staff("admin")).json["items"]
        }

    def test_is_given_once_for_one_key(self, built_house, officer):
        """
        The same request again gives the same order.
        """
        body = {"from": str(day_of(40)), "to": str(day_of(40)), "reason": "x", "shift_minutes": 5}
        first, again = (built_house.post(f"{PATH}/delays", officer, body, key="delay-once") for _ in range(2))

        assert first.json["id"] == again.json["id"]
        other = built_house.post(f"{PATH}/delays", officer, {**body, "shift_minutes": 6}, key="delay-once")
        assert (409, "IDEMPOTENCY_KEY_REUSED") == (other.status, other.json["code"])


class TestFigures:
    def test_are_in_force_where_they_are_asked_for(self, built_house):
        """
        The registrar lets holds last twelve minutes from today on: the list says so, and the next hold lasts twelve minutes.
        """
        registrar, user = built_house.staff("registrar"), built_house.user()
        decided = put(
            built_house,
            "/v1/registrar/policies/hold",
            registrar,
            {"from": str(day_of(0)), "to": str(day_of(0)), "value": 12, "ground": "Order 12"},
        )

        assert (200, 12, "minutes") == (decided.status, decided.json["value"], decided.json["unit"])
        assert "Order 12" == decided.json["history"][-1]["ground"]
        listed = {item["name"]: item["value"] for item in built_house.get("/v1/registrar/policies", registrar).json["items"]}
        assert 12 == listed["hold"]
        booking = built_house.applied(user)
        before = wiring.clock().now()
        held = built_house.post(f"/v1/bookings/{booking}/place", user, {"slot_start": "first_free"}).json
        seen = wiring.store().bookings.get(held["id"])
        assert timedelta(minutes=11) < seen.hold_expires_at - before < timedelta(minutes=13)

    def test_refuse_by_field_and_name(self, built_house):
        """
        Beyond the Order 422, an unknown name 404.
        """
        registrar = built_house.staff("registrar")
        body = {"from": str(day_of(1)), "value": 91, "ground": "x"}

        refused = put(built_house, "/v1/registrar/policies/horizon_days", registrar, body)
        assert (422, ["value"]) == (refused.status, [error["field"] for error in refused.json["errors"]])
        unknown = put(built_house, "/v1/registrar/policies/weather", registrar, body)
        assert (404, "POLICY_UNKNOWN") == (unknown.status, unknown.json["code"])
