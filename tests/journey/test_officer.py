"""
The officer's hand on the barrier: a match he confirms, an emergency, a stale order, one asked for twice (D26).
"""

import secrets
from datetime import timedelta

import httpx
import pytest

from local.story.application import Truck

LANE = "entry-1"
OTHER = "+77010000002"

pytestmark = [pytest.mark.xdist_group("system"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def skipper(checkpoint):
    """
    A called truck, minutes before its hour, whose reading in the waiting area was missed.
    """
    journey = checkpoint.booked()
    checkpoint.door.skip_to(journey.slot - timedelta(minutes=20))
    return journey


@pytest.fixture
def openings(checkpoint):
    """
    How often the lane's barrier has begun to open during the test.
    """
    checkpoint.closed(LANE)
    before = checkpoint.openings(LANE)
    return lambda: checkpoint.openings(LANE) - before


def command(checkpoint, order):
    """
    What the gateway journaled about an order.
    """
    return next(
        (entry["command"] for entry in checkpoint.entries(kind="command", lane=LANE) if entry["command"]["id"] == order["id"]), None
    )


@pytest.mark.rule("11", "D26")
class TestOfficer:
    def test_admits_a_truck_whose_match_he_confirms(self, checkpoint, skipper, openings):
        """
        The barrier opens once, and the booking he named is admitted, by his word; its plate does not open a second time.
        """
        assert "NOT_FROM_WAITING_AREA" == checkpoint.read(LANE, skipper.truck.plate)["reason"]
        order = checkpoint.order(LANE, command="open", ground="match_confirmed", booking=skipper.booking, reason="Papers checked")

        checkpoint.until(lambda: openings() == 1, what="opened")
        assert "done" == checkpoint.until(lambda: command(checkpoint, order), what="journaled")["result"]
        booking = skipper._until("admitted")
        assert any(entry["event"] == "admitted" for entry in booking["timeline"])
        checkpoint.closed(LANE)
        assert "ALREADY_ADMITTED" == checkpoint.read(LANE, skipper.truck.plate)["reason"]

    def test_opens_in_an_emergency_without_naming_anyone(self, checkpoint, openings):
        """
        By ground `emergency` no booking is needed and none is touched.
        """
        order = checkpoint.order(LANE, command="open", ground="emergency", reason="Ambulance")

        checkpoint.until(lambda: openings() == 1, what="opened")
        assert {"id": order["id"], "result": "done", "detail": "emergency", "author": "acc_staff01"} == checkpoint.until(
            lambda: command(checkpoint, order), what="journaled"
        )

    def test_closes_what_is_open(self, checkpoint, openings):
        """
        An order to close ends the opening before its time.
        """
        checkpoint.order(LANE, command="open", ground="service_vehicle", reason="Snow plow")
        checkpoint.until(lambda: openings() == 1, what="opened")
        order = checkpoint.order(LANE, command="close", ground="service_vehicle", reason="Through")

        def closing():
            moves = checkpoint.entries(kind="barrier", lane=LANE)
            return any(move["barrier"]["state"] == "closing" and move["barrier"]["cause"] == order["id"] for move in moves)

        checkpoint.until(closing, what="closing by order")

    def test_fires_once_under_one_key(self, checkpoint, openings):
        """
        The same Idempotency-Key thrice gives the same answer and one opening; with another body it is refused.
        """
        path = f"{checkpoint.officer.base}/v1/officer/checkpoints/{checkpoint.name}/lanes/{LANE}/barrier"
        headers = {"Authorization": f"Bearer {checkpoint.officer.token}", "Idempotency-Key": secrets.token_hex(16)}
        order = {"command": "open", "ground": "emergency", "reason": "Fire engine"}
        replies = [httpx.post(path, json=order, headers=headers, timeout=30) for _ in range(3)]
        other = httpx.post(path, json=order | {"reason": "Another"}, headers=headers, timeout=30)

        assert [202, 202, 202] == [reply.status_code for reply in replies]
        assert 1 == len({reply.json()["id"] for reply in replies})
        assert (409, "IDEMPOTENCY_KEY_REUSED") == (other.status_code, other.json()["code"])
        checkpoint.until(lambda: openings() == 1, what="opened")
        checkpoint.closed(LANE)
        assert 1 == openings()

    def test_never_fires_late(self, checkpoint, openings):
        """
        An order given while the site is cut off, and out of date when the line is back, opens nothing.
        """
        checkpoint.connect(False)
        try:
            order = checkpoint.order(LANE, command="open", ground="emergency", reason="Too late")
            checkpoint.door.ask("POST", "/local/clock", body={"advance_seconds": 180})
        finally:
            checkpoint.connect(True)
        checkpoint.settle()
        checkpoint.settle()

        assert 0 == openings()
        assert "done" != (command(checkpoint, order) or {"result": "never sent"})["result"]

    def test_needs_a_booking_to_confirm_a_match(self, checkpoint, openings):
        """
        `match_confirmed` without a booking is refused with its code; a stranger's booking is unknown.
        """
        bare = {"command": "open", "ground": "match_confirmed", "reason": "Looks right"}
        path = f"/v1/officer/checkpoints/{checkpoint.name}/lanes/{LANE}/barrier"

        refused = checkpoint.officer.send("POST", path, body=bare)
        unknown = checkpoint.officer.send("POST", path, body=bare | {"booking": "bkg_nobody"})

        assert refused.status_code in {409, 422}
        assert "MATCH_REQUIRED" == refused.json()["code"]
        assert 404 == unknown.status_code
        checkpoint.settle()
        assert 0 == openings()

    def test_orders_at_his_own_checkpoint_only(self, checkpoint, openings):
        """
        An officer of another checkpoint, a user and nobody at all get 403, 403 and 401.
        """
        path = f"/v1/officer/checkpoints/{checkpoint.name}/lanes/{LANE}/barrier"
        order = {"command": "open", "ground": "emergency", "reason": "Not mine"}
        stranger = checkpoint.door.sign_in(OTHER).send("POST", path, body=order)
        user = checkpoint.door.sign_in(Truck.draw().phone).send("POST", path, body=order)
        nobody = checkpoint.door.send("POST", path, body=order)

        assert (403, "NOT_YOUR_CHECKPOINT") == (stranger.status_code, stranger.json()["code"])
        assert (403, 401) == (user.status_code, nobody.status_code)
        checkpoint.settle()
        assert 0 == openings()
