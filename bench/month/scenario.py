"""
What happens in the month: figures of one seed, and nothing that is not said here.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Almaty")


@dataclass(frozen=True, slots=True)
class Scenario:
    """
    `pace` is the gate's real speed ÷ the plan's. `cuts` and `storm` are (day of the month from 0, hour, hours). Bots come to every opening.
    """

    seed: int = 1
    first: date = date(2026, 12, 1)
    days: int = 30
    capacity: int = 300
    pace: float = 0.8
    no_shows: float = 0.25
    late: float = 0.10
    cuts: tuple[tuple[int, int, int], ...] = ((6, 10, 5), (20, 19, 5))
    storm: tuple[int, int, int] | None = (13, 6, 12)
    squatters: int = 120
    """Bots' vehicles that hold places and let them lapse, at each opening."""
    hoarders: int = 20
    """Bots' vehicles that pay and give the place up later, at each opening."""
    demand: float = 1.15
    """Vehicles that want a day ÷ its places."""
    keen: float = 0.45
    """Of them there at the opening's first minutes."""
    cancels: float = 0.04
    after: int = 8
    """Days beyond the month that are sold, so that whoever is moved finds a place."""

    @property
    def start(self) -> datetime:
        """
        Give the month's first instant.
        """
        return datetime.combine(self.first, datetime.min.time(), ZONE).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """
        Give the month's last instant.
        """
        return self.start + timedelta(days=self.days)

    @property
    def per_hour(self) -> float:
        """
        Give the vehicles an hour that the gate really takes.
        """
        return self.capacity * self.pace / 24

    def span(self, when: tuple[int, int, int]) -> tuple[datetime, datetime]:
        """
        Give a cut's or the storm's period.
        """
        day, hour, hours = when
        begins = self.start + timedelta(days=day, hours=hour)
        return begins, begins + timedelta(hours=hours)
