"""
Trucks that must not come in: the barrier stays shut and the officer sees why. Heard on MQTT, seen in the officer's cabinet.
"""

import random
from datetime import timedelta

import pytest

from local.pictures import draw_truck, draw_unreadable, not_a_picture
from local.story.application import LETTERS, Truck

LANE = "entry-1"
SURE, DOUBTFUL = 0.99, 0.45

pytestmark = [pytest.mark.xdist_group("system"), pytest.mark.timeout(300)]


def truck(first):
    """
    A truck whose plate begins with a digit of choice.
    """
    chance = random.SystemRandom()
    drawn = Truck.draw(random.Random(chance.getrandbits(64)))
    return Truck(f"{first}{chance.randrange(100):02d}{''.join(chance.choices(LETTERS, k=2))}13", drawn.vin, drawn.phone)


def sister_of(plate):
    """
    The same plate but for one character that looks like no other of it.
    """
    return f"{'7' if plate[0] != '7' else '4'}{plate[1:]}"


class Hour:
    """
    Trucks of one interval, and where each of them stands 25 minutes before it.
    """

    def __init__(self, checkpoint):
        self.checkpoint = checkpoint
        self.honest = checkpoint.booked(truck=truck(3))
        self.slot, self.end = self.honest.slot, self.honest.end
        self.skipper, self.doubted, self.cancelled, self.waved = (self._same_hour(first) for first in (6, 8, 9, 2))
        self.early = checkpoint.booked(ahead=self._ahead() + timedelta(hours=2), truck=truck(4))
        self.cancelled.user.ask("POST", f"/v1/bookings/{self.cancelled.booking}/cancel", body={})
        checkpoint.door.skip_to(self.slot - timedelta(minutes=25))
        for one in (self.honest, self.doubted, self.early):
            assert "arrived" == checkpoint.read("wa-in", one.truck.plate)["action"]
            one._event("arrived")

    def _ahead(self):
        return self.slot - self.checkpoint.door.now() - timedelta(minutes=1)

    def _same_hour(self, first):
        booked = self.checkpoint.booked(ahead=self._ahead(), truck=truck(first))
        assert self.slot == booked.slot
        return booked


@pytest.fixture(scope="module")
def hour(checkpoint):
    """
    An hour of Nur Zholy, 25 minutes before it begins.
    """
    return Hour(checkpoint)


@pytest.fixture
def shut(checkpoint):
    """
    The lane's barrier does not move during the test.
    """
    checkpoint.closed(LANE)
    checkpoint.settle()
    before = checkpoint.openings(LANE)
    yield
    checkpoint.settle()
    assert before == checkpoint.openings(LANE)


