"""
Drivers do as they are told: they come near their time, say that they are ready, and leave for the gate when their turn is expected (D16, D17, D18).
"""

from datetime import datetime, timedelta
from math import log
from typing import Final

from bench.month.desk import asked, done
from bench.month.site import WAY, Site
from bench.month.world import Trip, World
from chalicelib.domain.bookings import EXPECTED, Booking
from chalicelib.domain.line import Line
from chalicelib.domain.schedule import effective_end, effective_leave_by, effective_start, opens_at
from chalicelib.domain.turns import expected_in
from chalicelib.usecases.say_ready import SayReady

SETS_OFF: Final = timedelta(hours=13)
EARLY_MINUTES: Final = log(110)
EARLY_SPREAD: Final = 0.7
EARLIEST: Final = 11 * 60
READY: Final = 0.6
SPARE: Final = timedelta(minutes=15)


class Drivers:
    """
    All trucks on their way.
    """

    def __init__(self, world: World, site: Site) -> None:
        self._world, self._desk, self._site = world, world.desk, site

    def foresee(self, trip: Trip) -> None:
        """
        Foresee when a truck sets off, as its booking stands now; moved, it sets off for its new time.
        """
        seen = self._desk.booking(trip.booking)
        starts = effective_start(seen)
        self._world.timeline.at(max(self._world.now, starts - SETS_OFF), lambda: self._set_off(trip, starts))

    def _set_off(self, trip: Trip, starts: datetime) -> None:
        seen = self._desk.booking(trip.booking)
        if seen.status not in EXPECTED or not trip.comes:
            return
        if effective_start(seen) != starts:
            self.foresee(trip)
            return
        if trip.heading == starts or trip.in_area is not None:
            return
        trip.heading = starts
        arrives = self._arrival(trip, seen)
        self._world.timeline.at(max(self._world.now, arrives), lambda: self._arrive(trip, starts))

    def _arrival(self, trip: Trip, seen: Booking) -> datetime:
        chance = self._world.chance("roads")
        if trip.late:
            return effective_end(seen) + timedelta(minutes=chance.uniform(5, 75))
        return effective_start(seen) - timedelta(minutes=min(EARLIEST, chance.lognormvariate(EARLY_MINUTES, EARLY_SPREAD)))

    def _arrive(self, trip: Trip, starts: datetime) -> None:
        seen = self._desk.booking(trip.booking)
        if not trip.comes:
            return
        if trip.heading != starts or trip.in_area is not None:
            return
        if seen.status in EXPECTED and effective_start(seen) - starts > timedelta(hours=3):
            self.foresee(trip)
            return
        trip.arrives_at = self._world.now
        trip.says_ready = self._world.chance("roads").random() < READY
        self._site.arrive(trip)

    def look(self, line: Line | None) -> None:
        """
        Everybody in the waiting area looks at his telephone: says that he is ready, or leaves when his turn is near.
        """
        for trip in list(self._site.area.values()):
            seen = self._desk.booking(trip.booking)
            if trip.says_ready and not trip.asked_ready and seen.arrived_at is not None and seen.called_at is None:
                trip.asked_ready = True
                request = asked(trip.booking, "ready", self._world.now)
                self._world.outcomes.counts["ready"] += done(
                    self._desk.door(SayReady)(account=seen.account, booking=trip.booking, request=request)
                )
            if self._goes(seen, line):
                moment = self._world.now + timedelta(seconds=self._world.chance("roads").uniform(1, 290))
                self._world.timeline.at(moment, lambda trip=trip: self._site.leave(trip))  # type: ignore[misc]

    def _goes(self, seen: Booking, line: Line | None) -> bool:
        """
        Go so as to be there when the turn is expected, and never after one was to have gone.
        """
        now, rules = self._world.now, self._desk.rules_on(self._world.now)
        opens = opens_at(seen, rules)
        called = seen.called_at is not None or (
            not self._site.connected() and now >= effective_start(seen) - rules.call_lead(rules.today(now))
        )
        if not called or opens > now + WAY:
            return False
        until = effective_leave_by(seen)
        expected = (
            expected_in(line, seen, now=now, rules=rules)
            if line is not None and self._site.connected()
            else now + len(self._site.line) * 6 * SPARE / 7
        )
        return expected - WAY - SPARE <= now or (until is not None and until - SPARE <= now)
