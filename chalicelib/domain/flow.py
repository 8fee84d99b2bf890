"""
When each interval's vehicles will enter: the queue as counted, worked off at the real pace, with a band that is right four times of five (§31, §34, D16).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import exp, sqrt
from statistics import NormalDist
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.experience import HOUR, Experience, horizon_of
from chalicelib.domain.pace import LEAST_PER_HOUR, Pace

AHEAD: Final = timedelta(hours=24)
MEMORY: Final = timedelta(hours=3)
"""The pace of now fades into the usual one of that hour over so long."""
UNEVEN: Final = 0.6
"""Deviation of one vehicle's time at the gate ÷ its mean, until errors have been seen."""
LEAST_SIGMA: Final = timedelta(minutes=4)
NORMAL: Final = NormalDist()
LONGEST: Final = timedelta(days=4)
Period = tuple[datetime, datetime]
Rate = Callable[[datetime], float]


@dataclass(frozen=True, slots=True)
class Interval:
    """
    One interval's vehicles: places sold, seen at the waiting area, and already entered; `shift` is by how much a delay lets them come later.
    """

    start: datetime
    end: datetime
    sold: int
    arrived: int = 0
    entered: int = 0
    shift: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Work:
    """
    How many of an interval's vehicles are still to come through the gate, and how sure that is (variance).
    """

    interval: Interval
    vehicles: float
    variance: float

    @property
    def before_middle(self) -> float:
        """
        Count those still to enter before the middle vehicle of all the interval's does.
        """
        return max(0.0, (self.vehicles - self.interval.entered) / 2)


@dataclass(frozen=True, slots=True)
class Outlook:
    """
    When the middle vehicle of an interval will enter: by the model (`base`, give or take `sigma`), and as its past errors correct it.
    """

    interval: Interval
    vehicles: float
    base: datetime
    sigma: timedelta
    expected_at: datetime
    earliest: datetime
    latest: datetime

    @property
    def late(self) -> timedelta:
        """
        Tell how long after the middle of its booked time that is; never negative.
        """
        middle = self.interval.start + (self.interval.end - self.interval.start) / 2
        return max(timedelta(), self.expected_at - middle)


@dataclass(frozen=True, slots=True)
class Clearing:
    """
    When the gate will be through with what was before: an instant and its variance in hours squared.
    """

    at: datetime
    variance: float


def still_to_enter(interval: Interval, *, now: datetime, experience: Experience, watched: bool, passed: bool) -> Work:
    """
    Reckon an interval's vehicles that will still come through the gate.

    `watched`: there is a waiting area, so that those who came are counted; without one only the share that usually comes is known, and
    when the gate has `passed` on to later intervals, whoever has not come is not waiting.
    """
    came = max(interval.arrived, interval.entered)
    unseen = max(0, interval.sold - came)
    lead = now - interval.start - interval.shift
    if watched or lead < timedelta():
        chance = experience.still_come(lead)
    elif passed:
        chance = 0.0
    else:
        chance = max(0.0, min(1.0, (interval.sold * experience.show_share - came) / unseen)) if unseen else 0.0
    return Work(interval, came - interval.entered + unseen * chance, unseen * chance * (1 - chance))


def blended(*, pace: Pace, experience: Experience, planned: Callable[[datetime], float], zone: ZoneInfo) -> Rate:
    """
    Give the pace to be expected at a later moment: now's, fading into what is usual at that weekday and hour.
    """
    week = experience.week

    def rate(at: datetime) -> float:
        usual = experience.per_hour(at, zone=zone, planned=planned(at), week=week)
        weight = exp(-max(0.0, (at - pace.measured_at) / MEMORY))
        return max(LEAST_PER_HOUR, weight * pace.per_hour + (1 - weight) * usual)

    return rate


def look_ahead(
    works: Sequence[Work],
    *,
    since: datetime,
    rate: Rate,
    experience: Experience,
    now: datetime,
    opens_before: timedelta,
    closed: Sequence[Period] = (),
) -> Sequence[Outlook]:
    """
    Work the queue off in its order from `since` (when it was last counted): one outlook per interval not yet through.

    No vehicle enters sooner than `opens_before` its interval (D17), nor while the checkpoint is `closed`.
    """
    clear = Clearing(since, 0.0)
    found = []
    for work in works:
        per_hour = rate(max(clear.at, work.interval.start))
        begun = _not_before(clear, work.interval.start - opens_before)
        middle = _worked(begun, work.before_middle, work.variance / 2, per_hour, closed)
        clear = _worked(begun, work.vehicles, work.variance, per_hour, closed)
        found.append(_outlook(work, middle, experience=experience, since=since, now=now))
    return found


def _not_before(clear: Clearing, start: datetime) -> Clearing:
    """
    Give the later of an uncertain moment and a fixed one (Clark 1961, The greatest of a finite set of random variables).
    """
    mean, sigma = (clear.at - start) / HOUR, sqrt(clear.variance)
    if sigma == 0:
        return Clearing(max(clear.at, start), 0.0)
    ratio = mean / sigma
    over, density = NORMAL.cdf(ratio), NORMAL.pdf(ratio)
    first = mean * over + sigma * density
    second = (mean * mean + clear.variance) * over + mean * sigma * density
    return Clearing(start + first * HOUR, max(0.0, second - first * first))


def _worked(begun: Clearing, vehicles: float, variance: float, per_hour: float, closed: Sequence[Period]) -> Clearing:
    spread = (variance + vehicles * UNEVEN * UNEVEN) / (per_hour * per_hour)
    return Clearing(_open_after(begun.at, vehicles / per_hour * HOUR, closed), begun.variance + spread)


def _open_after(since: datetime, span: timedelta, closed: Sequence[Period]) -> datetime:
    at, left = since, min(span, LONGEST)
    for first, last in sorted(closed):
        if last <= at:
            continue
        if at + left <= first:
            break
        left -= max(timedelta(), first - at)
        at = last
    return at + left


def _outlook(work: Work, middle: Clearing, *, experience: Experience, since: datetime, now: datetime) -> Outlook:
    sigma = max(LEAST_SIGMA, sqrt(middle.variance) * HOUR)
    raw = Outlook(work.interval, work.vehicles, middle.at, sigma, middle.at, middle.at, middle.at)
    return corrected(raw, experience=experience, since=since, now=now)


def corrected(raw: Outlook, *, experience: Experience, since: datetime, now: datetime) -> Outlook:
    """
    Correct a model's word by the errors it made so far ahead before: the middle and the ends of the band that held four times of five.
    """
    band = experience.band(horizon_of(raw.base - since))
    earliest, middle, latest = (max(now, raw.base + place * raw.sigma) for place in (band.low, band.middle, band.high))
    return replace(raw, expected_at=middle, earliest=earliest, latest=latest)
