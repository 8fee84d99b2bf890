"""
An order against buyers, and against itself: at every step between, and a hundred times at once; nothing is lost, sold twice, or left in a closed hour.
"""

import random
import time
from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import EXPECTED
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.measures import MeasureState
from chalicelib.domain.places import PlaceState
from chalicelib.domain.schedule import is_stranded
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import StoreBusyError
from tests import factories
from tests.factories import SLOT
from tests.fakes.authority import Interrupted, capacity, closure, counted
from tests.fakes.gathering import at_once
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.outside import SeededChance
from tests.fakes.rules import next_step
from tests.fakes.samples import DAY, HERE

HOUR = 14
ORDERS = {"closure": closure(HOUR, HOUR + 1), "cut": capacity(3)}


def patient(act):
    """
    Try again while the store is busy, as a client does.
    """
    while True:
        try:
            return act()
        except StoreBusyError:
            time.sleep(random.uniform(0, 0.02))


def settle(office, bookings):
    """
    Let everybody who holds a place pay, and the step come to its end.
    """
    for booking in bookings:
        seen = office.booking(booking)
        if seen.due is not None:
            office.fill(seen.account, seen.due.to_pay)
            patient(lambda booking=booking: office.pay_for(booking))
    for _ in range(4):
        office.clock.advance(minutes=3)
        patient(office.carried_out)


def check(office, bookings, days=(DAY,)):
    """
    Every place is sold, free or withheld; every paid booking has one place and every sold place its booking; none is left in a closed hour.
    """
    sold = {}
    for day in days:
        states, plan = counted(office, day), office.store.places.plan(HERE, day)
        assert plan.capacity == states[PlaceState.SOLD] + states[PlaceState.FREE] + states[PlaceState.WITHHELD]
        for position, place in office.store.places.touched(HERE, day, consistent=True).items():
            if place.state is PlaceState.SOLD:
                sold[day, position] = place.booking
                assert position.interval not in plan.closed or is_stranded(office.booking(place.booking))
    seated = {booking: office.booking(booking) for booking in bookings}
    kept = {id_: seen for id_, seen in seated.items() if seen.status in EXPECTED}
    assert Counter(sold.values()) == Counter(list(kept))
    assert all(sold[seen.day, seen.position] == id_ for id_, seen in kept.items())
    assert len({seen.number for seen in kept.values()}) == len(kept)
    assert {MeasureState.DONE} == {measure.state for measure in office.store.measures.of_checkpoint(HERE)}


@pytest.mark.rule("D3", "D21")
class TestBetween:
    @pytest.mark.parametrize("kind", ORDERS)
    @pytest.mark.parametrize("at", [1, 2, 3])
    def test_a_buyers_commits_and_an_order(self, kind, at):
        """
        The order comes between a buyer's reading and his writing, of the place or of the payment: he gets another place, a move, or a clear no.
        """
        memory = MemoryStore(next_step=next_step)
        quiet = Office(memory)
        quiet.open()
        crowd = [quiet.confirmed(number, slot=SLOT.replace(hour=HOUR + number)) for number in (1, 2)]
        buyer = quiet.verified(9)
        loud = Office(Interrupted(memory, at=at, other=lambda: quiet.ordered(ORDERS[kind])), clock=quiet.clock, chance=quiet.chance)

        outcome = loud.take_for(buyer)
        settle(loud, [buyer])

        assert isinstance(outcome, Done) or {Code.CHECKPOINT_CLOSED, Code.SLOT_FULL} >= {reason.code for reason in outcome.reasons}
        assert bool(quiet.store.measures.of_checkpoint(HERE)) or at > 2
        if quiet.store.measures.of_checkpoint(HERE):
            check(quiet, [*crowd, buyer])

    @pytest.mark.parametrize("kind", ORDERS)
    @pytest.mark.parametrize("at", range(1, 6))
    def test_an_orders_commits_and_a_buyer(self, kind, at):
        """
        A buyer comes between any two commits of the order: whoever is sold a place that must go is moved, the order ends.
        """
        memory = MemoryStore(next_step=next_step)
        quiet = Office(memory)
        quiet.open()
        crowd = [quiet.confirmed(number) for number in (1,)]
        buyer = quiet.verified(9)
        loud = Office(Interrupted(memory, at=at, other=lambda: quiet.take_for(buyer)), clock=quiet.clock, chance=quiet.chance)

        loud.ordered(ORDERS[kind])
        settle(quiet, [buyer])

        check(quiet, [*crowd, buyer])

    @pytest.mark.parametrize("at", range(2, 9))
    def test_a_run_and_another_run(self, at):
        """
        The step runs a second time in the middle of the first: every booking is moved once, told once, every place withheld once.
        """
        memory = MemoryStore(next_step=next_step)
        quiet = Office(memory)
        quiet.open(factories.plan(rows=("gggg",) * 24))
        crowd = [quiet.confirmed(number) for number in range(4)]
        loud = Office(Interrupted(memory, at=at, other=quiet.carried_out), clock=quiet.clock, chance=quiet.chance)

        measure = loud.ordered(closure(HOUR, HOUR + 1))

        check(quiet, crowd)
        assert (4, 4) == (measure.counts["moved"], measure.counts["withheld"])
        assert ["moved"] * 4 == [quiet.store.histories.of_aggregate(booking)[-1].kind for booking in crowd]
        assert {4} == {quiet.booking(booking).version for booking in crowd}


def race(office, number, *, order, buyers):
    """
    A day of its own: so many buyers of one hour and an order at once, until everybody has his answer.
    """
    day = DAY + timedelta(days=number)
    office.open(factories.plan(day, rows=("",) * HOUR + ("ggg", "ggg") + ("",) * 8))
    slot = SLOT + timedelta(days=number)
    bookings = [office.verified(1000 * (number + 1) + each) for each in range(buyers)]
    moved = closure(HOUR, HOUR + 1, day=day) if order == "closure" else capacity(buyers, since=day, until=day)
    acts = [lambda each=each: patient(lambda: office.take_for(each, slot=slot)) for each in bookings]
    answers = at_once(*acts, lambda: patient(lambda: office.order(officer="o", order=moved, request=factories.request(f"order-{number}"))))
    settle(office, bookings)
    return answers, bookings, day


@pytest.mark.rule("D3", "D21")
class TestAtOnce:
    @pytest.mark.parametrize("kind", ORDERS)
    def test_fifty_times_without_an_engine(self, kind):
        """
        Three buyers of an hour and an order that takes it away, at once: every answer is clear, every place accounted for, each time.
        """
        for number in range(50):
            office = Office(MemoryStore(next_step=next_step), chance=SeededChance(number))
            answers, bookings, day = race(office, 0, order=kind, buyers=3)
            assert all(isinstance(answer, Done | Refused) for answer in answers)
            check(office, bookings, days=(day,))

    def test_on_the_engine(self, store):
        """
        The same on the real engine, whose conditions decide.
        """
        office = Office(store, chance=SeededChance(7))
        for number in range(4):
            _, bookings, day = race(office, number, order=("closure", "cut")[number % 2], buyers=3)
            check(office, bookings, days=(day,))
