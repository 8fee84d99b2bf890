"""
A site cut off the cloud goes on by itself; what it did counts when the line is back, and nobody is annulled meanwhile (D18, D24).
"""

from datetime import datetime, timedelta

import pytest

LANE = "entry-1"
SHUT_FOR = timedelta(minutes=60)

pytestmark = [pytest.mark.xdist_group("system"), pytest.mark.timeout(300)]


class Cut:
    """
    Three trucks of one hour: one comes while the line is down, one never does, one comes though its user has just cancelled.
    """

    def __init__(self, checkpoint):
        self.checkpoint = checkpoint
        self.comer = checkpoint.booked()
        self.slot, self.end = self.comer.slot, self.comer.end
        ahead = self.slot - checkpoint.door.now() - timedelta(minutes=1)
        self.absent, self.rescinded = checkpoint.booked(ahead=ahead), checkpoint.booked(ahead=ahead)
        assert self.slot == self.absent.slot == self.rescinded.slot
        checkpoint.until(lambda: self.listed(self.absent), what="on the gateway's list")
        checkpoint.settle()
        self.told_cut = checkpoint.connect(False)
        checkpoint.door.skip_to(self.slot - timedelta(minutes=20))
        self.arrived = checkpoint.read("wa-in", self.comer.truck.plate)
        self.left = checkpoint.read("wa-out", self.comer.truck.plate)
        self.entered = checkpoint.read(LANE, self.comer.truck.plate)
        self.known = self.comer.user.ask("GET", f"/v1/bookings/{self.comer.booking}")
        self.gateway = checkpoint.live()["gateway"]
        self.rescinded.user.ask("POST", f"/v1/bookings/{self.rescinded.booking}/cancel", body={})
        self.passed = [checkpoint.read(lane, self.rescinded.truck.plate)["action"] for lane in ("wa-in", "wa-out", LANE)]
        checkpoint.door.skip_to(self.end + SHUT_FOR + timedelta(minutes=30))
        self.unseen = self.absent.user.ask("GET", f"/v1/bookings/{self.absent.booking}")
        self.told_back = checkpoint.connect(True)
        checkpoint.settle()
        self.admitted = self.comer._until("admitted")

    def listed(self, journey):
        """
        Whether a list that the gateway was sent names the booking.
        """
        return any(journey.number in part["text"] for part in self.checkpoint.observer.heard("admissions"))


@pytest.fixture(scope="module")
def cut(checkpoint):
    """
    A cut from before the call until after the no-show's moment.
    """
    return Cut(checkpoint)


@pytest.mark.rule("8", "D24")
class TestCutOff:
    def test_is_cut_and_back(self, cut):
        """
        The switch says whether the line stands, and the officer sees that it does not.
        """
        assert ({"connected": False}, {"connected": True}) == (cut.told_cut, cut.told_back)
        assert cut.gateway["connected"] is False

    @pytest.mark.rule("7", "13", "33")
    def test_admits_a_known_truck_by_the_gateway_alone(self, cut):
        """
        Its lead has begun, so it counts as called: arrived, departed, opened, though the cloud knows nothing of it.
        """
        assert ["arrived", "departed", "open"] == [word["action"] for word in (cut.arrived, cut.left, cut.entered)]
        assert ("MATCH", "gateway") == (cut.entered["reason"], cut.entered["by"])
        assert cut.known["status"] in {"confirmed", "called"}
        assert cut.known.get("arrived_at") is None

    def test_tells_the_cloud_when_the_line_is_back(self, cut):
        """
        The booking is admitted as of the moment at the gate, hours ago, arrival and departure before it.
        """
        moments = [datetime.fromisoformat(cut.admitted[name]) for name in ("arrived_at", "left_area_at", "admitted_at")]

        assert moments == sorted(moments)
        assert moments[-1] < cut.end
        kinds = [entry["event"] for entry in cut.admitted["timeline"]]
        assert 1 == kinds.count("admitted")

    def test_lets_a_passage_override_what_was_decided_meanwhile(self, cut):
        """
        Cancelled in the cloud while the gateway, on a list then valid, let the truck in: it is admitted, and its miss and money are as if it
        had never been cancelled.
        """
        booking = cut.rescinded._until("admitted")
        wallet = cut.rescinded.user.ask("GET", "/v1/me/wallet")
        entries = cut.rescinded.user.ask("GET", "/v1/me/wallet/entries?limit=100")["items"]

        assert ["arrived", "departed", "open"] == cut.passed
        assert ["cancelled", "admitted"] == [entry["event"] for entry in booking["timeline"] if entry["event"] in {"cancelled", "admitted"}]
        assert booking["deposit"] in {"held", "released"}
        assert cut.rescinded.deposit == wallet["available"]["amount"] + wallet["held"]["amount"]
        assert {0} == {sum(leg["amount"]["amount"] for leg in entry["legs"]) for entry in entries}
        assert not booking.get("forgiveness", {}).get("used_on")


