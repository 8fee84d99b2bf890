"""
What an officer sees now: every vehicle of the day by where it is, the last plate reads with their reasons, the devices (§2.1, §4, §7).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.contracts import messages
from chalicelib.contracts.passages import DeviceHealth, EntryKind, JournalEntry
from chalicelib.contracts.plates import normalize
from chalicelib.domain.bookings import ACTIVE, EXPECTED, Booking, Status
from chalicelib.domain.calling import in_queue_order, is_in_area, waiting_area_capacity
from chalicelib.domain.line import Line
from chalicelib.domain.no_shows import is_blind
from chalicelib.domain.records import GatewayState, Passage
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import no_show_at
from chalicelib.domain.site_notes import Doubt, SiteNotes
from chalicelib.usecases.measure_line import line_of
from chalicelib.usecases.ports import Bookings, Clock, Passages, Photos, Places
from chalicelib.usecases.site_devices import devices_of
from chalicelib.usecases.sold_bookings import running_days, sold_bookings

READINGS = 30
SILENT_AFTER = timedelta(seconds=20)


class TaskKind(StrEnum):
    """
    What only an officer can decide.
    """

    UNREADABLE = "unreadable_passage"
    KEPT_OUT = "kept_out"
    NOT_REPORTED = "not_reported"
    NO_EXIT = "no_exit"
    AREA_FULL = "waiting_area_full"


@dataclass(frozen=True, slots=True)
class OfficerTask:
    """
    One thing that waits for an officer, and since when.
    """

    kind: TaskKind
    since: datetime
    lane: str | None = None
    plate: str | None = None
    booking: Booking | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WaitingArea:
    """
    How many vehicles the waiting area is meant for (§2.4), and how many are there.
    """

    capacity: int
    vehicles: int

    def tasks(self, now: datetime) -> Sequence[OfficerTask]:
        """
        Ask an officer where it is full: nobody may be turned away from it, so somebody has to see to it.
        """
        return [OfficerTask(TaskKind.AREA_FULL, now)] if 0 < self.capacity <= self.vehicles else []


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
    tasks: Sequence[OfficerTask]
    waiting_area: WaitingArea
    line: Line | None
    rules: Rules

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
    rules_on: Callable[[datetime], Rules]

    def live(self, *, checkpoint: str) -> Live:
        """
        Gather a checkpoint's picture from consistent reads of its places and bookings.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        today = rules.today(now)
        days = running_days(self.places, checkpoint=checkpoint, today=today)
        notes = self.passages.notes(checkpoint)
        sold = sold_bookings(self.places, checkpoint=checkpoint, days=days, guests=notes.guests)
        ordered = in_queue_order([booking for booking in self.bookings.get_many(sold) if self._of_now(booking, now)])
        area = WaitingArea(waiting_area_capacity(self.places.plan(checkpoint, today), rules), sum(map(is_in_area, ordered)))
        gateway = self.passages.gateway(checkpoint)
        seen = [
            passage for day in (today, today - timedelta(days=1)) for passage in self.passages.recent(checkpoint, day=day, limit=READINGS)
        ]
        return Live(
            checkpoint=checkpoint,
            at=now,
            vehicles=[(booking, whereabouts(booking)) for booking in ordered],
            sightings=[sighting for sighting in map(self._sighting, seen) if sighting is not None][:READINGS],
            devices=devices_of(gateway),
            gateway=gateway,
            connected=gateway.last_seen is not None and now - gateway.last_seen < SILENT_AFTER,
            tasks=[*self._tasks(notes, ordered, gateway, now, rules), *area.tasks(now)],
            waiting_area=area,
            line=line_of(self.passages.board(checkpoint)),
            rules=rules,
        )

    def _tasks(
        self, notes: SiteNotes, found: Sequence[Booking], gateway: GatewayState, now: datetime, rules: Rules
    ) -> Sequence[OfficerTask]:
        named = {doubt.booking for doubt in notes.doubts} | {chore.booking for chore in notes.chores}
        known = {booking.id: booking for booking in self.bookings.get_many(sorted(filter(None, named)))}
        tasks = [
            OfficerTask(kind_of(doubt), doubt.since, doubt.lane, doubt.plate, known.get(doubt.booking or ""), doubt.reason.value)
            for doubt in notes.doubts
            if doubt.booking is None or (doubt.booking in known and known[doubt.booking].status in EXPECTED)
        ]
        tasks += [
            OfficerTask(TaskKind.NO_EXIT, chore.since, booking=known[chore.booking]) for chore in notes.chores if chore.booking in known
        ]
        tasks += [
            OfficerTask(TaskKind.NOT_REPORTED, no_show_at(one, rules), booking=one) for one in found if _untold(one, gateway, now, rules)
        ]
        return sorted(tasks, key=lambda task: task.since)

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


def kind_of(doubt: Doubt) -> TaskKind:
    """
    Tell a passage nobody could tell from a vehicle that was known and kept out.
    """
    return TaskKind.UNREADABLE if doubt.booking is None else TaskKind.KEPT_OUT


def _untold(booking: Booking, gateway: GatewayState, now: datetime, rules: Rules) -> bool:
    """
    Tell a vehicle past its time of which the gateway has not reported yet, or cannot, since a camera shows nothing there (D18).
    """
    if booking.status not in EXPECTED or booking.called_at is None or booking.suspended is not None:
        return False
    moment = no_show_at(booking, rules)
    waited_for = booking.annul_not_before is not None and any(is_blind(device) for device in devices_of(gateway))
    return moment <= now and (waited_for or gateway.reported_upto is None or gateway.reported_upto < moment)


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
