"""
How many vehicles really crossed, day by day, beside the capacity that OGD set (D1).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.bookings import Booking
from chalicelib.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class Crossings:
    """
    Vehicles that left the country at a checkpoint on a local day, as known at `as_of`: registers may confirm a crossing days later.
    """

    checkpoint: str
    day: date
    crossed: int
    as_of: datetime
    version: int = 1


def count_by_day(bookings: Iterable[Booking], rules: Rules) -> Counter[date]:
    """
    Count crossings by the local day on which they happened.
    """
    return Counter(rules.today(booking.crossed_at) for booking in bookings if booking.crossed_at is not None)


def average(found: Sequence[Crossings]) -> float | None:
    """
    Give the crossings a day over the days counted, to one decimal; none where nothing was counted yet.
    """
    return round(sum(each.crossed for each in found) / len(found), 1) if found else None
