import pytest

from chalicelib import wiring
from tests.api.forms import HERE


class TestRegistrar:
    @pytest.mark.rule("21", "29")
    def test_helps_a_booking_and_the_user_reads_why(self, house):
        """
        A notice again, a lock that stays while the booking runs; both reasons reach the user's timeline, the registrar's account does not.
        """
        user, registrar = house.user(), house.staff("registrar")
        booking = house.confirmed(user)
        path = f"/v1/registrar/bookings/{booking}"
        again = house.post(f"{path}/resend", registrar, {"reason": "СМС не дошло"})
        refused = house.post(f"{path}/release-lock", registrar, {"reason": "просит"})
        shown = house.get(f"/v1/bookings/{booking}", user)

        assert (200, {"booking": booking}) == (again.status, again.json)
        assert ("LOCK_IN_USE", "§21") == (refused.code, refused.json["rule"])
        (told,) = [item for item in shown.json["timeline"] if item["event"] == "notices_resent"]
        assert ("registrar", "СМС не дошло") == (told["by"], told["detail"]["reason"])
        assert 200 == house.post(f"/v1/bookings/{booking}/cancel", user).status
        assert {"booking": booking, "released": 0} == house.post(f"{path}/release-lock", registrar, {"reason": "просит"}).json
        assert 404 == house.post("/v1/registrar/bookings/bkg_none/resend", registrar, {"reason": "x"}).status

    @pytest.mark.rule("D15")
    def test_corrects_a_foreign_plate_from_its_papers_once(self, house):
        """
        The user sees the new plate and why; a second correction is refused; the number of the booking stays.
        """
        user, registrar = house.user(), house.staff("registrar")
        booking = house.confirmed(
            user, vehicle={"country": "CN", "plate": "新A·70001", "vin": "LZZ5ELNB1AA070001", "category": "truck", "body": "box"}
        )
        before = house.get(f"/v1/bookings/{booking}", user).json
        path, form = f"/v1/registrar/bookings/{booking}/correct", {"plate": "新A70007", "reason": "Техпаспорт предъявлен"}
        done = house.post(path, registrar, form)
        after = house.get(f"/v1/bookings/{booking}", user).json

        assert (200, "新A70007", before["number"]) == (done.status, after["vehicle"]["plate"], after["number"]), done.json
        (told,) = [item for item in after["timeline"] if item["event"] == "plate_corrected"]
        assert ("registrar", "Техпаспорт предъявлен") == (told["by"], told["detail"]["reason"])
        assert "PLATE_CORRECTED" == house.post(path, registrar, {**form, "plate": "新A70008"}).code
        assert 404 == house.post("/v1/registrar/bookings/bkg_none/correct", registrar, form).status

    @pytest.mark.rule("4")
    def test_finds_anywhere_by_plate_vin_number_and_name(self, house):
        """
        The same booking by each; by a day alone he names the checkpoint.
        """
        user, registrar = house.user(), house.staff("registrar")
        booking = house.confirmed(user)
        seen = house.get(f"/v1/bookings/{booking}", user).json
        plate, day = seen["vehicle"]["plate"].replace(" ", ""), seen["slot"]["start"][:10]
        searches = (f"plate={plate}", f"vin={seen['vehicle']['vin']}", f"number={seen['number']}")
        found = [house.get(f"/v1/registrar/search?{query}", registrar).json["items"] for query in searches]
        by_day = house.get(f"/v1/officer/bookings?date={day}&checkpoint={HERE}", registrar).json["items"]
        by_name = house.post("/v1/officer/bookings/search?limit=100", registrar, {"name": "серіков асқар"}).json["items"]

        assert [[booking]] * 3 == [[item["id"] for item in items] for items in found]
        assert booking in [item["id"] for item in by_day]
        assert booking in [item["id"] for item in by_name]
        assert (422, ["checkpoint"]) == ((bad := house.get(f"/v1/officer/bookings?date={day}", registrar)).status, bad.fields)
        assert (422, ["plate"]) == ((bad := house.get("/v1/registrar/search", registrar)).status, bad.fields)
        officer = house.staff("officer", "kolzhat")
        assert [] == house.post("/v1/officer/bookings/search", officer, {"name": "Асқар Серіков"}).json["items"]
        assert "NOT_YOUR_CHECKPOINT" == house.get(f"/v1/officer/bookings?date={day}&checkpoint={HERE}", officer).code

    @pytest.mark.rule("7", "13", "14")
    def test_sees_every_checkpoints_equipment_and_so_does_who_runs_it(self, house):
        """
        All 48, connected or not; a device operator sees devices and nothing else of the registrar's.
        """
        operator = house.staff("device_operator")
        answer = house.get("/v1/registrar/devices", operator)
        sites = {site["checkpoint"]: site for site in answer.json["items"]}

        assert set(wiring.law().checkpoints) == set(sites)
        assert not sites["kolzhat"]["connected"]
        assert sites[HERE]["unheard"]
        assert 304 == house.get("/v1/registrar/devices", operator, **{"If-None-Match": answer.headers["etag"]}).status
        assert 403 == house.get("/v1/registrar/search?plate=123ABC02", operator).status
