"""
Whose places are sold on some days: consistent reads of the places themselves, so that no decision rests on an index.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from chalicelib.domain.places import PlaceState
from chalicelib.domain.site_notes import Guest
from chalicelib.usecases.ports import Places


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
