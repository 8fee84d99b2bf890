import hashlib
import json

import jwt
import pytest

from chalicelib import wiring
from tests.api.forms import HERE, application


@pytest.fixture(scope="module")
def lived(built_house):
    """
    A user with a booking that lives and one that he gave up.
    """
    house, user = built_house, built_house.user()
    kept = house.confirmed(user)
    gone = house.confirmed(user)
    assert house.post(f"/v1/bookings/{gone}/cancel", user).status == 200
    house.advance(seconds=6)
    return (
        house,
        [house.get(f"/v1/bookings/{id_}", user).json for id_ in (kept, gone)],
        [wiring.store().bookings.get(id_) for id_ in (kept, gone)],
    )


def secrets_of(booking):
    """
    Everything of a booking that must never be told.
    """
    return [booking.id, booking.account, booking.owner.person, *(driver.person for driver in booking.drivers), "Серіков", "880101300123"]


@pytest.mark.rule("20")
class TestRegister:
    def test_shows_a_day_of_a_checkpoint_without_anybodys_name(self, lived):
        """
        Both bookings with plate, slot, status and class; no id, account, name or number of a document; pages of one make the whole.
        """
        house, (kept, gone), rows = lived
        path = f"/v1/public/bookings?checkpoint={HERE}&date={rows[0].day}"
        answer = house.get(path)
        items = {item["number"]: item for item in answer.json["items"]}

        assert ("confirmed", "cancelled") == (items[kept["number"]]["status"], items[gone["number"]]["status"])
        assert kept["vehicle"]["plate"] == items[kept["number"]]["plate"]
        names = {"checkpoint", "number", "plate", "country", "class", "pool", "status", "slot_start", "slot_end"}
        assert all(names == set(item) for item in items.values())
        text = answer.body.decode()
        assert not [secret for row in rows for secret in secrets_of(row) if secret in text]
        page = house.get(f"{path}&limit=1").json
        assert page["items"] + house.get(f"{path}&limit=99&cursor={page['next_cursor']}").json["items"] == answer.json["items"]
        assert 304 == house.get(path, **{"If-None-Match": answer.headers["etag"]}).status

    def test_finds_a_plate_however_it_is_spelled(self, lived):
        """
        With and without its country, narrowed by checkpoint and day; another country's is another vehicle.
        """
        house, (kept, _), rows = lived
        plate = kept["vehicle"]["plate"].replace(" ", "-").lower()

        def numbers(more=""):
            return [item["number"] for item in house.get(f"/v1/public/bookings?plate={plate}{more}").json["items"]]

        assert [kept["number"]] == numbers() == numbers("&country=KZ") == numbers(f"&checkpoint={HERE}&date={rows[0].day}")
        assert [] == numbers("&country=CN") == numbers("&checkpoint=dostyk") == numbers("&date=2026-01-01")

    @pytest.mark.parametrize(("query", "field"), [("", "date"), (f"checkpoint={HERE}", "date"), ("date=2026-12-03", "checkpoint")])
    def test_never_lists_everything(self, house, query, field):
        """
        A checkpoint needs a day and a day a checkpoint.
        """
        assert (422, [field]) == ((answer := house.get(f"/v1/public/bookings?{query}")).status, answer.fields)

    def test_leaves_out_who_has_no_number(self, house):
        """
        An application and a held place are nobody's business yet.
        """
        user = house.user()
        booking = house.applied(user)
        assert 200 == house.post(f"/v1/bookings/{booking}/place", user, {"slot_start": "first_free"}).status
        plate = house.get(f"/v1/bookings/{booking}", user).json["vehicle"]["plate"].replace(" ", "")

        assert [] == house.get(f"/v1/public/bookings?plate={plate}").json["items"]


class TestHistory:
    def read(self, house, *, query="", day=None):
        """
        Read today's history: its lines and the last one.
        """
        now = wiring.clock().now()
        today = day or wiring.rules_on(now).today(now)
        answer = house.get(f"/v1/public/history/{HERE}/{today}.ndjson{query}")
        assert (200, "application/x-ndjson") == (answer.status, answer.headers["content-type"])
        lines = [json.loads(line) for line in answer.body.decode().splitlines()]
        return lines[:-1], lines[-1], answer.body.decode()

    def test_tells_every_change_with_its_ground_and_nobodys_secret(self, lived):
        """
        Held, confirmed under its number, cancelled by §28: in order, linked by a reference that is no id.
        """
        house, (_, gone), rows = lived
        lines, _, text = self.read(house)
        (confirmed,) = [line for line in lines if line.get("number") == gone["number"]]
        story = [(line["event"], line.get("ground")) for line in lines if line["ref"] == confirmed["ref"]]

        assert [("held", "22"), ("confirmed", "20"), ("cancelled", "28")] == story
        assert [*range(1, len(lines) + 1)] == [line["line"] for line in lines]
        assert not [secret for row in rows for secret in (*secrets_of(row), row.vehicle.plate, row.vehicle.vin) if secret in text]

    def test_is_proved_by_its_chain_and_our_signature(self, lived):
        """
        With nothing but the published keys: the chain leads to the head that the token signs; page by page it is the same.
        """
        house, _, _ = lived
        lines, last, _ = self.read(house)
        (key,) = [
            key for key in house.get("/.well-known/jwks.json").json["keys"] if key["kid"] == jwt.get_unverified_header(last["token"])["kid"]
        ]
        claims = jwt.decode(last["token"], jwt.PyJWK(key).key, algorithms=["ES256"])
        link = hashlib.sha256(f"{HERE}/{last['date']}".encode()).hexdigest()
        for line in lines:
            plain = json.dumps({name: line[name] for name in sorted(line) if name != "chain"}, ensure_ascii=False, separators=(",", ":"))
            link = hashlib.sha256(f"{link}\n{plain}".encode()).hexdigest()

        assert (link, len(lines), HERE, False) == (claims["head"], claims["count"], claims["checkpoint"], claims["final"])
        assert {"line": 2} == {"line": self.read(house, query="?after=1&limit=1")[0][0]["line"]}
        assert (2, None) == (self.read(house, query="?limit=2")[1]["next"], self.read(house, query=f"?after={len(lines)}")[1]["next"])

    @pytest.mark.parametrize("path", ["nowhere/2026-12-03.ndjson", f"{HERE}/2026-13-40.ndjson", f"{HERE}/2026-12-03.json"])
    def test_of_nothing_is_unknown(self, house, path):
        """
        No such checkpoint, no such day, no such file.
        """
        assert 404 == house.get(f"/v1/public/history/{path}").status

    def test_of_an_empty_day_is_signed_too(self, house):
        """
        A closed day on which nothing happened says so.
        """
        lines, last, _ = self.read(house, day="2020-01-01")

        assert ([], 0, True, None) == (lines, last["count"], last["final"], last["next"])


def test_application_form_has_a_name_to_leak():
    """
    The forms of these tests carry the names and numbers that are looked for.
    """
    assert "Серіков" in json.dumps(application(), ensure_ascii=False)
