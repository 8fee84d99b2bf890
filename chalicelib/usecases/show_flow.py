"""
How the queue moves: which interval is being served, how late, how many entered, and when those ahead will (§31, §34).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from chalicelib.domain.advice import places_an_hour
from chalicelib.domain.bookings import Booking
from chalicelib.domain.counting import FlowRecord, Sighting, heard, last_hour, pace_of, promised, works_of
from chalicelib.domain.flow import AHEAD, Interval, Outlook, blended, look_ahead
from chalicelib.domain.pace import Pace
from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.records import GatewayState, Passage
from chalicelib.domain.rules import Rules
from chalicelib.domain.timetable import Timetable, timetable
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Passages, Places, Write

DAYS_BACK: Final = 3
SILENT_TOO_LONG: Final = timedelta(hours=12)
"""After so long without a word the queue of then says nothing about now: the plan and the usual pace do."""


@dataclass(frozen=True, slots=True)
class FlowView:
    """
    A checkpoint's flow now; `heard_upto` is what it rests on, none where no gateway has reported. `places_an_hour`: what it can sell, as advised.
    """

    checkpoint: str
    at: datetime
    heard_upto: datetime | None
    pace: Pace
    planned_per_hour: float
    serving: Interval | None
    entered_last_hour: int
    outlooks: Sequence[Outlook]
    places_an_hour: float | None = None


@dataclass(frozen=True, slots=True)
class ShowFlow:
    """
    Reads for everybody, and the step that keeps what was counted. `watched` tells the checkpoints with a waiting area.
    """

    committer: Committer
    bookings: Bookings
    places: Places
    passages: Passages
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    watched: Callable[[str], bool]

    def read(self, *, checkpoint: str) -> FlowView:
        """
        Give the flow as of the gateway's last word; the few passages not counted yet are counted in passing.
        """
        now = self.clock.now()
        return self._view(*self._counted(checkpoint, now), now)

    def keep(self, *, checkpoint: str) -> bool:
        """
        Keep what was counted since the last run, and once an hour what is forecast, to be judged later. Who was faster, was.
        """
        now = self.clock.now()
        seen, reported_upto = self.passages.flow(checkpoint), self.passages.gateway(checkpoint).reported_upto
        if reported_upto is None or (seen is not None and seen.heard_upto is not None and reported_upto <= seen.heard_upto):
            return False
        record, table = self._counted(checkpoint, now, seen)
        kept = promised(record, self._view(record, table, now).outlooks, now=record.heard_upto or now)
        version = seen.version if seen else 0
        return isinstance(self.committer.commit(Write(replace(kept, version=version + 1), version)), Committed)

    def _counted(self, checkpoint: str, now: datetime, seen: FlowRecord | None = None) -> tuple[FlowRecord, Timetable]:
        rules = self.rules_on(now)
        record = seen or self.passages.flow(checkpoint) or FlowRecord(checkpoint, 0)
        table = self._timetable(checkpoint, now, rules)
        gateway = self.passages.gateway(checkpoint)
        if gateway.reported_upto is None or gateway.journal is None:
            return record, table
        reported = list(self._reported(record, gateway, now, rules))
        upto = max([gateway.reported_upto, *(passage.at for passage in reported), *([record.heard_upto] if record.heard_upto else [])])
        after = heard(
            record,
            sightings=self._sightings(reported, rules),
            upto=upto.astimezone(UTC),
            slots=table.slots,
            zone=rules.zone,
            opens_before=rules.entry_opens_before,
            grace=rules.no_show_grace,
        )
        last = reported[-1].sequence if reported else (record.sequence if record.journal == gateway.journal else 0)
        return replace(after, journal=gateway.journal, sequence=last), table

    def _reported(self, record: FlowRecord, gateway: GatewayState, now: datetime, rules: Rules) -> Iterator[Passage]:
        journal, today = gateway.journal or "", rules.today(now)
        since = record.sequence if record.journal == journal else 0
        first = max(rules.today(record.heard_upto) if record.heard_upto else today, today - timedelta(days=DAYS_BACK))
        for offset in range((today - first).days + 1):
            found = self.passages.after(gateway.checkpoint, day=first + timedelta(days=offset), journal=journal, sequence=since)
            yield from (passage for passage in found if passage.sequence <= gateway.stored_upto)

    def _sightings(self, reported: Sequence[Passage], rules: Rules) -> Sequence[Sighting]:
        known = {booking.id: booking for booking in self.bookings.get_many([each.booking for each in reported if each.booking])}
        found = (sighting(each, known[each.booking], rules) for each in reported if each.booking in known)
        return [each for each in found if each is not None]

    def _timetable(self, checkpoint: str, now: datetime, rules: Rules) -> Timetable:
        today = rules.today(now)
        days = {"first": today - timedelta(days=DAYS_BACK), "last": today + timedelta(days=2)}
        loads = {load.day: load for load in self.places.loads(checkpoint, **days)}
        plans = self.places.plans(checkpoint, **days)
        sold: Mapping[date, Sequence[int]] = {plan.day: loads[plan.day].sold or self._sold(plan) for plan in plans if plan.day in loads}
        return timetable(plans, sold=sold, rules=rules)

    def _sold(self, plan: DayPlan) -> Sequence[int]:
        """
        Count a day's sold places where its load was written before loads told them.
        """
        touched = self.places.touched(plan.checkpoint, plan.day, consistent=False).items()
        taken = [position.interval for position, place in touched if place.state is PlaceState.SOLD]
        return [taken.count(interval) for interval in range(len(plan.layout))]

    def _view(self, counted: FlowRecord, table: Timetable, now: datetime) -> FlowView:
        rules, checkpoint = self.rules_on(now), counted.checkpoint
        silent = counted.heard_upto is None or now - counted.heard_upto > SILENT_TOO_LONG
        record = FlowRecord(checkpoint, 0, experience=counted.experience) if silent else counted
        watched = self.watched(checkpoint) and not silent
        works = works_of(record, slots=table.slots, now=now, watched=watched)
        usual = record.experience.per_hour(now, zone=rules.zone, planned=table.per_hour(now))
        pace = pace_of(record, works, per_hour=usual, now=now, watched=watched)
        outlooks = look_ahead(
            works,
            since=now if pace.stopped_since else pace.measured_at,
            rate=blended(pace=pace, experience=record.experience, planned=table.per_hour, zone=rules.zone),
            experience=record.experience,
            now=now,
            opens_before=rules.entry_opens_before,
            closed=table.closed,
        )
        serving = next((slot for slot in table.slots if slot.start == record.front), None)
        ahead = [each for each in outlooks if each.interval.start < now + AHEAD and each.vehicles > 0]
        return FlowView(
            checkpoint=checkpoint,
            at=now,
            heard_upto=counted.heard_upto,
            pace=pace,
            planned_per_hour=table.per_hour(now),
            serving=serving,
            entered_last_hour=last_hour(record, at=record.heard_upto or now),
            outlooks=ahead,
            places_an_hour=places_an_hour(record.experience, behind=pace.behind),
        )


def sighting(passage: Passage, booking: Booking, rules: Rules) -> Sighting | None:
    """
    Say what a passage shows of a booking's vehicle: its coming or its entry, as the booking has it; a second look at either shows nothing.
    """
    if booking.slot_start is None or booking.slot_end is None or passage.at not in {booking.arrived_at, booking.admitted_at}:
        return None
    stood = None if booking.left_area_at is None else booking.left_area_at + rules.way_to_gate
    return Sighting(passage.at, passage.at == booking.admitted_at, booking.slot_start, booking.slot_end, stood)
