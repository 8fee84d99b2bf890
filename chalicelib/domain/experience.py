"""
What a checkpoint's past tells of its next hours: the pace by weekday and hour, who comes and when, and how far earlier forecasts were off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import NormalDist
from typing import Final
from zoneinfo import ZoneInfo

HOUR: Final = timedelta(hours=1)
HORIZONS: Final = (1, 2, 3, 6, 12, 24)
"""Forecasts are judged so many hours ahead, each by its own past."""
COVERED: Final = 0.8
"""The band is to be right so often."""
KEPT: Final = 160
"""Errors remembered per horizon: about a week of hours."""
LEARN: Final = 0.02
"""How fast a band widens after it was wrong (adaptive conformal inference, Gibbs and Candès 2021)."""
PRIOR: Final = tuple(round(NormalDist().inv_cdf(share / 20), 3) for share in range(1, 20))
"""Believed of the errors until enough were seen: as the model's own deviation says."""
SHOW_PRIOR: Final = (36.0, 40.0)
"""Believed of the shares until vehicles were counted: nine of ten come."""
MOST_COUNTED: Final = 1500.0
MOST_HOURS: Final = 12.0
RATE_PRIOR_HOURS: Final = 2.0
LEADS: Final = range(-12, 7)
"""Whole hours between a booked time and the vehicle's coming, by which coming is counted."""


@dataclass(frozen=True, slots=True)
class Band:
    """
    Where a forecast's truth lies, in deviations of the model: its middle and the ends of the 80 % between.
    """

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Experience:
    """
    All that is remembered, small and of bounded size: `shows` (came, booked); `rates` by weekday and hour (vehicles, busy hours);
    `leads` how many came so many hours before or after their booked time; `errors` and `misses` of forecasts by horizon.
    """

    shows: tuple[float, float] = SHOW_PRIOR
    rates: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    leads: tuple[float, ...] = ()
    errors: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)

    @property
    def show_share(self) -> float:
        """
        Give the share of sold places whose vehicle comes.
        """
        return self.shows[0] / self.shows[1]

    def come_by(self, lead: timedelta) -> float:
        """
        Give the share of those who come at all that have come by a lead after (before: negative) their booked time.
        """
        whole = sum(self.leads)
        if not whole:
            return 0.0 if lead < timedelta() else 1.0
        hours = lead / HOUR - LEADS.start
        full = max(0, min(len(self.leads), int(hours // 1)))
        part = self.leads[full] * (hours - full) if 0 <= hours and full < len(self.leads) else 0.0
        return (sum(self.leads[:full]) + part) / whole

    def still_come(self, lead: timedelta) -> float:
        """
        Give the share of those not seen yet who still come, so long after (before: negative) their booked time.
        """
        seen = self.show_share * self.come_by(lead)
        return (self.show_share - seen) / max(1 - seen, 0.01)

    @property
    def seen(self) -> tuple[float, ...]:
        """
        Give the share of those booked that has come by each whole hour of `LEADS`, and at last.
        """
        hours = (*LEADS, LEADS.stop)
        return tuple(round(self.show_share * self.come_by(hour * HOUR), 4) for hour in hours)

    @property
    def week(self) -> tuple[float, float]:
        """
        Give the whole week's vehicles and busy hours.
        """
        return sum(cell[0] for cell in self.rates.values()), sum(cell[1] for cell in self.rates.values())

    def per_hour(self, at: datetime, *, zone: ZoneInfo, planned: float, week: tuple[float, float] | None = None) -> float:
        """
        Give the usual pace of an hour of the week, drawn toward the whole week's where little was seen, and that toward the plan.

        Who asks for many hours gives `week` along, summed once.
        """
        served, busy = week or self.week
        mean = (RATE_PRIOR_HOURS * planned + served) / (RATE_PRIOR_HOURS + busy)
        served, busy = self.rates.get(week_hour(at, zone), (0.0, 0.0))
        weight = 4 * RATE_PRIOR_HOURS
        return (weight * mean + served) / (weight + busy)

    def band(self, horizon: int) -> Band:
        """
        Give the band of a horizon from the latest errors, at the level that has kept it right as often as it must be.
        """
        errors = sorted((*self.errors.get(str(horizon), ()), *PRIOR))
        missed = self.levels.get(str(horizon), 1 - COVERED)
        return Band(quantile(errors, missed / 2), quantile(errors, 0.5), quantile(errors, 1 - missed / 2))

    def judged(self, *, horizon: int, error: float, inside: bool) -> "Experience":
        """
        Learn from one forecast whose hour has come: its error in deviations, and whether the truth lay inside its band.
        """
        name = str(horizon)
        missed = self.levels.get(name, 1 - COVERED) + LEARN * (1 - COVERED - (0 if inside else 1))
        errors = (*self.errors.get(name, ()), round(error, 3))[-KEPT:]
        return replace(self, errors={**self.errors, name: errors}, levels={**self.levels, name: round(min(max(missed, 0.02), 0.6), 4)})

    def counted(self, *, came: int, booked: int) -> "Experience":
        """
        Learn how many of an interval's vehicles came; the past fades as the present grows.
        """
        fading = min(1.0, MOST_COUNTED / (self.shows[1] + booked))
        return replace(self, shows=(round((self.shows[0] + came) * fading, 3), round((self.shows[1] + booked) * fading, 3)))

    def arrived(self, lead: timedelta) -> "Experience":
        """
        Learn when a vehicle came: so long after (before: negative) its booked time.
        """
        place = max(0, min(len(LEADS) - 1, int(lead / HOUR // 1) - LEADS.start))
        leads = list(self.leads or (0.0,) * len(LEADS))
        leads[place] += 1
        fading = min(1.0, MOST_COUNTED / sum(leads))
        return replace(self, leads=tuple(round(count * fading, 3) for count in leads))

    def served(self, gap: timedelta, *, at: datetime, zone: ZoneInfo) -> "Experience":
        """
        Learn how long one vehicle that had waited took.
        """
        name = week_hour(at, zone)
        vehicles, busy = self.rates.get(name, (0.0, 0.0))
        vehicles, busy = vehicles + 1, busy + gap / HOUR
        fading = min(1.0, MOST_HOURS / busy) if busy else 1.0
        return replace(self, rates={**self.rates, name: (round(vehicles * fading, 4), round(busy * fading, 4))})


def come_between(seen: Sequence[float], *, since: timedelta, until: timedelta) -> float:
    """
    Give the share of those not come by one lead who have come by another, from what `Experience.seen` tells.
    """
    before = _seen_by(seen, since)
    return max(0.0, _seen_by(seen, until) - before) / max(1 - before, 0.01)


def _seen_by(seen: Sequence[float], lead: timedelta) -> float:
    place = min(max(lead / HOUR - LEADS.start, 0.0), len(seen) - 1.0)
    below = min(int(place), len(seen) - 2)
    return seen[below] + (seen[below + 1] - seen[below]) * (place - below)


def week_hour(at: datetime, zone: ZoneInfo) -> str:
    """
    Name the local weekday and hour of an instant: `3-14`.
    """
    local = at.astimezone(zone)
    return f"{local.weekday()}-{local.hour}"


def horizon_of(ahead: timedelta) -> int:
    """
    Name the horizon by whose past a forecast so far ahead is judged: the nearest one.
    """
    return next((near for near, far in pairwise(HORIZONS) if 2 * ahead <= (near + far) * HOUR), HORIZONS[-1])


def quantile(ordered: Sequence[float], share: float) -> float:
    """
    Give the value below which a share of the values lies; between two, in proportion.
    """
    place = min(max(share * (len(ordered) + 1) - 1, 0), len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
