"""
What an officer sees now: every vehicle of the day by where it is, the last plate reads with their reasons, the devices (§2.1, §4, §7).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.contracts import messages
from chalicelib.contracts.passages import DeviceHealth, EntryKind, JournalEntry
from chalicelib.contracts.plates import normalize
from chalicelib.domain.bookings import ACTIVE, EXPECTED, Booking, Status
from chalicelib.domain.records import GatewayState, Passage
from chalicelib.usecases.ports import Bookings, Clock, Passages, Photos, Places
from chalicelib.usecases.sold_bookings import sold_bookings

READINGS = 30
SILENT_AFTER = timedelta(seconds=20)


class Whereabouts(StrEnum):
    """
    Where a vehicle is, as the live view groups it.
    """

    EXPECTED = "expected"
    CALLED = "called"
    WAITING_AREA = "waiting_area"
    AT_GATE = "at_gate"
    INSIDE = "inside"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Sighting:
    """
    One plate read at the checkpoint: what was read, what was decided and why, and the photograph's link.
    """

    passage: Passage
    entry: JournalEntry
    photo: str | None
    elsewhere: str | None


@dataclass(frozen=True, slots=True)
class Live:
    """
    A checkpoint now.
    """

    checkpoint: str
    at: datetime
    vehicles: Sequence[tuple[Booking, Whereabouts]]
    sightings: Sequence[Sighting]
    devices: Sequence[DeviceHealth]
    gateway: GatewayState
    connected: bool

    @property
    def counts(self) -> Mapping[str, int]:
        """
        Count the vehicles of each group.
        """
        return {group.value: sum(1 for _, where in self.vehicles if where is group) for group in Whereabouts}


@dataclass(frozen=True, slots=True)
class WatchCheckpoint:
    """
    Reads for the officer's cabinet.
    """

    bookings: Bookings
    places: Places
    passages: Passages
    photos: Callable[[], Photos]
    clock: Clock
    rules_on: Callable[[datetime], Any]

    def live(self, *, checkpoint: str) -> Live:
        """
        Gather a checkpoint's picture from consistent reads of its places and bookings.
        """
        now = self.clock.now()
        today = self.rules_on(now).today(now)
        days = [today - timedelta(days=1), today, today + timedelta(days=1)]
        notes = self.passages.notes(checkpoint)
        sold = sold_bookings(self.places, checkpoint=checkpoint, days=days, guests=notes.guests)
        found = [booking for booking in self.bookings.get_many(sold) if self._of_now(booking, now)]
        ordered = sorted(found, key=lambda booking: (str(booking.slot_start), booking.number or ""))
        gateway = self.passages.gateway(checkpoint)
        seen = [passage for day in reversed(days[:2]) for passage in self.passages.recent(checkpoint, day=day, limit=READINGS)]
        return Live(
            checkpoint=checkpoint,
            at=now,
            vehicles=[(booking, whereabouts(booking)) for booking in ordered],
            sightings=[sighting for sighting in map(self._sighting, seen) if sighting is not None][:READINGS],
            devices=[messages.from_document(DeviceHealth, item) for item in _devices(gateway)],
            gateway=gateway,
            connected=gateway.last_seen is not None and now - gateway.last_seen < SILENT_AFTER,
        )

    def _of_now(self, booking: Booking, now: datetime) -> bool:
        if booking.status in ACTIVE:
            return booking.slot_start is not None and booking.slot_start < now + timedelta(hours=24)
        return booking.status is Status.CROSSED and booking.crossed_at is not None and now - booking.crossed_at < timedelta(hours=1)

    def _sighting(self, passage: Passage) -> Sighting | None:
        if passage.kind != EntryKind.PASSAGE.value:
            return None
        entry = messages.from_json(JournalEntry, passage.entry)
        link = self.photos().link(checkpoint=passage.checkpoint, sha256=entry.photo) if entry.photo else None
        return Sighting(passage, entry, link, self._elsewhere(passage, entry))

    def _elsewhere(self, passage: Passage, entry: JournalEntry) -> str | None:
        """
        Tell where a vehicle unknown here is booked: the officer sends it there.
        """
        if passage.booking is not None or not entry.readings:
            return None
        best = entry.readings[0]
        rivals = self.bookings.find(plate=f"{best.country}#{normalize(best.text)}")
        return next((rival.checkpoint for rival in rivals if rival.status in ACTIVE and rival.checkpoint != passage.checkpoint), None)


def whereabouts(booking: Booking) -> Whereabouts:
    """
    Place a booking in one of the live view's groups.
    """
    if booking.status is Status.CROSSED:
        return Whereabouts.LEFT
    if booking.status is Status.ADMITTED:
        return Whereabouts.INSIDE
    if booking.left_area_at is not None:
        return Whereabouts.AT_GATE
    if booking.arrived_at is not None:
        return Whereabouts.WAITING_AREA
    return Whereabouts.CALLED if booking.status in EXPECTED and booking.called_at is not None else Whereabouts.EXPECTED


def _devices(gateway: GatewayState) -> Sequence[Any]:
    found: Sequence[Any] = json.loads(gateway.devices)
    return found
