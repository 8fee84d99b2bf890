"""
What came of the month: counted as it happens, reckoned at its end.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Final

HORIZONS: Final = (1, 3, 6)
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Forecast:
    """
    What was said of an interval so many hours ahead.
    """

    horizon: int
    start: datetime
    expected_at: datetime
    earliest: datetime
    latest: datetime


@dataclass(slots=True)
class Outcomes:
    """
    Counts and lists; instants are the month's own truth, not what the system knows.
    """

    counts: Counter[str] = field(default_factory=Counter)
    waits: list[timedelta] = field(default_factory=list)
    entries: defaultdict[datetime, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    forecasts: list[Forecast] = field(default_factory=list)
    late_by_day: defaultdict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    could_admit: float = 0.0
    stood: dict[str, timedelta] = field(default_factory=dict)
    wrongs: list[str] = field(default_factory=list)

    @property
    def unused(self) -> float:
        """
        Give the share of what the gate could have admitted, while it was open, that it did not.
        """
        return 1 - self.counts["admitted"] / self.could_admit if self.could_admit else 0.0

    @property
    def honest_share(self) -> float:
        """
        Give honest trucks' share of the places sold at openings.
        """
        sold = self.counts["sold_honest"] + self.counts["sold_bots"]
        return self.counts["sold_honest"] / sold if sold else 1.0

    def judged(self, horizon: int) -> list[tuple[float, bool]]:
        """
        Give every forecast's error in minutes, and whether the truth lay in its band.
        """
        found = []
        for said in self.forecasts:
            truth = self.entries.get(said.start)
            if said.horizon == horizon and truth:
                moments = sorted(truth)
                middle = moments[0] + timedelta(seconds=median((each - moments[0]).total_seconds() for each in moments))
                found.append(((middle - said.expected_at) / MINUTE, said.earliest <= middle <= said.latest))
        return found

    def error(self, horizon: int) -> float:
        """
        Give the median error of a horizon's forecasts, in minutes.
        """
        return median(abs(error) for error, _ in self.judged(horizon)) if self.judged(horizon) else 0.0

    def coverage(self, horizon: int) -> float:
        """
        Give how often the band of a horizon's forecasts was right.
        """
        found = self.judged(horizon)
        return sum(inside for _, inside in found) / len(found) if found else 0.0


def percentile(values: list[float], share: float) -> float:
    """
    Give the value below which a share of the values lies.
    """
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
