import pytest

from tests.api.forms import HERE

MCI = 432_500


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

    def test_come_in_pages_where_smaller_ones_are_asked_for(self, house):
        """
        Checkpoints, days and slots: pages of five put together are the whole, and a cursor of one's own making opens nothing.
        """
        day = house.get(f"/v1/checkpoints/{HERE}/days").json["items"][3]["date"]
        for path in (
            "/v1/checkpoints?country=CN",
            f"/v1/checkpoints/{HERE}/days?class=general",
            f"/v1/checkpoints/{HERE}/slots?date={day}",
        ):
            whole, found, cursor = house.get(path).json, [], ""
            while cursor is not None:
                page = house.get(f"{path}&limit=4{cursor and f'&cursor={cursor}'}").json
                found, cursor = found + page["items"], page["next_cursor"]
                assert len(page["items"]) <= 4
            assert (whole["items"], None) == (found, whole["next_cursor"])
            assert ["cursor"] == house.get(f"{path}&cursor=nonsense").fields
            assert ["limit"] == house.get(f"{path}&limit=0").fields

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


@pytest.mark.rule("31", "34")
class TestFlow:
    def test_is_told_to_everybody_with_a_band(self, house):
        """
        Pace, plan, the hour just past and the intervals ahead in order, each with the ends of its band; unchanged it is a 304.
        """
        house.confirmed(house.user())
        shown = house.get(f"/v1/checkpoints/{HERE}/flow")

        fields = {"checkpoint", "as_of", "serving", "late_minutes", "stopped_since", "vehicles_last_hour", "pace_per_hour", "forecast"}
        assert fields <= set(shown.json)
        assert 12.0 <= shown.json["planned_per_hour"] <= 13.0
        for item in shown.json["forecast"]:
            assert item["earliest"] <= item["expected_at"] <= item["latest"]
        assert 304 == house.get(f"/v1/checkpoints/{HERE}/flow", {"If-None-Match": shown.headers["etag"]}).status
        assert 404 == house.get("/v1/checkpoints/nowhere/flow").status
