"""
What is counted of a checkpoint's flow, report by report, in one small row: nothing is scanned to tell how late it runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import median, median_low
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.experience import HORIZONS, HOUR, Experience
from chalicelib.domain.flow import Interval, Outlook, Work, still_to_enter
from chalicelib.domain.pace import STOP_LEAST, WINDOW, Pace, Turn, measure

FRONT: Final = 5
"""The interval being served is the middle one of so many latest admissions: one latecomer does not move it back."""
BEHIND_FRONT: Final = 2
MOST_TURNS: Final = 60
FORGET_AFTER: Final = timedelta(hours=72)
NEAR: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Sighting:
    """
    A booking's vehicle seen by a gateway: `entered` through the barrier, or come to the waiting area.

    `stood_since` is since when it surely stood before the gate; none where nobody saw it leave for it.
    """

    at: datetime
    entered: bool
    slot_start: datetime
    slot_end: datetime
    stood_since: datetime | None


@dataclass(frozen=True, slots=True)
class Count:
    """
    One interval as counted: places sold when it began, vehicles come, the minutes after its start at which each entered, and by how many
    minutes a delay lets them come later.
    """

    start: datetime
    end: datetime
    sold: int = 0
    arrived: int = 0
    entered: tuple[int, ...] = ()
    shift: int = 0

    @property
    def interval(self) -> Interval:
        """
        Give its figures.
        """
        return Interval(self.start, self.end, self.sold, self.arrived, len(self.entered))


@dataclass(frozen=True, slots=True)
class Promise:
    """
    What was forecast of an interval so many hours ahead, to be judged when it has been served; `sigma` in minutes.
    """

    start: datetime
    horizon: int
    base: datetime
    sigma: float
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class FlowRecord:
    """
    A checkpoint's flow as counted up to `heard_upto` and an entry of the gateway's journal: the latest turns and fronts, intervals not yet
    through, promises, experience.
    """

    checkpoint: str
    version: int
    journal: str | None = None
    sequence: int = 0
    heard_upto: datetime | None = None
    turns: tuple[Turn, ...] = ()
    fronts: tuple[datetime, ...] = ()
    counts: tuple[Count, ...] = ()
    promises: tuple[Promise, ...] = ()
    promised_at: datetime | None = None
    experience: Experience = field(default_factory=Experience)

    @property
    def front(self) -> datetime | None:
        """
        Give the start of the interval being served, as the latest admissions show it.
        """
        return median_low(self.fronts) if self.fronts else None


def heard(
    record: FlowRecord,
    *,
    sightings: Sequence[Sighting],
    upto: datetime,
    slots: Sequence[Interval],
    zone: ZoneInfo,
    opens_before: timedelta,
    grace: timedelta,
) -> FlowRecord:
    """
    Count what the gateway reported up to a moment, learn from it, and judge the promises of every interval that is through.

    `slots` are the intervals around that moment with the places sold now.
    """
    counts = {count.start: count for count in record.counts}
    for slot in slots:
        # what was sold when the interval began: a no-show's place is given back later, and what is through is not counted anew
        if slot.end > upto if record.heard_upto is None else slot.start > record.heard_upto:
            counts[slot.start] = replace(counts.get(slot.start, Count(slot.start, slot.end)), sold=slot.sold)
        if slot.start in counts:
            counts[slot.start] = replace(counts[slot.start], shift=int(slot.shift / timedelta(minutes=1)))
    after = replace(record, heard_upto=upto, counts=())
    for sighting in sorted(sightings, key=lambda each: each.at):
        known = counts.get(sighting.slot_start, Count(sighting.slot_start, sighting.slot_end))
        counts[sighting.slot_start] = _seen(known, sighting)
        after = _entered(after, sighting, zone, opens_before) if sighting.entered else _come(after, sighting)
    kept: list[Count] = []
    for count in sorted(counts.values(), key=lambda each: each.start):
        if _is_through(count, after.front, upto, grace):
            after = _judged(after, count)
        elif count.start <= upto or count.arrived or count.entered:
            kept.append(count)
    turns = tuple(turn for turn in after.turns if upto - turn.at <= WINDOW)[-MOST_TURNS:]
    return replace(after, counts=tuple(kept), turns=turns)


def _seen(count: Count, sighting: Sighting) -> Count:
    if not sighting.entered:
        return replace(count, arrived=count.arrived + 1)
    return replace(count, entered=(*count.entered, round((sighting.at - count.start) / timedelta(minutes=1))))


def _come(record: FlowRecord, sighting: Sighting) -> FlowRecord:
    return replace(record, experience=record.experience.arrived(sighting.at - sighting.slot_start))


def _entered(record: FlowRecord, sighting: Sighting, zone: ZoneInfo, opens_before: timedelta) -> FlowRecord:
    # where nobody sees it leave, a vehicle surely waited only once its interval was over
    turn = Turn(max(sighting.stood_since or sighting.slot_end, sighting.slot_start - opens_before), sighting.at)
    before = record.turns[-1] if record.turns else None
    experience = record.experience
    if before is not None and turn.could_at <= before.at and turn.at - before.at < STOP_LEAST:
        experience = experience.served(turn.at - before.at, at=turn.at, zone=zone)
    fronts = (*record.fronts, sighting.slot_start)[-FRONT:]
    return replace(record, turns=(*record.turns, turn), fronts=fronts, experience=experience)


def _is_through(count: Count, front: datetime | None, upto: datetime, grace: timedelta) -> bool:
    if upto - count.end > FORGET_AFTER:
        return True
    passed = front is not None and front >= count.start + BEHIND_FRONT * (count.end - count.start)
    return passed and upto >= count.end + timedelta(minutes=count.shift) + grace


def _judged(record: FlowRecord, count: Count) -> FlowRecord:
    experience = record.experience.counted(came=min(len(count.entered), count.sold), booked=count.sold)
    if count.entered:
        truth = count.start + timedelta(minutes=median(count.entered))
        for promise in record.promises:
            if promise.start == count.start:
                error = (truth - promise.base) / timedelta(minutes=promise.sigma)
                inside = promise.earliest <= truth <= promise.latest
                experience = experience.judged(horizon=promise.horizon, error=error, inside=inside)
    return replace(record, experience=experience, promises=tuple(each for each in record.promises if each.start != count.start))


def works_of(record: FlowRecord, *, slots: Sequence[Interval], now: datetime, watched: bool) -> Sequence[Work]:
    """
    List what is still to come through the gate, in queue order: intervals counted and not through, then those ahead as sold.
    """
    counts = {count.start: count for count in record.counts}
    sold = {slot.start: slot for slot in slots}
    earliest = record.heard_upto or now
    starts = sorted({*counts, *(start for start, slot in sold.items() if slot.end > earliest)})
    front, found = record.front, []
    for start in starts:
        interval = counts[start].interval if start in counts else sold[start]
        if start in sold:
            # a place given back since is nobody's who waits: cancelled, annulled, moved
            now_sold = max(sold[start].sold, interval.entered)
            interval = replace(interval, sold=now_sold, arrived=min(interval.arrived, now_sold), shift=sold[start].shift)
        passed = front is not None and start < front
        found.append(still_to_enter(interval, now=earliest, experience=record.experience, watched=watched, passed=passed))
    return found


def pace_of(record: FlowRecord, works: Sequence[Work], *, per_hour: float, now: datetime, watched: bool) -> Pace:
    """
    Measure the pace from what was counted; whoever is there and has not entered waits since its minute of the timetable, as delays
    have moved it.
    """
    upto, waiting = record.heard_upto or now, list[datetime]()
    for work in works:
        interval = work.interval
        there = max(0, interval.arrived - interval.entered) if watched else int(work.vehicles)
        share = (interval.end - interval.start) / max(1, interval.entered + there)
        moments = (interval.start + interval.shift + (interval.entered + place) * share for place in range(there))
        waiting.extend(moment for moment in moments if moment <= upto)
    return measure(turns=record.turns, waiting=waiting, per_hour=per_hour, now=now, heard_upto=record.heard_upto)


def promised(record: FlowRecord, outlooks: Sequence[Outlook], *, now: datetime) -> FlowRecord:
    """
    Keep once an hour what is forecast of the interval served so many hours ahead, so that it can be judged.
    """
    if record.promised_at is not None and now - record.promised_at < HOUR:
        return record
    made = tuple(promise for horizon in HORIZONS for promise in [_promise(horizon, outlooks, now)] if promise is not None)
    return replace(record, promises=(*record.promises, *made), promised_at=now)


def _promise(horizon: int, outlooks: Sequence[Outlook], now: datetime) -> Promise | None:
    at = now + horizon * HOUR
    nearest = min(outlooks, key=lambda each: abs(each.base - at), default=None)
    if nearest is None or abs(nearest.base - at) > NEAR or nearest.vehicles < 1:
        return None
    sigma = round(nearest.sigma / timedelta(minutes=1), 2)
    return Promise(nearest.interval.start, horizon, nearest.base, sigma, nearest.earliest, nearest.latest)


def last_hour(record: FlowRecord, *, at: datetime) -> int:
    """
    Count the vehicles that entered in the hour before a moment.
    """
    return sum(1 for turn in record.turns if timedelta() <= at - turn.at < HOUR)
