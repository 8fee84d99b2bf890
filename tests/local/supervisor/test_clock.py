"""
`POST /local/clock`: business time moves forward, from due moment to due moment, and everything due on the way is run.
"""

import itertools
import threading
from datetime import datetime, timedelta

import pytest

from tests.journey.checkpoint import Checkpoint

A_MOMENT = timedelta(seconds=20)

pytestmark = [pytest.mark.xdist_group("system"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def checkpoint(system):
    """
    Nur Zholy.
    """
    with Checkpoint(system) as place:
        yield place


def moments(ran, step):
    """
    When a step did something.
    """
    return [datetime.fromisoformat(one["at"]) for one in ran if one["step"] == step]


class TestClock:
    def test_refuses_to_run_backwards(self, local, checkpoint):
        """
        An earlier moment is 409 and moves nothing.
        """
        before = checkpoint.door.now()
        reply = local("POST", "clock", {"now": (before - timedelta(hours=1)).isoformat()})

        assert 409 == reply.status_code
        assert timedelta() <= checkpoint.door.now() - before < A_MOMENT

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"advance_seconds": -1},
            {"advance_seconds": 60, "now": "2030-01-01T00:00:00+05:00"},
            {"now": "tomorrow"},
            {"advance_seconds": "x"},
        ],
    )
    def test_refuses_what_it_does_not_understand(self, local, body):
        """
        422 problem+json naming a field; never a 500.
        """
        reply = local("POST", "clock", body)

        assert (422, "INVALID_FIELDS") == (reply.status_code, reply.json()["code"])
        assert reply.json()["errors"]

    def test_moves_everybody_s_clock(self, checkpoint):
        """
        Cloud and gateway: what the gateway journals after a leap bears the new time.
        """
        before = checkpoint.door.now()
        checkpoint.door.ask("POST", "/local/clock", body={"advance_seconds": 3600})
        now = checkpoint.door.now()
        checkpoint.read("entry-1", "111AAA01")
        seen = checkpoint.sighting("entry-1", plate="111AAA01")

        assert timedelta(hours=1) <= now - before < timedelta(hours=1) + A_MOMENT
        assert timedelta() <= datetime.fromisoformat(seen["at"]) - now < A_MOMENT

    @pytest.mark.rule("22", "29", "34")
    def test_stops_at_every_due_moment(self, checkpoint):
        """
        Over six days in one request: the days are opened and settled each night, lists signed anew every six hours, the notice given a day
        before and the call made at its lead, each at its moment; the gateway's list is no older than its 72 hours, so the truck comes in.
        """
        journey = checkpoint.booked(ahead=timedelta(days=6))
        before = checkpoint.door.now()
        ran = checkpoint.door.skip_to(journey.slot - timedelta(minutes=20))["ran"]
        booking = journey.user.ask("GET", f"/v1/bookings/{journey.booking}")
        happened = {entry["event"]: datetime.fromisoformat(entry["at"]) for entry in booking["timeline"]}

        at = [datetime.fromisoformat(one["at"]) for one in ran]
        assert at == sorted(at)
        assert before <= at[0]
        end = journey.slot - timedelta(minutes=20)
        nights = [journey.slot.replace(hour=0, minute=15, second=0, microsecond=0) - timedelta(days=days) for days in range(8)]
        nights = [night for night in nights if before < night <= end]
        for name in ("open_days", "settle_days"):
            assert len(nights) == len(moments(ran, name))
            assert all(A_MOMENT > moment - moment.replace(hour=0, minute=15, second=0, microsecond=0) for moment in moments(ran, name))
        signed = [before, *moments(ran, "refresh_admissions"), journey.slot]
        assert max(later - earlier for earlier, later in itertools.pairwise(signed)) <= timedelta(hours=6) + A_MOMENT
        assert timedelta() <= happened["reminded"] - (journey.slot - timedelta(hours=24)) < A_MOMENT
        lead = timedelta(minutes=150 if journey.slot.month in {11, 12, 1, 2, 3} else 90)
        assert timedelta() <= happened["called"] - (journey.slot - lead) < A_MOMENT
        assert "arrived" == checkpoint.read("wa-in", journey.truck.plate)["action"]
        assert ("open", "MATCH") == tuple(checkpoint.read("entry-1", journey.truck.plate)[name] for name in ("action", "reason"))

    def test_takes_one_wish_after_another(self, local, checkpoint):
        """
        Two leaps asked for at once: both are made, and time has moved by their sum.
        """
        before = checkpoint.door.now()
        replies = []
        threads = [threading.Thread(target=lambda: replies.append(local("POST", "clock", {"advance_seconds": 600}))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [200, 200] == [reply.status_code for reply in replies]
        assert timedelta(seconds=1200) <= checkpoint.door.now() - before < timedelta(seconds=1200) + A_MOMENT


@pytest.mark.rule("D23", "D24")
class TestListInForce:
    def test_says_nothing_after_its_term_and_is_fetched_when_the_line_is_back(self, checkpoint):
        """
        Cut off for more than 72 hours: nobody is let in on a list that is over (NO_LIST); with the line back the gateway asks for the current one.
        """
        journey = checkpoint.booked(ahead=timedelta(hours=77))
        checkpoint.connect(False)
        try:
            checkpoint.door.skip_to(journey.slot - timedelta(minutes=20))
            cut = [checkpoint.read(lane, journey.truck.plate) for lane in ("wa-in", "entry-1")]
        finally:
            checkpoint.connect(True)

        assert [("none", "NO_LIST"), ("stay", "NO_LIST")] == [(word["action"], word["reason"]) for word in cut]
        checkpoint.until(lambda: checkpoint.read("wa-in", journey.truck.plate)["action"] == "arrived", what="a current list")
        assert "open" == checkpoint.read("entry-1", journey.truck.plate)["action"]
        journey._until("admitted")
