"""
Any raises, cuts, closures, delays and intervals over sold, held, secondary and free places: nothing is lost silently, no ceiling is passed (D2, D3, D21).
"""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.bookings import EXPECTED, Status
from chalicelib.domain.measures import MeasureKind, MeasureState
from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import PlaceClass
from tests import factories
from tests.factories import SLOT
from tests.fakes.authority import capacity, closure, counted
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.outside import SeededChance
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import DAY, HERE

DAYS = (DAY, DAY + timedelta(days=1))
ROWS = ("",) * 12 + ("gge", "gg", "gg", "gge") + ("",) * 8
"""Ten places a day, between noon and four; two of them expedited, as the ceiling of a fifth grants."""
HOURS = st.integers(12, 15)
STEPS = st.one_of(
    st.tuples(st.just("hold"), HOURS, st.integers(0, 1), st.booleans()),
    st.tuples(st.just("buy"), HOURS, st.integers(0, 1), st.booleans()),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(1, 40)),
    st.tuples(st.just("close"), HOURS, st.integers(1, 3)),
    st.tuples(st.just("delay"), HOURS, st.integers(10, 90)),
    st.tuples(st.just("extend"), HOURS, st.integers(60, 600)),
    st.tuples(st.just("capacity"), st.integers(0, 24), st.integers(0, 1)),
)


class World:
    """
    An office without an engine, two days of ten places, and everybody who ever paid.
    """

    def __init__(self):
        self.office = Office(MemoryStore(next_step=next_step), chance=SeededChance())
        self.office.ceilings = {PlaceClass.EXPEDITED: 20}
        self.office.open(*(factories.plan(day, rows=ROWS) for day in DAYS))
        self.number, self.paid, self.drawn = 0, [], 20

    def step(self, kind, *values):
        """
        Do one thing, then carry out what is ordered.
        """
        getattr(self, kind)(*values)
        self.office.carried_out()

    def hold(self, hour, later, expedited):
        """
        Take a place: the booking's id.
        """
        self.number += 1
        class_ = PlaceClass.EXPEDITED if expedited else PlaceClass.GENERAL
        booking = self.office.verified(self.number, class_=class_)
        self.office.take_for(booking, slot=SLOT.replace(hour=hour) + timedelta(days=later))
        return booking

    def buy(self, hour, later, expedited):
        """
        Take a place and pay for it.
        """
        booking = self.hold(hour, later, expedited)
        seen = self.office.booking(booking)
        if seen.status is Status.HELD:
            self.office.fill(seen.account, seen.due.to_pay)
            self.office.pay_for(booking)
            self.paid.append(booking)

    def cancel(self, which):
        """
        Give a paid booking up.
        """
        if self.paid:
            self.office.cancel_for(self.paid[which % len(self.paid)], key=f"cancel-{self.number}-{which}-{len(self.paid)}")

    def wait(self, minutes):
        """
        Let time pass: holds lapse, places come back on sale.
        """
        self.office.clock.advance(minutes=minutes)
        for number in range(1, self.number + 1):
            self.office.time.tidy(booking=f"bk_{number}")

    def close(self, hour, span):
        """
        Order a closure.
        """
        self.office.ordered(closure(hour, hour + span))

    def delay(self, hour, minutes):
        """
        Order a delay.
        """
        self.office.ordered(closure(hour, hour + 1, kind=MeasureKind.DELAY, minutes=minutes))

    def extend(self, hour, minutes):
        """
        Order an extension.
        """
        self.office.ordered(closure(hour, hour + 1, kind=MeasureKind.EXTENSION, minutes=minutes))

    def capacity(self, per_day, later):
        """
        Order another capacity; spread over the whole day, as it is.
        """
        self.office.ordered(capacity(per_day, since=DAYS[later], until=DAYS[later]))

    def check(self):
        """
        Compare what is kept with what may be.
        """
        sold = [owner for day in DAYS for owner in self._day(day)]
        alive = [booking for booking in self.paid if self.office.booking(booking).status in EXPECTED]
        assert Counter(sold) == Counter(alive)

    def _day(self, day):
        plan, touched = self.office.store.places.plan(HERE, day), self.office.store.places.touched(HERE, day, consistent=True)
        states = counted(self.office, day)
        assert plan.capacity == sum(states.values()) >= 10
        owners = []
        for position, place in touched.items():
            if place.state is PlaceState.SOLD:
                seen = self.office.booking(place.booking)
                assert (seen.day, seen.position) == (day, position)
                assert (seen.shift_minutes, seen.valid_until) == plan.term(position.interval, RULES)
                assert position.interval not in plan.closed or seen.excuse is not None
                owners.append(place.booking)
        self._ceiling(plan, touched)
        return owners

    def _ceiling(self, plan, touched):
        now = self.office.clock.now()
        taken = [place for place in touched.values() if place.is_taken(now)]
        expedited = sum(place.class_ is PlaceClass.EXPEDITED for place in taken)
        stays = sum(self.office.booking(place.booking).created_at < self.ordered_at(plan.day) for place in taken)
        assert expedited <= max(plan.quota(PlaceClass.EXPEDITED), stays)

    def ordered_at(self, day):
        """
        Tell when the capacity of a day was last ordered: who had a place before it stays.
        """
        moments = [each.at for each in self.office.store.policies.of_scope(HERE) if each.covers(day)]
        return max(moments, default=self.office.clock.now() - timedelta(days=365)) + timedelta(microseconds=1)


@pytest.mark.rule("6-1", "22", "D2", "D3", "D21")
class TestAnyOrder:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(STEPS, min_size=3, max_size=14))
    def test_loses_nobody_and_passes_no_ceiling(self, steps):
        """
        After every step: each paid booking that was not ended has exactly its place, with the delay and extension of its interval; whoever stands in a
        closed hour knows it; sold + free + withheld is all that was ever drawn; no class is sold beyond its ceiling but for who was there before.
        """
        world = World()
        for step in steps:
            world.step(*step)
            world.check()

    def test_comes_to_an_end(self):
        """
        Every order is done once the holds that stood in its way are over.
        """
        world = World()
        for step in (
            ("hold", 12, 0, False),
            ("buy", 12, 0, True),
            ("close", 12, 2),
            ("capacity", 4, 0),
            ("delay", 14, 30),
            ("buy", 14, 0, False),
        ):
            world.step(*step)
        for _ in range(12):
            world.step("wait", 3)

        assert {MeasureState.DONE} == {measure.state for measure in world.office.store.measures.of_checkpoint(HERE)}
