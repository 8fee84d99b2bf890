"""
A closure: nothing is sold into it, whoever is booked there is moved, or chooses, and is told (D21).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Happening, Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.measures import MeasureKind, MeasureState
from chalicelib.domain.places import PlaceState, Pool
from chalicelib.domain.plans import PlaceClass, Position
from chalicelib.domain.schedule import Step, call_at, is_stranded
from chalicelib.domain.vehicles import lock_keys, miss_keys
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import Write
from tests import factories
from tests.factories import SLOT, minutes
from tests.fakes.authority import closure, code, counted, told
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import DAY, HERE, NOW

HOUR = 14


@pytest.mark.rule("D21")
class TestClosure:
    def test_moves_a_booking_to_the_nearest_free_place(self, quick_office):
        """
        The next open hour, a new number, nothing lost: fee, deposit and the free reschedule are kept, the locks hold, he is told.
        """
        booking = quick_office.confirmed()
        before = quick_office.booking(booking)
        money = quick_office.wallet()

        measure = quick_office.ordered(closure(14, 16))

        after = quick_office.booking(booking)
        assert (SLOT + timedelta(hours=2), "NZH-261203-16-01", Status.CONFIRMED) == (after.slot_start, after.number, after.status)
        assert (MeasureKind.CLOSURE.value, measure.id) == (after.excuse.ground, after.excuse.measure)
        assert (before.reschedules_left, before.deposit, before.due, money) == (
            after.reschedules_left,
            after.deposit,
            after.due,
            quick_office.wallet(),
        )
        assert (MeasureState.DONE, 1, 4) == (measure.state, measure.counts["moved"], measure.counts["withheld"])
        assert ["confirmed", "moved"] == told(quick_office, booking)
        moved = quick_office.store.histories.of_aggregate(booking)[-1]
        assert (Happening.MOVED.value, "D21", before.number, after.number) == (
            moved.kind,
            moved.ground,
            moved.detail["from"],
            moved.detail["to"],
        )

    def test_withholds_the_place_it_empties(self, quick_office):
        """
        The place left is withheld, not secondary; every closed place is withheld, none is lost.
        """
        booking = quick_office.confirmed()
        quick_office.ordered(closure(14, 15))

        left = quick_office.store.places.place(HERE, DAY, Position(HOUR, 1))
        assert (PlaceState.WITHHELD, False, 1, None) == (left.state, left.secondary, left.sales, left.booking)
        assert {PlaceState.SOLD: 1, PlaceState.WITHHELD: 2, PlaceState.FREE: 45} == counted(quick_office)
        assert Position(15, 1) == quick_office.booking(booking).position

    def test_sells_nothing_into_the_period_from_its_commit_on(self, quick_office):
        """
        Before the step has run at all, a closed hour is no longer shown, found or sold.
        """
        order = quick_office.order
        blind = replace(order, apply=replace(order.apply, measures=Nothing()))
        blind(officer="o", order=closure(14, 15), request=factories.request("close"))

        assert {} == quick_office.store.places.touched(HERE, DAY, consistent=True)
        booking = quick_office.verified()
        assert [Code.CHECKPOINT_CLOSED] == code(quick_office.take_for(booking))
        shown = quick_office.find.slots(checkpoint=HERE, day=DAY, class_=PlaceClass.GENERAL)
        assert (0, 0) == (shown[HOUR].capacity, shown[HOUR].free)
        found = quick_office.find.first_free(checkpoint=HERE, after=SLOT, class_=PlaceClass.GENERAL, pool=Pool.PRIMARY)
        assert SLOT + timedelta(hours=1) == found.start

    def test_of_a_whole_day_says_so(self, quick_office):
        """
        A day closed from end to end has no slots and no capacity.
        """
        quick_office.ordered(closure(0, 24))

        (day,) = quick_office.find.days(checkpoint=HERE, first=DAY, last=DAY, class_=PlaceClass.GENERAL)
        assert (True, 0, 0) == (day.closed, day.capacity, day.free)
        assert () == quick_office.find.slots(checkpoint=HERE, day=DAY, class_=PlaceClass.GENERAL)
        assert {PlaceState.WITHHELD: 48} == counted(quick_office)

    def test_leaves_the_choice_where_there_is_nowhere_to_go(self, quick_office):
        """
        No free place within seven days: nobody is moved; he keeps number, fee and deposit, is neither called nor annulled, and is told to choose.
        """
        booking = quick_office.confirmed()
        before = quick_office.booking(booking)

        measure = quick_office.ordered(closure(0, 24))

        after = quick_office.booking(booking)
        assert is_stranded(after)
        assert (before.number, before.position, before.deposit) == (after.number, after.position, after.deposit)
        assert next_step(after).step not in {Step.REMIND, Step.CALL, Step.ANNUL}
        assert (1, 0) == (measure.counts["must_choose"], measure.counts.get("moved", 0))
        assert ["confirmed", "must_choose"] == told(quick_office, booking)
        assert {PlaceState.SOLD: 1, PlaceState.WITHHELD: 47} == counted(quick_office)
        quick_office.clock.advance(hours=1)
        quick_office.carried_out()
        assert after == quick_office.booking(booking)

    def test_ends_with_everything_back_when_nobody_chooses(self, quick_office):
        """
        A week after the closed interval the stranded booking ends: fee and deposit back, no miss, locks free; the place stays off sale.
        """
        booking = quick_office.confirmed()
        paid = quick_office.booking(booking).due
        quick_office.ordered(closure(0, 24))
        quick_office.clock.move_to(quick_office.booking(booking).slot_end + timedelta(days=7) - minutes(1))
        assert not quick_office.strand(booking=booking)
        quick_office.clock.advance(minutes=2)

        assert quick_office.strand(booking=booking)
        assert not quick_office.strand(booking=booking)
        ended = quick_office.booking(booking)
        assert (Status.WITHDRAWN, (paid.fee + paid.deposit, 0)) == (ended.status, quick_office.wallet())
        assert {} == {key: lock for key, lock in quick_office.store.locks.misses(miss_keys(ended.vehicle)).items() if lock.misses}
        assert all(lock.booking is None for lock in quick_office.store.locks.locks(lock_keys(ended.vehicle, toward="CN")).values())
        assert "withdrawn" == told(quick_office, booking)[-1]

    def test_goes_to_the_next_days_within_the_week_only(self, quick_office):
        """
        The day after, when it is open; a week and a day later never.
        """
        far, near = DAY + timedelta(days=8), DAY + timedelta(days=7)
        quick_office.open(factories.plan(far))
        lost = quick_office.confirmed(1)
        quick_office.ordered(closure(0, 24))
        assert is_stranded(quick_office.booking(lost))

        quick_office.open(factories.plan(near))
        quick_office.ordered(closure(0, 23))
        assert near == quick_office.booking(lost).day

    def test_never_moves_to_an_earlier_hour(self, quick_office):
        """
        A truck under way cannot come sooner than it was booked.
        """
        booking = quick_office.confirmed(slot=SLOT.replace(hour=23))

        quick_office.ordered(closure(23, 24))

        assert is_stranded(quick_office.booking(booking))

    def test_calls_again_for_the_new_time(self, quick_office):
        """
        A called vehicle that is moved is called anew, and learns anew until when it may leave the waiting area.
        """
        booking = quick_office.confirmed()
        quick_office.clock.move_to(SLOT - minutes(140))
        for _ in range(2):
            quick_office.time.remind(booking=booking)
            quick_office.time.call(booking=booking)
        assert Status.CALLED == quick_office.booking(booking).status

        quick_office.ordered(closure(14, 18))

        after = quick_office.booking(booking)
        assert (Status.CONFIRMED, None, None) == (after.status, after.called_at, after.leave_by)
        assert next_step(after).step in {Step.RECHECK, Step.CALL}
        assert call_at(after, RULES) > quick_office.clock.now()

    def test_leaves_those_inside_alone(self, quick_office):
        """
        Who has entered keeps his place, whatever is closed.
        """
        booking = quick_office.confirmed()
        seen = quick_office.booking(booking)
        inside = seen.after(Happening.ADMITTED, admitted_at=NOW)
        quick_office.store.commit(Write(inside, seen.version))

        measure = quick_office.ordered(closure(14, 16))

        assert inside == quick_office.booking(booking)
        assert MeasureState.DONE == measure.state

    def test_waits_for_a_hold_and_moves_who_then_pays(self, quick_office):
        """
        A hold taken before the closure is not broken: paid, it is moved at the next look; the order is done only then.
        """
        booking = quick_office.held()
        measure = quick_office.ordered(closure(14, 15))
        assert MeasureState.RUNNING == measure.state
        quick_office.fill("acc_1", quick_office.booking(booking).due.to_pay)
        assert Done(200, booking) == quick_office.pay_for(booking)

        quick_office.clock.advance(minutes=3)
        quick_office.carried_out()

        assert Position(15, 1) == quick_office.booking(booking).position
        assert MeasureState.DONE == quick_office.store.measures.measure(HERE, measure.id).state

    def test_withholds_a_place_whose_hold_lapsed(self, quick_office):
        """
        Unpaid, the hold's place is withheld once it has run out, and its tidying does not bring it back.
        """
        booking = quick_office.held()
        measure = quick_office.ordered(closure(14, 15))
        quick_office.clock.advance(minutes=11)
        quick_office.carried_out()
        assert quick_office.time.tidy(booking=booking)

        assert PlaceState.WITHHELD == quick_office.store.places.place(HERE, DAY, Position(HOUR, 1)).state
        assert MeasureState.DONE == quick_office.store.measures.measure(HERE, measure.id).state


class Nothing:
    """
    A step that finds no order.
    """

    def measure(self, checkpoint, measure):
        """
        Know none.
        """


@pytest.mark.rule("D21")
class TestStep:
    def test_goes_on_after_a_crash_at_every_transaction(self, quick_office):
        """
        One transaction a run, each by another process: the end is that of one run, everybody moved and told once.
        """
        quick_office.open(factories.plan(DAY + timedelta(days=1), rows=("ggg",) * 24))
        bookings = [quick_office.confirmed(number, slot=SLOT + timedelta(days=1)) for number in range(3)]
        order = replace(quick_office.order, apply=replace(quick_office.apply, measures=Nothing()))
        measure = order(officer="o", order=closure(14, 16, day=DAY + timedelta(days=1)), request=None).resource

        runs = 0
        while quick_office.rebuilt().apply.carry(checkpoint=HERE, measure=measure, most=1):
            runs += 1

        found = quick_office.store.measures.measure(HERE, measure)
        assert (MeasureState.DONE, 3, 6) == (found.state, found.counts["moved"], found.counts["withheld"])
        assert [["moved"]] * 3 == [told(quick_office, booking)[1:] for booking in bookings]
        assert runs >= 4
