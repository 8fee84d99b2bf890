"""
One month lived: openings and sales long before, then every five minutes what the steps of the system do, while trucks come and go.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from bench.month.desk import HERE, Desk
from bench.month.drivers import Drivers
from bench.month.market import Market
from bench.month.officer import Officer
from bench.month.outcomes import HORIZONS, Forecast, Outcomes
from bench.month.scenario import Scenario
from bench.month.site import Site
from bench.month.world import World
from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.line import Line, later_leave_by
from chalicelib.domain.money import DepositState
from chalicelib.usecases.call_vehicle import CallVehicle
from chalicelib.usecases.measure_line import MeasureLine
from chalicelib.usecases.repace import Repace
from chalicelib.usecases.show_flow import ShowFlow

TICK: Final = timedelta(minutes=5)
LINE_EVERY: Final = 1
FLOW_EVERY: Final = 6
HOUR: Final = timedelta(hours=1)
Doors = Mapping[type, Any]
SHORT_LINE: Final = 6
"""With so few before the barrier the step that calls the ready may find room."""
NEAR: Final = timedelta(minutes=30)


class Month:
    """
    A world with everybody in it.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.world = World(scenario)
        self._scenario = scenario
        self._desk = self.world.desk
        self.site = Site(self.world)
        self.drivers = Drivers(self.world, self.site)
        self.market = Market(self.world, sold=self.drivers.foresee)
        self.officer = Officer(self.world, resold=self.market.more)
        self.world.moved = self.drivers.foresee
        self._line: Line | None = None
        self._ticks = 0

    def live(self) -> Outcomes:
        """
        Live it to its end, and reckon what came of it.
        """
        self.market.foresee()
        self.officer.foresee()
        self.world.timeline.at(self._scenario.start, self._tick)
        self.world.live(until=self._scenario.end)
        self._reckon()
        return self.world.outcomes

    def _tick(self) -> None:
        self.site.report()
        self.officer.go_on()
        if self._ticks % LINE_EVERY == 0:
            self._draw_line()
        if len(self.site.line) < SHORT_LINE and self.site.connected():
            self._desk.made(CallVehicle).ready(bookings=[trip.booking for trip in self.site.area.values() if trip.asked_ready])
        self.site.clear()
        self.drivers.look(self._line)
        self.site.work()
        if self._ticks % FLOW_EVERY == 0:
            self._desk.made(ShowFlow).keep(checkpoint=HERE)
        if self._ticks % (HOUR // TICK) == 0:
            self._hour()
        self._ticks += 1
        self.world.timeline.at(self.world.now + TICK, self._tick)

    def _draw_line(self) -> None:
        """
        Draw the line as the board does, and tell those whose time moves with it.
        """
        now = self.world.now
        rules, repace = self._desk.rules_on(now), self._desk.made(Repace)
        self._line = self._desk.made(MeasureLine)(checkpoint=HERE).line
        for one in self._line.queue:
            if one.leave_by is None:
                continue
            until = later_leave_by(self._line, one, now=now, rules=rules)
            seen = self._desk.booking(one.booking)
            if until is not None and seen.left_area_at is None and seen.leave_by is not None and seen.leave_by < until:
                self.world.outcomes.counts["repaced"] += repace.tell(seen, until=until, now=now, rules=rules)

    def _hour(self) -> None:
        self.site.hour()
        outcomes, now = self.world.outcomes, self.world.now
        if not self.site.stormy():
            outcomes.could_admit += self._scenario.per_hour
        flow = self._desk.made(ShowFlow).read(checkpoint=HERE)
        self.officer.look(flow)
        day = (now - self._scenario.start) // timedelta(days=1)
        outcomes.late_by_day[day].append(flow.pace.behind / HOUR)
        for horizon in HORIZONS:
            wanted = now + horizon * HOUR
            said = min(flow.outlooks, key=lambda each: abs(each.expected_at - wanted), default=None)
            if said is not None and abs(said.expected_at - wanted) <= NEAR:
                outcomes.forecasts.append(Forecast(horizon, said.interval.start, said.expected_at, said.earliest, said.latest))

    def _reckon(self) -> None:
        """
        Compare what the system decided with what it could not know.
        """
        outcomes = self.world.outcomes
        self.site.stood.ends()
        outcomes.stood = {why.value: span for why, span in self.site.stood.spans.items()}
        for trip in self.world.trips.values():
            seen = self._desk.booking(trip.booking)
            if seen.slot_start is None or seen.slot_start >= self._scenario.end - HOUR:
                continue
            outcomes.counts[f"ended_{seen.status.value}"] += 1
            if seen.deposit is DepositState.FORFEITED:
                outcomes.counts["forfeited"] += 1
                if self._kept_its_time(seen):
                    outcomes.counts["wrongly_forfeited"] += 1
                    outcomes.wrongs.append(f"{trip.booking} forfeited")
            if seen.status is Status.ANNULLED and self._kept_its_time(seen):
                outcomes.counts["wrongly_annulled"] += 1

    def _kept_its_time(self, seen: Booking) -> bool:
        return self.world.trips[seen.id].in_time


def lived(
    scenario: Scenario, *, doors: Callable[[Desk], Doors] | None = None, progress: Callable[[str], None] = lambda _: None
) -> tuple[Month, Outcomes]:
    """
    Live a scenario; `doors` make other doors than the use cases themselves for users and officers.
    """
    month = Month(scenario)
    if doors is not None:
        month.world.desk.doors = doors(month.world.desk)
    progress(f"{scenario.days} days of {HERE}, seed {scenario.seed}")
    return month, month.live()
