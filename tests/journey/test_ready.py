"""
Ready before its time, called early, let in at once; an exit that nobody saw is known to the state register (§18.17-2, §31, D17, D19).
"""

from datetime import timedelta

import pytest

pytestmark = [pytest.mark.xdist_group("system"), pytest.mark.timeout(300)]
LANE = "entry-1"


@pytest.fixture(scope="module")
def early(checkpoint):
    """
    A truck that is in the waiting area hours before its time, missed by the camera and confirmed by the officer.
    """
    trip = checkpoint.booked(ahead=timedelta(hours=7))
    word = {"lane": "wa-in", "at": checkpoint.door.now().isoformat(), "action": "arrived", "plate": trip.truck.plate, "reason": "Snow"}
    passages = f"/v1/officer/checkpoints/{checkpoint.name}/passages"
    trip.registered = checkpoint.officer.ask("POST", passages, body=word, expect=201)
    trip.ready = trip.user.ask("POST", f"/v1/bookings/{trip.booking}/ready", body={})
    checkpoint.settle()
    trip.called = trip._until("called")
    return trip


@pytest.mark.rule("31", "D17")
class TestEarly:
    def test_is_called_hours_before_its_lead(self, early):
        """
        The officer's word made it arrive, its driver's word made it called: with a place in the line, and hours to leave.
        """
        assert (early.booking, "arrived") == (early.registered["booking"], early.ready["status"])
        assert early.called["called_at"] < (early.slot - timedelta(hours=3)).isoformat()
        assert early.end.isoformat() == early.called["leave_by"]
        assert early.called["queue_position"] >= 1

    def test_is_let_in_at_once(self, early, checkpoint):
        """
        The gate's list opens for it with its call.
        """

        def entered():
            return checkpoint.read(LANE, early.truck.plate)["action"] == "open"

        checkpoint.read("wa-out", early.truck.plate)
        checkpoint.until(entered, what="let in")
        assert early._until("admitted")["admitted_at"] < early.slot.isoformat()
        checkpoint.closed(LANE)

    @pytest.mark.rule("18.17-2", "28", "D19")
    def test_is_known_to_have_crossed_by_the_state_register(self, early, checkpoint):
        """
        No camera saw it leave; 17-2 has it: crossed, the deposit is back.
        """
        checkpoint.door.ask("PUT", "/local/registries/17-2", body={"mode": "pass", "match": {"plate": early.truck.plate}})
        checkpoint.door.skip_to(checkpoint.door.now() + timedelta(hours=7))

        done = early._until("crossed")
        assert "released" == done["deposit"]
        assert "register" == next(event["by"] for event in done["timeline"] if event["event"] == "crossed")
