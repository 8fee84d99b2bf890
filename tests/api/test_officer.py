import pytest

from tests.api.forms import HERE

MCI = 432_500


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
        assert [] == house.get(f"/v1/officer/bookings?plate={plate}&country=CN", officer).json["items"]
        assert 422 == house.get("/v1/officer/bookings", officer).status

    def test_finds_a_neighbors_plate_without_saying_whose_it_is(self, house):
        """
        Whoever reads a plate need not know its country; a page at a time where that is asked for.
        """
        user, officer = house.user(), house.staff("officer", HERE)
        vehicle = {"country": "CN", "plate": "新A·77123", "vin": "LZZ5ELNB1AA000123", "category": "truck", "body": "box"}
        booking = house.confirmed(user, vehicle=vehicle)
        page = house.get("/v1/officer/bookings?plate=%E6%96%B0A77123&limit=1", officer).json

        assert ([booking], None) == ([item["id"] for item in page["items"]], page["next_cursor"])
