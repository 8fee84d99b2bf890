"""
What the registrar sees of a disputed trip over HTTP: each passage with its photograph, from the copies that are held (§6-2, §10, D31).
"""

from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.contracts import messages
from chalicelib.domain.records import Passage
from chalicelib.usecases.ports import Shot, Write
from chalicelib.wiring import sanctions
from tests.factories import seen
from tests.fakes.photos import PhotoShelf

SHA = "ab" * 32


@pytest.fixture
def shelf(house, monkeypatch):
    """
    The house's photographs without a bucket, one of them sent up.
    """
    shelf = PhotoShelf()
    shelf.kept.add(SHA)
    reads = sanctions.read_complaints()
    monkeypatch.setattr(wiring, "read_complaints", lambda: replace(reads, photos=lambda: shelf))
    return shelf


@pytest.mark.rule("6-2", "10", "D31")
class TestSightings:
    def test_are_shown_to_the_registrar_alone(self, house, shelf):
        """
        Lane, plate, decision and a photograph's link of a minute; the complainer sees none of it, nor does a list.
        """
        user, registrar = house.user(), house.staff("registrar")
        booking = house.confirmed(user)
        slot = wiring.store().bookings.get(booking)
        entry = replace(seen(1, "wa-in", booking, at=slot.slot_start), photo=SHA)
        passage = Passage(
            slot.checkpoint, slot.day, f"jr_{booking}", 1, entry.at, entry.kind.value, entry.lane, messages.to_json(entry), booking=booking
        )
        wiring.store().commit(Write(passage))
        made = house.post("/v1/me/complaints", user, {"about": "deposit", "booking": booking, "text": "Прошу разобраться"})
        shelf.hold(case=made.json["id"], shot=Shot(slot.checkpoint, SHA))

        (shown,) = house.get(f"/v1/registrar/complaints/{made.json['id']}", registrar).json["sightings"]
        listed = house.get("/v1/registrar/complaints?status=registered&limit=100", registrar).json["items"]

        assert ("wa-in", "001ABC02", booking) == (shown["lane"], shown["plate"], shown["booking"])
        assert f"get:held/{made.json['id']}/{slot.checkpoint}/{SHA}" == shown["photo"]["url"]
        assert "sightings" not in made.json
        assert [[]] == [each["sightings"] for each in listed if each["id"] == made.json["id"]]
