"""
Why the gate stood while it was open: what kept the next truck from it, told by the month's own truth.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from enum import StrEnum

from bench.month.desk import HERE
from bench.month.scenario import ZONE
from bench.month.world import World
from chalicelib.domain.bookings import Booking
from chalicelib.domain.places import PlaceState


class Why(StrEnum):
    """
    The nearest that the next truck was to the gate.
    """

    ENTRY_SHUT = "stood before it, its entry not open yet"
    UNDER_WAY = "on its way from the waiting area"
    NOT_GONE = "called, and not gone yet"
    READY = "ready, and not called"
    NOT_CALLED = "in the waiting area, and not called"
    ON_THE_ROAD = "nobody there: who is booked comes later"
    NO_SHOW = "nobody there: who is booked never comes"
    UNSOLD = "nobody there, nobody booked"


class Standstill:
    """
    Adds up the time in which the gate stood, by why.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.spans: defaultdict[Why, timedelta] = defaultdict(timedelta)
        self._since: tuple[datetime, Why] | None = None

    def goes_on(self, why: Why) -> None:
        """
        Say why it stands from now on.
        """
        self.ends()
        self._since = (self._world.now, why)

    def ends(self) -> None:
        """
        Say that it works again, or is shut.
        """
        if self._since is not None:
            since, why = self._since
            self.spans[why] += self._world.now - since
        self._since = None

    def of_area(self, waiting: list[Booking]) -> Why:
        """
        Tell why nobody of the waiting area is at the gate, or why nobody is there.
        """
        if any(seen.called_at is not None for seen in waiting):
            return Why.NOT_GONE
        if waiting:
            return Why.READY if any(seen.ready_at is not None for seen in waiting) else Why.NOT_CALLED
        trips = [self._world.trips[booking] for booking in self._booked() if booking in self._world.trips]
        if any(trip.comes and trip.in_area is None for trip in trips):
            return Why.ON_THE_ROAD
        return Why.NO_SHOW if any(not trip.comes for trip in trips) else Why.UNSOLD

    def _booked(self) -> list[str]:
        """
        List who has a place in the hour that runs.
        """
        local = self._world.now.astimezone(ZONE)
        touched = self._world.desk.shelves.touched(HERE, local.date(), consistent=True).values()
        sold = [place for place in touched if place.state is PlaceState.SOLD and place.position.interval == local.hour]
        return [place.booking for place in sold if place.booking is not None]
