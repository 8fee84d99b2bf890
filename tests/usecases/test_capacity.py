"""
Another capacity for open days and days to come: raised, cut, taken back, with classes and days off (§6, D1, D3).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.decisions import Code
from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.schedule import is_stranded
from tests import factories
from tests.factories import SLOT, minutes
from tests.fakes.authority import Interrupted, capacity, closure, code, counted, told
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import DAY, HERE, NOW

HOUR = 14


@pytest.mark.rule("D1", "D3")
class TestCapacity:
    def test_raised_is_on_sale_at_the_intervals_end(self, quick_office):
        """
        From 48 to 72 a day: a third place in every hour, sold under its own number.
        """
        measure = quick_office.ordered(capacity(72))

        assert 24 == measure.counts["added"]
        (day,) = quick_office.find.days(checkpoint=HERE, first=DAY, last=DAY, class_=PlaceClass.GENERAL)
        assert (72, 72) == (day.capacity, day.free)
        for number in range(3):
            quick_office.confirmed(number)
        assert ["NZH-261203-14-01", "NZH-261203-14-02", "NZH-261203-14-03"] == [quick_office.booking(f"bk_{n}").number for n in range(3)]

    def test_cut_moves_nobody_while_unsold_places_are_left(self, quick_office):
        """
        From 48 to 2 with two sold: both stay, all the rest is withheld and nothing more is sold.
        """
        for number in (1, 2):
            quick_office.confirmed(number)
        before = [quick_office.booking(f"bk_{number}") for number in (1, 2)]

        quick_office.ordered(capacity(2))

        assert before == [quick_office.booking(f"bk_{number}") for number in (1, 2)]
        assert {PlaceState.SOLD: 2, PlaceState.WITHHELD: 46} == counted(quick_office)
        late = quick_office.verified(3)
        assert [Code.SLOT_FULL] == code(quick_office.take_for(late, slot=SLOT.replace(hour=16)))

    def test_cut_below_what_is_sold_moves_the_excess(self, quick_office):
        """
        Two sold, one left: the later place is moved to the next day that has room; its user is told.
        """
        quick_office.open(factories.plan(DAY + timedelta(days=1)))
        for number in (1, 2):
            quick_office.confirmed(number)

        quick_office.ordered(capacity(1))

        stays, goes = (quick_office.booking(f"bk_{number}") for number in (1, 2))
        assert (DAY, DAY + timedelta(days=1)) == (stays.day, goes.day)
        assert "capacity" == goes.excuse.ground
        assert {PlaceState.SOLD: 1, PlaceState.WITHHELD: 47} == counted(quick_office)

    def test_cut_with_nowhere_to_go_leaves_him_as_booked(self, quick_office):
        """
        After a cut a booking that could not be moved is served as booked: it is called, and its user may choose.
        """
        for number in (1, 2):
            quick_office.confirmed(number)

        quick_office.ordered(capacity(1))

        kept = quick_office.booking("bk_2")
        assert (DAY, "capacity", False) == (kept.day, kept.excuse.ground, is_stranded(kept))
        assert next_step(kept) is not None
        assert "may_choose" == told(quick_office, "bk_2")[-1]

    def test_taken_back_returns_every_place(self, quick_office):
        """
        Cut and raised again, the day is as before; a place sold before the cut gets its next number.
        """
        quick_office.open(factories.plan(DAY + timedelta(days=1)))
        quick_office.confirmed(1)
        quick_office.ordered(closure(14, 15))
        quick_office.ordered(capacity(5))
        quick_office.ordered(capacity(48))

        states = counted(quick_office)
        assert (48, 2) == (sum(states.values()), states[PlaceState.WITHHELD])

    def test_keeps_classes_at_their_ceilings(self, quick_office):
        """
        5 % of 48 is 2, of 100 is 5, of 19 none; what is there follows, unsold.
        """
        quick_office.ceilings = {PlaceClass.PRIORITY_GOODS: 5}
        day = DAY + timedelta(days=1)
        quick_office.opening(checkpoint=HERE)

        for per_day, ceiling in ((100, 5), (19, 0), (48, 2)):
            quick_office.ordered(capacity(per_day, since=day, until=day))
            (found,) = quick_office.find.days(checkpoint=HERE, first=day, last=day, class_=PlaceClass.PRIORITY_GOODS)
            assert (per_day, ceiling) == (found.capacity, found.free)

    def test_has_its_days_off(self, quick_office):
        """
        A day off is a closed day: open ones are emptied, days to come are born without places; a day off taken back has places again.
        """
        first = DAY + timedelta(days=89)
        quick_office.ordered(capacity(48, since=DAY, until=None, days_off=(str(DAY), str(first))))
        quick_office.clock.advance(days=2)
        quick_office.opening(checkpoint=HERE)

        days = quick_office.find.days(checkpoint=HERE, first=DAY, last=first, class_=PlaceClass.GENERAL)
        assert [DAY, first] == [day.day for day in days if day.closed]
        quick_office.ordered(capacity(48, since=first, until=first))
        assert 48 == quick_office.find.days(checkpoint=HERE, first=first, last=first, class_=PlaceClass.GENERAL)[0].free

    def test_gives_other_intervals_to_days_that_nobody_has_a_place_of(self, quick_office):
        """
        Half hours from tomorrow on: untouched days are drawn anew, sold under their new slots and numbers; the days before keep their hours.
        """
        quick_office.ceilings = {PlaceClass.PRIORITY_GOODS: 5}
        quick_office.opening(checkpoint=HERE)
        day = DAY + timedelta(days=1)

        measure = quick_office.ordered(capacity(96, since=day, until=day, interval_minutes=30))

        plan = quick_office.store.places.plan(HERE, day)
        assert (30, 48, 96, 1) == (plan.interval_minutes, len(plan.layout), plan.capacity, measure.counts["redrawn"])
        assert {PlaceState.FREE: 96} == counted(quick_office, day)
        shown = quick_office.find.slots(checkpoint=HERE, day=day, class_=PlaceClass.GENERAL)
        assert (48, 92, 96) == (len(shown), sum(slot.free for slot in shown), sum(slot.capacity for slot in shown))
        booking = quick_office.booking(quick_office.confirmed(slot=SLOT + timedelta(days=1, minutes=30)))
        assert ("NZH-261204-29-01", minutes(30)) == (booking.number, booking.slot_end - booking.slot_start)
        assert 60 == quick_office.store.places.plan(HERE, DAY).interval_minutes

    def test_gives_a_day_fewer_hours_and_back(self, quick_office):
        """
        Open from eight to eighteen, then all day again: places that the shorter day has not are laid aside and come back.
        """
        quick_office.open(factories.plan(DAY + timedelta(days=1)))
        day = DAY + timedelta(days=1)
        quick_office.ordered(capacity(20, since=day, until=day, opens=480, closes=1080))
        shown = quick_office.find.slots(checkpoint=HERE, day=day, class_=PlaceClass.GENERAL)
        assert (10, 20) == (len(shown), sum(slot.capacity for slot in shown))
        quick_office.find.recompute(checkpoint=HERE, day=day)

        quick_office.ordered(capacity(48, since=day, until=day))

        assert {PlaceState.FREE: 48} == counted(quick_office, day)

    def test_refuses_other_intervals_for_days_on_which_somebody_has_a_place(self, quick_office):
        """
        Places are named by interval and position: half hours may begin on the day after the last that is sold; nothing was changed.
        """
        quick_office.open(*(factories.plan(DAY + timedelta(days=n)) for n in range(1, 5)))
        quick_office.confirmed(slot=SLOT + timedelta(days=2))

        refused = quick_office.order(officer="o", order=capacity(48, until=None, interval_minutes=30), request=None)

        assert [Code.INTERVAL_FIXED] == code(refused)
        assert str(DAY + timedelta(days=3)) == refused.reasons[0].parameters["day"]
        assert [] == list(quick_office.store.measures.of_checkpoint(HERE))

    def test_gives_other_intervals_to_days_to_come(self, quick_office):
        """
        From the first day beyond the horizon on every day is born with them.
        """
        free = NOW.date() + timedelta(days=90)
        quick_office.ordered(capacity(48, since=free, until=None, interval_minutes=30))
        quick_office.clock.advance(days=1)
        quick_office.opening(checkpoint=HERE)

        assert [60, 30] == [quick_office.store.places.plan(HERE, free - timedelta(days=back)).interval_minutes for back in (1, 0)]

    @pytest.mark.parametrize("at", range(1, 8))
    def test_keeps_the_intervals_of_a_day_that_is_sold_meanwhile(self, at):
        """
        A buyer between any two commits of the change: he has a place of the day as he saw it, or none; nobody is moved, no place is lost.
        """
        memory = MemoryStore(next_step=next_step)
        quiet, day = Office(memory), DAY + timedelta(days=1)
        quiet.open(factories.plan(day, rows=("g" * 10,) * 24))
        buyer = quiet.verified(9)
        slot = SLOT + timedelta(days=1)
        loud = Office(Interrupted(memory, at=at, other=lambda: quiet.take_for(buyer, slot=slot)), clock=quiet.clock, chance=quiet.chance)

        loud.ordered(capacity(240, since=day, until=day, interval_minutes=30))

        plan, seen = memory.places.plan(HERE, day), quiet.booking(buyer)
        if seen.position is not None:
            assert (seen.slot_start, seen.slot_end) == plan.slot(seen.position.interval, RULES)
        states = counted(quiet, day)
        assert 240 == states[PlaceState.FREE] + states[PlaceState.HELD]
        assert 30 == plan.interval_minutes or seen.position is not None
