"""
The site: the waiting area, the line before the barrier, the gate that works at its own pace, and its gateway that reports, or cannot (D17, D24).
"""

from collections import deque
from datetime import datetime, timedelta
from math import exp
from typing import Final

from bench.month.desk import HERE
from bench.month.standstill import Standstill, Why
from bench.month.world import Trip, World
from chalicelib.contracts.passages import Action, Decision, DecisionReason, EntryKind, Heartbeat, JournalBatch, JournalEntry, LaneKind
from chalicelib.domain.bookings import EXPECTED, Booking, Status
from chalicelib.domain.schedule import no_show_at, opens_at
from chalicelib.usecases.receive_journal import ReceiveJournal

JOURNAL: Final = "jr_month"
UNEVEN: Final = 0.5
"""Deviation of one vehicle's time at the gate ÷ its mean."""
DRIFT: Final = 0.08
"""Deviation of an hour's pace, and how much of it the next hour keeps."""
KEEPS: Final = 0.6
SHIFTS: Final = {8: 0.85, 20: 0.85, 2: 0.95, 3: 0.95}
"""Hours in which crews change, or tire: their share of the usual pace."""
WAY: Final = timedelta(minutes=8)
INSIDE: Final = timedelta(minutes=50)
LANES: Final = {
    "wa-in": (LaneKind.WAITING_AREA_ENTRY, Action.ARRIVED),
    "wa-out": (LaneKind.WAITING_AREA_EXIT, Action.DEPARTED),
    "entry-1": (LaneKind.ENTRY, Action.OPEN),
    "exit-1": (LaneKind.EXIT, Action.OPEN),
}


class Site:
    """
    One lane in and one out.
    """

    def __init__(self, world: World) -> None:
        self._world, self._desk = world, world.desk
        self.area: dict[str, Trip] = {}
        self.line: deque[Trip] = deque()
        self.stood = Standstill(world)
        self._under_way = 0
        self._busy = False
        self._drift = 0.0
        self._sequence = 0
        self._unsent: list[JournalEntry] = []

    def connected(self) -> bool:
        """
        Tell whether the gateway reaches the cloud.
        """
        spans = map(self._world.scenario.span, self._world.scenario.cuts)
        return not any(begins <= self._world.now < ends for begins, ends in spans)

    def stormy(self) -> bool:
        """
        Tell whether nothing moves.
        """
        storm = self._world.scenario.storm
        if storm is None:
            return False
        begins, ends = self._world.scenario.span(storm)
        return begins <= self._world.now < ends

    def report(self) -> None:
        """
        Send what was journaled, and say that this is all.
        """
        if not self.connected():
            return
        journal, now = self._desk.made(ReceiveJournal), self._world.now
        if self._unsent:
            journal.batch(checkpoint=HERE, batch=JournalBatch(JOURNAL, tuple(self._unsent)))
            self._unsent.clear()
        journal.heartbeat(checkpoint=HERE, heartbeat=Heartbeat(JOURNAL, self._sequence, now, 1))

    def arrive(self, trip: Trip) -> None:
        """
        A truck comes to the waiting area's camera: with a booking that stands it is let in.
        """
        seen = self._desk.booking(trip.booking)
        if seen.status not in EXPECTED:
            trip.in_time = seen.ended_at is not None and self._world.now <= no_show_at(seen, self._desk.rules_on(self._world.now))
            self._turn_away(trip, seen, "area")
            return
        trip.in_area = self._world.now
        self._world.outcomes.counts["arrived"] += 1
        trip.in_time = self._world.now <= no_show_at(seen, self._desk.rules_on(self._world.now))
        self.area[trip.booking] = trip
        self._write("wa-in", trip)

    def clear(self) -> None:
        """
        Send away from the waiting area whoever has no booking any more.
        """
        for trip in list(self.area.values()):
            seen = self._desk.booking(trip.booking)
            if seen.status not in EXPECTED:
                del self.area[trip.booking]
                self._turn_away(trip, seen, "area")

    def leave(self, trip: Trip) -> None:
        """
        It leaves for the gate.
        """
        if self.area.pop(trip.booking, None) is None:
            return
        trip.left = self._world.now
        self._under_way += 1
        self._write("wa-out", trip)
        self._world.timeline.at(self._world.now + WAY, lambda: self._join(trip))

    def _join(self, trip: Trip) -> None:
        self._under_way -= 1
        self.line.append(trip)
        self.work()

    def work(self) -> None:
        """
        Take the first of the line whose entry is open, unless the gate is at work or shut.
        """
        if self._busy or self.stormy():
            self.stood.ends()
            return
        rules, now = self._desk.rules_on(self._world.now), self._world.now
        for trip in list(self.line):
            seen = self._desk.booking(trip.booking)
            if seen.status not in EXPECTED:
                self.line.remove(trip)
                self._turn_away(trip, seen, "gate")
            elif opens_at(seen, rules) <= now:
                self.line.remove(trip)
                self._busy = True
                self._world.timeline.at(now + self._service(), lambda trip=trip: self._admit(trip))  # type: ignore[misc]
                self.stood.ends()
                return
        self.stood.goes_on(self._why())

    def _why(self) -> Why:
        if self.line:
            return Why.ENTRY_SHUT
        if self._under_way:
            return Why.UNDER_WAY
        return self.stood.of_area([self._desk.booking(booking) for booking in self.area])

    def _service(self) -> timedelta:
        chance = self._world.chance("gate")
        share = SHIFTS.get(self._world.now.astimezone(self._desk.law.zone).hour, 1.0) / MEAN_SHIFT
        mean = 60 / (self._world.scenario.per_hour * share * exp(self._drift - DRIFT * DRIFT / 2))
        return timedelta(minutes=chance.gammavariate(1 / UNEVEN**2, mean * UNEVEN**2))

    def hour(self) -> None:
        """
        Let the crew's pace drift.
        """
        self._drift = KEEPS * self._drift + self._world.chance("gate").gauss(0, DRIFT * (1 - KEEPS * KEEPS) ** 0.5)

    def _admit(self, trip: Trip) -> None:
        self._busy = False
        trip.admitted = now = self._world.now
        outcomes = self._world.outcomes
        seen = self._desk.booking(trip.booking)
        self._write("entry-1", trip)
        outcomes.counts["admitted"] += 1
        outcomes.waits.append(now - (trip.in_area or now))
        if seen.slot_start is not None:
            outcomes.entries[seen.slot_start].append(now)
        self._world.timeline.at(now + INSIDE, lambda: self._write("exit-1", trip))
        self.work()

    def _turn_away(self, trip: Trip, seen: Booking, where: str) -> None:
        """
        Nobody may enter without a booking (§30): whose time was over goes home; whoever kept his time was wronged.
        """
        trip.gone = True
        if seen.status in {Status.WITHDRAWN, Status.CANCELLED}:
            return
        if not trip.in_time and where == "area":
            self._world.outcomes.counts["too_late"] += 1
            return
        self._world.outcomes.counts["turned_away"] += 1
        self._world.outcomes.wrongs.append(f"{trip.booking} {seen.status.value} at the {where}")

    def _write(self, lane: str, trip: Trip) -> None:
        self._sequence += 1
        kind, action = LANES[lane]
        decision = Decision(action, DecisionReason.MATCH, booking=trip.booking)
        now: datetime = self._world.now
        self._unsent.append(JournalEntry(self._sequence, now, EntryKind.PASSAGE, lane, kind, f"f{self._sequence}", (), decision))


MEAN_SHIFT: Final = sum(SHIFTS.get(hour, 1.0) for hour in range(24)) / 24
