"""
Whose places are sold on some days: consistent reads of the places themselves, so that no decision rests on an index.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.site_notes import Guest
from chalicelib.usecases.ports import Places

LONGEST_TERM_DAYS: Final = 14
"""No delay and extension keep a booking good for longer."""


def sold_bookings(places: Places, *, checkpoint: str, days: Iterable[date], guests: Iterable[Guest] = ()) -> Sequence[str]:
    """
    List the ids of the bookings that hold a sold place at a checkpoint on the days given, and of its guests, whose places others have (D24).
    """
    sold = [
        place.booking
        for day in days
        for place in places.touched(checkpoint, day, consistent=True).values()
        if place.state is PlaceState.SOLD and place.booking is not None
    ]
    return list(dict.fromkeys([*sold, *(guest.booking for guest in guests)]))


def running_days(places: Places, *, checkpoint: str, today: date, ahead: int = 1) -> Sequence[date]:
    """
    List the local days whose vehicles may still come: yesterday to so many days ahead, and earlier ones that delays or extensions keep good (D21).
    """
    first = today - timedelta(days=LONGEST_TERM_DAYS)
    prolonged = [plan.day for plan in places.plans(checkpoint, first=first, last=today - timedelta(days=2)) if _runs_until(plan) >= today]
    return [*prolonged, *(today + timedelta(days=offset) for offset in range(-1, ahead + 1))]


def _runs_until(plan: DayPlan) -> date:
    minutes = max((*plan.shifts, 0)) + max((*plan.extended, 0))
    return plan.day + timedelta(days=1, minutes=minutes)
