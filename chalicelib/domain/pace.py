"""
How fast a checkpoint really admits, and how late it runs: measured on the vehicles that waited, with the plan as what is believed before (§31, §34, D16).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low
from typing import Final

WINDOW: Final = timedelta(hours=3)
"""Admissions older than this say nothing about the gate now."""
PRIOR: Final = 3.0
"""The plan weighs as much as so many admissions seen."""
STOP_LEAST: Final = timedelta(minutes=30)
STOP_GAPS: Final = 5
"""A silence longer than both while somebody waits is a stop, not a slow gate: by chance one in e^5 gaps is five times the usual one."""
HEAD: Final = 3
"""How late it runs is seen on the first so many of the queue: one driver who sleeps at its head does not make the gate late."""
LEAST_PER_HOUR: Final = 0.1
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """
    One vehicle's turn at the gate: `could_at` is since when it could have entered (there, and its entry open), `at` when it did.
    """

    could_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """
    Vehicles an hour while somebody waits; how late the head of the queue is; and as of when. `stopped_since`: a queue that does not move.
    """

    per_hour: float
    behind: timedelta
    measured_at: datetime
    stopped_since: datetime | None = None


def planned(*, per_hour: float, at: datetime) -> Pace:
    """
    Give the pace of a checkpoint of which nothing is known but its plan.
    """
    return Pace(max(per_hour, LEAST_PER_HOUR), timedelta(), at)


def measure(
    *, turns: Sequence[Turn], waiting: Sequence[datetime], per_hour: float, now: datetime, heard_upto: datetime | None = None
) -> Pace:
    """
    Measure the pace: only gaps in which the next vehicle was already waiting count, so that a quiet hour is not a slow one.

    `turns` are the latest admissions, `waiting` since when each vehicle there now could have entered, in queue order, `per_hour` the plan's
    or history's rate. A gateway that is cut off is believed up to `heard_upto`: what it did since is not known, and is no stop.
    """
    at = now if heard_upto is None else min(now, heard_upto)
    believed = max(per_hour, LEAST_PER_HOUR)
    known = sorted((turn for turn in turns if turn.at <= at), key=lambda turn: turn.at)
    seen = [turn for turn in known if at - WINDOW <= turn.at]
    stop = max(STOP_LEAST, STOP_GAPS * HOUR / believed)
    gaps = [later.at - earlier.at for earlier, later in pairwise(seen) if later.could_at <= earlier.at and later.at - earlier.at < stop]
    rate = (PRIOR + len(gaps)) / (PRIOR / believed + sum(gaps, timedelta()) / HOUR)
    stopped = _stopped_since(known, waiting, at, stop)
    return Pace(rate, _behind(waiting, at), at, stopped)


def _stopped_since(known: Sequence[Turn], waiting: Sequence[datetime], at: datetime, stop: timedelta) -> datetime | None:
    if not waiting:
        return None
    since = max([min(waiting), *(turn.at for turn in known[-1:])])
    return since if at - since >= stop else None


def _behind(waiting: Sequence[datetime], at: datetime) -> timedelta:
    late = [max(timedelta(), at - since) for since in waiting[:HEAD]]
    return median_low(late) if late else timedelta()


def expected_at(*, slot_start: datetime, ahead: float, pace: Pace, now: datetime, opens_before: timedelta = timedelta()) -> datetime:
    """
    Say when a vehicle's turn comes: after the vehicles `ahead` of it (as many as will come) at the real pace, never before its booked time.

    One that said `ready` gives `opens_before`: it may enter so long before its slot (30 min, D17), and no vehicle ever earlier. While the
    gateway is cut off the queue is believed to move on at the pace last seen; while it is stopped it begins to move now.
    """
    since = now if pace.stopped_since is not None else min(now, pace.measured_at)
    served = since + ahead * HOUR / max(pace.per_hour, LEAST_PER_HOUR)
    return max(now, slot_start - opens_before, served)