@pytest.mark.rule("30", "D23")
@pytest.mark.usefixtures("shut")
class TestBarrierStaysShut:
    def test_for_a_truck_nobody_expects(self, checkpoint, hour):
        """
        A photographed stranger: UNKNOWN_VEHICLE, with its plate on the officer's screen.
        """
        stranger = truck(5).plate
        reply = checkpoint.show(LANE, draw_truck(plate=stranger, seed=5))

        assert ("stay", "UNKNOWN_VEHICLE", "gateway") == tuple(reply["decision"][name] for name in ("action", "reason", "by"))
        assert stranger == reply["readings"][0]["text"]
        assert checkpoint.sighting(LANE, plate=stranger, reason="UNKNOWN_VEHICLE", action="stay")["photo"]["url"]

    def test_for_a_sister_plate_photographed_clearly(self, checkpoint, hour):
        """
        Fleets own sister plates: one clear character off never opens, and the officer learns whose sister it is.
        """
        sister = sister_of(hour.honest.truck.plate)
        reply = checkpoint.show(LANE, draw_truck(plate=sister, seed=7))

        assert ("stay", "SIMILAR_PLATE") == (reply["decision"]["action"], reply["decision"]["reason"])
        assert hour.honest.truck.plate in checkpoint.sighting(LANE, plate=sister, reason="SIMILAR_PLATE")["detail"]

    def test_for_a_sister_plate_read_with_high_confidence(self, checkpoint, hour):
        """
        The same from a reading whose every character is sure, for each position of the plate.
        """
        plate = hour.honest.truck.plate
        for at, character in enumerate(plate):
            other = "4" if character.isdigit() and character != "4" else "7" if character.isdigit() else "W"
            sister = plate[:at] + other + plate[at + 1 :]
            decision = checkpoint.read(LANE, sister, chars=[SURE] * len(sister))
            assert ("stay", "SIMILAR_PLATE") == (decision["action"], decision["reason"]), sister
            assert "booking_number" not in decision

    def test_for_an_early_truck(self, checkpoint, hour):
        """
        Listed, in the waiting area, but its hour has not come: TOO_EARLY, with its number.
        """
        decision = checkpoint.read(LANE, hour.early.truck.plate)

        assert ("stay", "TOO_EARLY", hour.early.number) == (decision["action"], decision["reason"], decision["booking_number"])
        checkpoint.sighting(LANE, booking_number=hour.early.number, reason="TOO_EARLY")

    @pytest.mark.rule("31", "D17")
    def test_for_a_truck_that_skipped_the_waiting_area(self, checkpoint, hour):
        """
        Called and in time, but not seen in the waiting area: NOT_FROM_WAITING_AREA.
        """
        reply = checkpoint.show(LANE, draw_truck(plate=hour.skipper.truck.plate, seed=9))

        assert ("stay", "NOT_FROM_WAITING_AREA") == (reply["decision"]["action"], reply["decision"]["reason"])
        checkpoint.sighting(LANE, booking_number=hour.skipper.number, reason="NOT_FROM_WAITING_AREA")

    def test_for_a_truck_of_another_checkpoint(self, checkpoint, hour):
        """
        Unknown here; the officer sees where it is booked instead.
        """
        pages = checkpoint.door.ask("GET", "/v1/checkpoints")["items"]
        elsewhere = next(item["id"] for item in pages if item["id"] != checkpoint.name and item["status"] == "open")
        lost = checkpoint.booked(truck=truck(1), toward=elsewhere)
        decision = checkpoint.read(LANE, lost.truck.plate)

        assert ("stay", "UNKNOWN_VEHICLE") == (decision["action"], decision["reason"])
        assert elsewhere == checkpoint.sighting(LANE, plate=lost.truck.plate)["elsewhere"]

    def test_for_a_picture_nobody_can_read(self, checkpoint, hour):
        """
        A plate under mud and one under snow: UNREADABLE, and the officer has the picture.
        """
        for seed in (0, 1):
            reply = checkpoint.show(LANE, draw_unreadable(plate=hour.honest.truck.plate, seed=seed))
            assert ("stay", "UNREADABLE") == (reply["decision"]["action"], reply["decision"]["reason"])
        assert checkpoint.sighting(LANE, reason="UNREADABLE")["photo"]["url"]

    def test_for_a_reading_nobody_would_trust(self, checkpoint, hour):
        """
        The right plate read with a confidence of 0.2 is as good as none.
        """
        plate = hour.honest.truck.plate
        decision = checkpoint.read(LANE, plate, confidence=0.2, chars=[0.2] * len(plate))

        assert ("stay", "UNREADABLE") == (decision["action"], decision["reason"])

    def test_for_a_picture_that_is_none(self, checkpoint, hour):
        """
        A camera's login page: NOT_A_PICTURE, seen by the officer.
        """
        reply = checkpoint.show(LANE, not_a_picture())

        assert ("stay", "NOT_A_PICTURE", []) == (reply["decision"]["action"], reply["decision"]["reason"], reply["readings"])
        checkpoint.sighting(LANE, reason="NOT_A_PICTURE")

    def test_for_nothing_at_all(self, checkpoint, hour):
        """
        An empty body is refused with 422 and a field, and never reaches the gate.
        """
        before = len(checkpoint.entries(kind="passage", lane=LANE))
        reply = checkpoint.door.send("POST", f"/local/checkpoints/{checkpoint.name}/lanes/{LANE}/frame", content=b"")

        assert 422 == reply.status_code
        assert "application/problem+json" == reply.headers["content-type"]
        assert reply.json()["errors"]
        checkpoint.settle()
        assert before == len(checkpoint.entries(kind="passage", lane=LANE))

    def test_for_a_cancelled_booking(self, checkpoint, hour):
        """
        Cancelled hours ago: the list in force knows it no more.
        """
        decision = checkpoint.read(LANE, hour.cancelled.truck.plate)

        assert ("stay", "UNKNOWN_VEHICLE") == (decision["action"], decision["reason"])
        checkpoint.sighting(LANE, plate=hour.cancelled.truck.plate, reason="UNKNOWN_VEHICLE")


class TestBarrierOpens:
    @pytest.mark.rule("D23")
    def test_for_one_doubted_look_alike_and_the_officer_is_told(self, checkpoint, hour):
        """
        A B read with doubt where an 8 is expected, and nobody else fits: MATCH_REPAIRED, with what was read.
        """
        plate = hour.doubted.truck.plate
        read = f"B{plate[1:]}"
        decision = checkpoint.read(LANE, read, chars=[DOUBTFUL] + [SURE] * (len(read) - 1))

        assert ("open", "MATCH_REPAIRED", hour.doubted.number) == (decision["action"], decision["reason"], decision["booking_number"])
        assert read in checkpoint.sighting(LANE, booking_number=hour.doubted.number, action="open")["detail"]
        assert "admitted" == hour.doubted._until("admitted")["status"]

    def test_once_for_the_same_truck(self, checkpoint, hour):
        """
        The honest truck enters; its plate seen again stays outside: ALREADY_ADMITTED.
        """
        checkpoint.closed(LANE)
        before = checkpoint.openings(LANE)
        first = checkpoint.read(LANE, hour.honest.truck.plate)
        assert ("open", "MATCH") == (first["action"], first["reason"])
        hour.honest._until("admitted")
        checkpoint.closed(LANE)
        again = checkpoint.read(LANE, hour.honest.truck.plate)

        assert ("stay", "ALREADY_ADMITTED", hour.honest.number) == (again["action"], again["reason"], again["booking_number"])
        checkpoint.settle()
        assert before + 1 == checkpoint.openings(LANE)
        checkpoint.sighting(LANE, booking_number=hour.honest.number, reason="ALREADY_ADMITTED")