@pytest.mark.rule("28", "35", "D18", "D20")
class TestNoShow:
    def test_is_not_annulled_while_the_gateway_is_silent(self, cut):
        """
        Long after its term the absent truck is still expected: nobody has reported that it did not come.
        """
        assert "called" == cut.unseen["status"]

    def test_is_annulled_once_the_gateway_has_reported(self, cut, checkpoint):
        """
        After the line is back, at the next look; the first miss is forgiven: the deposit is free, the fee is kept.
        """
        checkpoint.door.skip_to(checkpoint.door.now() + timedelta(hours=2))
        booking = cut.absent._until("annulled")
        wallet = cut.absent.user.ask("GET", "/v1/me/wallet")

        assert "forgiven" == booking["deposit"]
        assert (cut.absent.deposit, 0, 0) == tuple(wallet[part]["amount"] for part in ("available", "held", "debt"))
        entries = cut.absent.user.ask("GET", "/v1/me/wallet/entries?limit=100")["items"]
        assert {0} == {sum(leg["amount"]["amount"] for leg in entry["legs"]) for entry in entries}
        assert booking["forgiveness"]["used_on"]

    def test_is_annulled_an_hour_after_the_interval_where_the_line_stands(self, checkpoint):
        """
        Not seen: still called 59 minutes after the interval's end, annulled at 60; the same truck's second miss is not
        forgiven: its deposit is forfeited.
        """
        first = checkpoint.booked()
        checkpoint.door.skip_to(first.end + SHUT_FOR - timedelta(minutes=1))
        assert "called" == first.user.ask("GET", f"/v1/bookings/{first.booking}")["status"]
        checkpoint.door.skip_to(first.end + SHUT_FOR + timedelta(minutes=3))
        annulled = first._until("annulled")
        second = checkpoint.booked(truck=first.truck)
        checkpoint.door.skip_to(second.end + SHUT_FOR + timedelta(minutes=3))
        again = second._until("annulled")

        moment = next(datetime.fromisoformat(entry["at"]) for entry in annulled["timeline"] if entry["event"] == "annulled")
        assert timedelta() <= moment - (first.end + SHUT_FOR) < timedelta(seconds=20)
        assert ("forgiven", "forfeited") == (annulled["deposit"], again["deposit"])
        # fee and deposit of the second booking: its deposit came from the wallet that the first one's went back to
        wallet = first.user.ask("GET", "/v1/me/wallet")
        assert (0, 0, 0) == tuple(wallet[part]["amount"] for part in ("available", "held", "debt"))


@pytest.mark.rule("28", "2.8", "D5")
class TestPlaceGivenBack:
    def test_is_secondary_and_costs_a_hundred_indexes(self, checkpoint):
        """
        A cancelled place is on sale again within half an hour, as secondary, at the secondary fee, and to nobody who does not ask for it.
        """
        journey = checkpoint.booked(ahead=timedelta(hours=30))
        path = f"/v1/checkpoints/{checkpoint.name}/slots?date={journey.slot:%Y-%m-%d}"

        def slot():
            return next(one for one in checkpoint.door.ask("GET", path)["items"] if datetime.fromisoformat(one["start"]) == journey.slot)

        before = slot()
        answer = journey.user.ask("POST", f"/v1/bookings/{journey.booking}/cancel", body={})
        checkpoint.door.skip_to(checkpoint.door.now() + timedelta(minutes=31))
        after = checkpoint.until(lambda: (found := slot())["free_secondary"] > before["free_secondary"] and found, what="on sale again")

        assert ("kept", "forgiven", "§28") == (answer["fee"], answer["deposit"], answer["rule"])
        assert before["free"] == after["free"]
        assert before["free_secondary"] + 1 == after["free_secondary"]
        assert 100 * journey.fee == after["fee_secondary"]["amount"]
