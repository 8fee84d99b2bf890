"""
Registering passages by hand and saying `ready`, over HTTP (§11, D17).
"""

from datetime import timedelta

import pytest

from chalicelib import wiring
from tests.api.forms import HERE

PASSAGES = f"/v1/officer/checkpoints/{HERE}/passages"


def passage(**changes):
    """
    A truck of the waiting area's entry, a moment ago.
    """
    at = (wiring.clock().now() - timedelta(seconds=30)).isoformat()
    return {"lane": "wa-in", "at": at, "action": "arrived", "reason": "номер в снегу", **changes}


@pytest.mark.rule("11", "31", "D17")
class TestPassages:
    def test_an_officers_word_leads_to_ready(self, house):
        """
        On the road nobody is ready; the officer confirms the missed reading by the plate as printed; then the driver may say so.
        """
        user, officer = house.user(), house.staff("officer", HERE)
        booking = house.confirmed(user)
        plate = house.get(f"/v1/bookings/{booking}", user).json["vehicle"]["plate"]
        assert "NOT_IN_WAITING_AREA" == house.post(f"/v1/bookings/{booking}/ready", user).code
        made = house.post(PASSAGES, officer, passage(plate=plate.lower()))
        assert (201, booking) == (made.status, made.json["booking"])
        assert "NOT_POSSIBLE_NOW" == house.post(PASSAGES, officer, passage(booking=booking)).code

        ready = house.post(f"/v1/bookings/{booking}/ready", user).json
        assert ("arrived", True) == (ready["status"], "ready_at" in ready)
        assert {"officer"} == {event["by"] for event in ready["timeline"] if event["event"] == "arrived"}
        seen = house.get(f"/v1/officer/bookings/{booking}", officer).json
        assert {True} == {event["by"].startswith("officer:acc_") for event in seen["timeline"] if event["event"] == "arrived"}

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"lane": "nowhere"}, "lane"),
            ({"action": "crossed"}, "action"),
            ({"action": "danced"}, "action"),
            ({"at": "2199-01-01T00:00:00+05:00"}, "at"),
            ({"at": "2020-01-01T00:00:00+05:00"}, "at"),
            ({"at": "yesterday"}, "at"),
            ({"reason": " "}, "reason"),
            ({"plate": None, "booking": None}, "booking"),
            ({"photo": "x"}, "photo"),
        ],
    )
    def test_takes_no_nonsense(self, house, changes, field):
        """
        Each wrong field by its name; nothing is kept.
        """
        officer = house.staff("officer", HERE)

        answer = house.post(PASSAGES, officer, {**passage(plate="777ZZZ09"), **changes})

        assert (422, [field]) == (answer.status, answer.fields)

    def test_of_another_checkpoint_or_nobody_is_refused(self, house):
        """
        403 at another's checkpoint, 404 for a vehicle without a booking here; an empty lane may be resolved without one.
        """
        officer, elsewhere = house.staff("officer", HERE), house.staff("officer", "dostyk")

        assert "NOT_YOUR_CHECKPOINT" == house.post(PASSAGES, elsewhere, passage(plate="777ZZZ09")).code
        assert 404 == house.post(PASSAGES, officer, passage(plate="777ZZZ09")).status
        assert 201 == house.post(PASSAGES, officer, passage(action="resolved")).status
        assert [] == house.get(f"/v1/officer/checkpoints/{HERE}/live", officer).json["tasks"]
