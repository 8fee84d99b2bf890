"""
What the authority orders, as the office does it: the use cases, and short words for them.
"""
# ruff: noqa: D102  - each property is the use case of its name

from collections import Counter
from datetime import timedelta
from functools import cached_property

from chalicelib.domain.decisions import Refused
from chalicelib.domain.measures import MeasureKind
from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.policies import CapacityRule
from chalicelib.domain.records import Task
from chalicelib.usecases.apply_measures import ApplyMeasures
from chalicelib.usecases.count_crossings import CountCrossings
from chalicelib.usecases.end_stranded import EndStranded
from chalicelib.usecases.open_days import OpenDays
from chalicelib.usecases.order_measure import Order, OrderMeasure
from chalicelib.usecases.preview_measure import PreviewMeasure
from chalicelib.usecases.standing_orders import StandingOrders
from tests import factories
from tests.fakes.changes import CODES
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW

SEED = CapacityRule(48, 60, 0, 1440)
CEILINGS = {PlaceClass.PRIORITY_GOODS: 5, PlaceClass.EXPEDITED: 5}


class Authority:
    """
    Mixed into the office, whose store, clock and chance it uses.
    """

    ceilings = {}  # noqa: RUF012 - a constant of the class, set by who wants classes
    unworked = frozenset()

    def _seed(self, checkpoint):
        return None if checkpoint in self.unworked else SEED

    @cached_property
    def orders(self):
        return StandingOrders(**self._parts("policies", "measures"), seed_of=self._seed, ceilings_on=lambda _: self.ceilings)

    @cached_property
    def opening(self):
        return OpenDays(**self._parts("committer", "places", "clock", "rules_on"), orders=self.orders)

    @cached_property
    def apply(self):
        parts = self._parts("committer", "bookings", "places", "measures", "clock", "chance", "rules_on")
        return ApplyMeasures(**parts, orders=self.orders, code_of=lambda id_: CODES[id_])

    @cached_property
    def show(self):
        return PreviewMeasure(**self._parts("bookings", "places", "rules_on"), code_of=lambda id_: CODES[id_])

    @cached_property
    def order(self):
        parts = self._parts("committer", "places", "requests", "clock", "chance", "rules_on")
        return OrderMeasure(**parts, orders=self.orders, apply=self.apply, show=self.show)

    @cached_property
    def strand(self):
        return EndStranded(**self._parts("committer", "bookings", "places", "locks", "ledger", "clock", "chance", "rules_on"))

    @cached_property
    def count(self):
        return CountCrossings(**self._parts("committer", "bookings", "crossings", "clock", "rules_on"))

    def ordered(self, order, *, key=None):
        """
        Order something and carry it out to the end: the order as it stands then.
        """
        done = self.order(officer="acc_officer", order=order, request=factories.request(key or self.chance.id("order")))
        self.carried_out()
        return self.store.measures.measure(HERE, done.resource)

    def carried_out(self, *, most=100):
        """
        Run the step until it finds nothing more to do now.
        """
        for _ in range(most):
            if not self.apply().seen:
                return
        raise AssertionError("the step never comes to an end")

    def preview(self, order):
        """
        Tell what an order would do.
        """
        return self.order.preview(officer="acc_officer", order=order)


def closure(first, last, *, day=DAY, kind=MeasureKind.CLOSURE, minutes=0):
    """
    An order over hours of a day: [first, last).
    """
    return Order(HERE, kind, RULES.at(day, first * 60), RULES.at(day, last * 60), "storm", minutes)


def capacity(per_day, *, since=DAY, until=DAY, **figures):
    """
    Another capacity from a day to a day.
    """
    rule = CapacityRule(**{"per_day": per_day, "interval_minutes": 60, "opens": 0, "closes": 1440, **figures})
    ends = RULES.at(until, 1440) if until is not None else None
    return Order(HERE, MeasureKind.CAPACITY, RULES.midnight(since), ends, "repair", capacity=rule)


def counted(office, day=DAY):
    """
    Count a day's places by state, untouched ones as free.
    """
    plan, touched = office.store.places.plan(HERE, day), office.store.places.touched(HERE, day, consistent=True)
    every = [position for interval in range(len(plan.layout)) for position in plan.positions(interval)]
    return Counter(touched[position].state if position in touched else PlaceState.FREE for position in every)


def told(office, booking):
    """
    Name the notices waiting for a booking, oldest first.
    """
    found = [
        message for shard in range(8) for message in office.store.outbox.pending(shard=shard, until=NOW + timedelta(days=99), limit=999)
    ]
    return [
        m.payload["template"] for m in sorted(found, key=lambda m: m.aggregate_version) if m.task is Task.NOTIFY and m.aggregate == booking
    ]


def code(outcome):
    """
    Name the code of a refusal.
    """
    return [reason.code for reason in outcome.reasons] if isinstance(outcome, Refused) else outcome


class Interrupted:
    """
    A store at whose n-th commit somebody else comes first.
    """

    def __init__(self, store, *, at, other):
        self._store, self._left, self._other = store, at, other

    def __getattr__(self, name):
        return getattr(self._store, name)

    def commit(self, *writes):
        """
        Let the other come first once, then write.
        """
        self._left -= 1
        if self._left == 0:
            self._other()
        return self._store.commit(*writes)
