"""
The officer in charge does what the Order gives him: actual capacity as the system advises by what really crossed, a closure for the storm, delays
(D1, D21).
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

from bench.month.desk import HERE, asked, done
from bench.month.scenario import ZONE
from bench.month.world import Trip, World
from chalicelib.domain.bookings import EXPECTED, Booking
from chalicelib.domain.measures import MeasureKind
from chalicelib.domain.places import Pool, on_sale
from chalicelib.domain.policies import CapacityRule
from chalicelib.domain.schedule import is_stranded
from chalicelib.usecases.apply_measures import ApplyMeasures
from chalicelib.usecases.cancel_booking import CancelBooking
from chalicelib.usecases.order_measure import Order, OrderMeasure
from chalicelib.usecases.relocate_booking import Elsewhere, RelocateBooking
from chalicelib.usecases.show_flow import FlowView

REVIEWS: Final = (2, 4, 7, 14, 21, 28)
"""Days of the month on which the actual capacity is reviewed for good, at midnight."""
FOR_GOOD: Final = 0.88
"""How much of what is advised now is promised for all days to come: the rest is offered the day before, when it is seen how late the gate runs."""
NOON: Final = timedelta(hours=12)
STEPS: Final = 5
"""Places a day below which a change is not worth an order."""
WARNED: Final = timedelta(hours=8)
STAYS: Final = 0.6
LATE: Final = timedelta(hours=3)
TOLD_AHEAD: Final = timedelta(hours=3)
DELAYED: Final = timedelta(hours=6)
LOOKS: Final = 9
"""Days on which a stranded driver looks for another place."""


class Officer:
    """
    Watches the flow and orders. `resold` is told from which day on, and until which, there is more to sell.
    """

    def __init__(self, world: World, *, resold: Callable[[date, date | None], None]) -> None:
        self._world, self._desk, self._resold = world, world.desk, resold
        self._per_day = world.scenario.capacity
        self._delayed_until = world.scenario.start
        self._advised: float | None = None

    def foresee(self) -> None:
        """
        Foresee reviews, and the storm as it is forecast.
        """
        scenario = self._world.scenario
        for day in REVIEWS:
            if day < scenario.days:
                self._world.timeline.at(scenario.start + timedelta(days=day), self._review)
        for day in range(scenario.days):
            self._world.timeline.at(scenario.start + timedelta(days=day) + NOON, self._offer)
        if scenario.storm is not None:
            begins, ends = scenario.span(scenario.storm)
            self._world.timeline.at(begins - WARNED, lambda: self._close(begins, ends))

    def go_on(self) -> None:
        """
        Run the step that carries orders out.
        """
        self._desk.made(ApplyMeasures)()

    def look(self, flow: FlowView) -> None:
        """
        Where the gate runs hours late, let those still at home come later: number, place and order stay (D21).
        """
        now, self._advised = self._world.now, flow.places_an_hour
        if flow.pace.behind < LATE or now < self._delayed_until:
            return
        starts = (now + TOLD_AHEAD).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        minutes = int(flow.pace.behind / timedelta(minutes=30)) * 30 - 60
        self._order(MeasureKind.DELAY, starts, starts + DELAYED, "the gate runs late", minutes=minutes)
        self._delayed_until = starts + DELAYED
        self._world.outcomes.counts["delays_ordered"] += 1

    def _review(self) -> None:
        """
        Set the actual capacity for good, by the gate's pace and by how many come, as the flow has counted them.
        """
        if self._advised is None:
            return
        per_day = int(24 * self._advised * FOR_GOOD)
        if per_day - self._per_day >= STEPS:
            self._per_day = per_day
            self._raise(self._today() + timedelta(days=1), None, per_day)

    def _offer(self) -> None:
        """
        Offer what tomorrow has room for beyond its places.
        """
        tomorrow = self._today() + timedelta(days=1)
        plan = self._desk.shelves.plan(HERE, tomorrow)
        if self._advised is None or plan is None:
            return
        per_day = int(24 * self._advised)
        if per_day - plan.target >= STEPS:
            self._raise(tomorrow, tomorrow, per_day)

    def _today(self) -> date:
        return self._world.now.astimezone(ZONE).date()

    def _raise(self, since: date, until: date | None, per_day: int) -> None:
        capacity = CapacityRule(per_day, 60, 0, 24 * 60)
        ends = None if until is None else _midnight(until + timedelta(days=1))
        self._order(MeasureKind.CAPACITY, _midnight(since), ends, "what really crosses", capacity=capacity)
        self._world.outcomes.counts["capacity_orders"] += 1
        self._resold(since, until)

    def _close(self, begins: datetime, ends: datetime) -> None:
        """
        Close for the storm: a few places more on each day after it, then the closure, which moves who finds one.
        """
        after = ends.astimezone(ZONE).date()
        # the day itself keeps what was offered for it at noon
        self._raise(after + timedelta(days=1), after + timedelta(days=7), self._per_day + self._world.scenario.capacity // 60)
        self._order(MeasureKind.CLOSURE, begins, ends, "storm", source="Kazhydromet")
        for trip in list(self._world.trips.values()):
            seen = self._desk.booking(trip.booking)
            if seen.slot_start is not None and begins <= seen.slot_start < ends and seen.status in EXPECTED:
                wait = timedelta(hours=self._world.chance("stranded").uniform(0.5, 10))
                self._world.timeline.at(self._world.now + wait, lambda trip=trip: self._choose(trip))  # type: ignore[misc]

    def _choose(self, trip: Trip) -> None:
        """
        A stranded driver takes another place here, or ends the booking with everything back (D21).
        """
        seen = self._desk.booking(trip.booking)
        if not is_stranded(seen) or seen.status not in EXPECTED:
            self._world.outcomes.counts["moved"] += 1
            return
        start = self._free(seen) if self._world.chance("stranded").random() < STAYS else None
        request = asked(trip.booking, "choice", self._world.now)
        if start is not None and done(
            self._desk.door(RelocateBooking)(account=seen.account, booking=trip.booking, elsewhere=Elsewhere(HERE, start), request=request)
        ):
            self._world.outcomes.counts["chose_another_place"] += 1
            return
        trip.comes = False
        outcome = self._desk.door(CancelBooking)(account=seen.account, booking=trip.booking, request=request)
        self._world.outcomes.counts["withdrew"] += done(outcome)

    def _free(self, seen: Booking) -> datetime | None:
        now = self._world.now
        rules = self._desk.rules_on(now)
        for ahead in range(LOOKS):
            day = rules.today(now) + timedelta(days=ahead)
            plan = self._desk.shelves.plan(HERE, day)
            touched = self._desk.shelves.touched(HERE, day, consistent=True)
            for interval in range(len(plan.layout)) if plan is not None else ():
                start, _ = plan.slot(interval, rules) if plan is not None else (now, now)
                if plan is None or interval in plan.closed or start - rules.call_lead(day) <= now:
                    continue
                if on_sale(plan=plan, touched=touched, interval=interval, class_=seen.class_, pool=Pool.PRIMARY, now=now, rules=rules):
                    return start
        return None

    def _order(
        self,
        kind: MeasureKind,
        starts: datetime,
        ends: datetime | None,
        reason: str,
        *,
        minutes: int = 0,
        source: str | None = None,
        capacity: CapacityRule | None = None,
    ) -> None:
        order = Order(HERE, kind, starts, ends, reason, minutes=minutes, source=source, capacity=capacity)
        outcome = self._desk.door(OrderMeasure)(officer="acc_officer", order=order, request=asked(HERE, kind.value, self._world.now))
        if not done(outcome):
            raise LookupError(outcome)
        for _ in range(60):
            if not self._desk.made(ApplyMeasures)().changed:
                break


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
