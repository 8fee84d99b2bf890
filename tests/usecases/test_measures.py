"""
What an officer orders is carried out: days change, bookings are moved, shifted or left to choose, everybody is told (D1, D3, D21).
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Happening, Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.measures import MeasureKind, MeasureState
from chalicelib.domain.places import PlaceState, Pool
from chalicelib.domain.plans import PlaceClass, Position
from chalicelib.domain.records import Task
from chalicelib.domain.schedule import Step, effective_end, effective_start, is_stranded, no_show_at
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import Write
from tests import factories
from tests.factories import SLOT, minutes
from tests.fakes.authority import capacity, closure
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import DAY, HERE, NOW

HOUR = 14


def counted(office, day=DAY):
    """
    Count a day's places by state, untouched ones as free.
    """
    plan, touched = office.store.places.plan(HERE, day), office.store.places.touched(HERE, day, consistent=True)
    states = Counter(place.state for place in touched.values())
    return states + Counter({PlaceState.FREE: plan.capacity - len(touched)})


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
        assert next_step(after) is None
        assert (1, 0) == (measure.counts["must_choose"], measure.counts.get("moved", 0))
        assert ["confirmed", "must_choose"] == told(quick_office, booking)
        assert {PlaceState.SOLD: 1, PlaceState.WITHHELD: 47} == counted(quick_office)
        quick_office.clock.advance(hours=1)
        quick_office.carried_out()
        assert after == quick_office.booking(booking)

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
        assert Step.CALL == next_step(after).step

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
class TestDelay:
    def test_keeps_place_number_and_order_and_moves_the_times(self, quick_office):
        """
        Two hours: expected time, interval's end and no-show move; the call does not; he is told the new time.
        """
        booking = quick_office.confirmed()
        before = quick_office.booking(booking)

        measure = quick_office.ordered(closure(14, 16, kind=MeasureKind.DELAY, minutes=120))

        after = quick_office.booking(booking)
        assert (before.number, before.position, before.slot_start) == (after.number, after.position, after.slot_start)
        assert (effective_start(before) + minutes(120), effective_end(before) + minutes(120)) == (
            effective_start(after),
            effective_end(after),
        )
        assert no_show_at(before, RULES) + minutes(120) == no_show_at(after, RULES)
        assert next_step(before).at == next_step(after).at
        assert ["confirmed", "delayed"] == told(quick_office, booking)
        assert ({"shifted": 1}, MeasureState.DONE) == (dict(measure.counts), measure.state)

    def test_adds_up_and_is_written_once_each(self, quick_office):
        """
        A second delay comes on top; running the step again changes nothing.
        """
        booking = quick_office.confirmed()
        for order in (closure(14, 15, kind=MeasureKind.DELAY, minutes=30), closure(0, 24, kind=MeasureKind.DELAY, minutes=45)):
            quick_office.ordered(order)
        after = quick_office.booking(booking)
        quick_office.clock.advance(hours=1)
        quick_office.carried_out()

        assert 75 == after.shift_minutes
        assert after == quick_office.booking(booking)

    def test_holds_for_who_buys_into_it_later(self, quick_office):
        """
        A place of a delayed hour is sold with its delay.
        """
        quick_office.ordered(closure(14, 15, kind=MeasureKind.DELAY, minutes=40))

        assert 40 == quick_office.booking(quick_office.confirmed()).shift_minutes

    def test_reaches_a_hold_that_was_taken_before(self, quick_office):
        """
        Who held a place while the order was given and paid after it is delayed, too.
        """
        booking = quick_office.held()
        quick_office.ordered(closure(14, 15, kind=MeasureKind.DELAY, minutes=40))
        quick_office.fill("acc_1", quick_office.booking(booking).due.to_pay)
        quick_office.pay_for(booking)
        quick_office.clock.advance(minutes=3)
        quick_office.carried_out()

        assert 40 == quick_office.booking(booking).shift_minutes

    def test_lets_who_waits_leave_later(self, quick_office):
        """
        In the waiting area the latest exit moves with the interval.
        """
        booking = quick_office.confirmed()
        seen = quick_office.booking(booking)
        arrived = seen.after(Happening.ARRIVED, arrived_at=SLOT, leave_by=SLOT + minutes(60))
        quick_office.store.commit(Write(arrived, seen.version))

        quick_office.ordered(closure(14, 15, kind=MeasureKind.DELAY, minutes=90))

        assert SLOT + minutes(150) == quick_office.booking(booking).leave_by


@pytest.mark.rule("D21")
class TestExtension:
    def test_lets_everybody_come_for_so_many_hours_longer(self, quick_office):
        """
        Seventy-two hours: the booking is good until then, its number, place and order stay; he is told.
        """
        booking = quick_office.confirmed()
        before = quick_office.booking(booking)

        quick_office.ordered(closure(14, 15, kind=MeasureKind.EXTENSION, minutes=72 * 60))

        after = quick_office.booking(booking)
        assert (before.number, before.position) == (after.number, after.position)
        assert no_show_at(before, RULES) + timedelta(hours=72) == no_show_at(after, RULES) == after.valid_until
        assert effective_start(before) == effective_start(after)
        assert ["confirmed", "extended"] == told(quick_office, booking)


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

    def test_refuses_other_intervals_for_open_days(self, quick_office):
        """
        Places are named by interval and position: half hours may begin on the first day that is not open yet.
        """
        refused = quick_office.order(officer="o", order=capacity(48, interval_minutes=30), request=factories.request("half"))

        assert [Code.INTERVAL_FIXED] == code(refused)
        free = NOW.date() + timedelta(days=90)
        assert str(free) == refused.reasons[0].parameters["day"]
        quick_office.ordered(capacity(48, since=free, until=None, interval_minutes=30))
        quick_office.clock.advance(days=1)
        quick_office.opening(checkpoint=HERE)
        assert [60, 30] == [quick_office.store.places.plan(HERE, free - timedelta(days=back)).interval_minutes for back in (1, 0)]


@pytest.mark.rule("D21")
class TestPreview:
    def test_tells_who_would_be_moved_and_changes_nothing(self, quick_office):
        """
        The same bookings and numbers as the order itself then brings; nothing is written by looking.
        """
        for number in (1, 2):
            quick_office.confirmed(number)
        before = quick_office.store.places.touched(HERE, DAY, consistent=True), quick_office.store.places.plan(HERE, DAY)

        shown = quick_office.preview(closure(14, 16))

        assert before == (quick_office.store.places.touched(HERE, DAY, consistent=True), quick_office.store.places.plan(HERE, DAY))
        assert [] == list(quick_office.store.measures.of_checkpoint(HERE))
        quick_office.ordered(closure(14, 16))
        assert {change.after.id: change.after.number for change in shown.changes} == {
            f"bk_{number}": quick_office.booking(f"bk_{number}").number for number in (1, 2)
        }
        assert (2, 4) == (shown.counts["moved"], shown.counts["withheld"])

    def test_tells_who_must_choose_and_who_is_shifted(self, quick_office):
        """
        A whole day closed with no other open: he must choose; a delay shifts him.
        """
        quick_office.confirmed()

        assert [True] == [change.must_choose for change in quick_office.preview(closure(0, 24)).changes]
        (shifted,) = quick_office.preview(closure(0, 24, kind=MeasureKind.DELAY, minutes=30)).changes
        assert (30, False) == (shifted.after.shift_minutes, shifted.must_choose)


class TestOrder:
    def test_is_given_once_for_one_key(self, quick_office):
        """
        The same request again gives the same order.
        """
        request = factories.request("once")
        first, again = (quick_office.order(officer="o", order=closure(14, 15), request=request) for _ in range(2))

        assert first == again
        assert 1 == len(quick_office.store.measures.of_checkpoint(HERE))

    def test_is_written_down_with_who_and_why(self, quick_office):
        """
        The order itself, and every change of places, is an event with its author and ground.
        """
        measure = quick_office.ordered(closure(14, 15))

        events = quick_office.store.histories.of_aggregate(measure.id)
        assert ["ordered", "places_changed"] == [event.kind for event in events]
        assert {("officer:acc_officer", "D21")} == {(event.by, event.ground) for event in events}
        assert "14-001 14-002" == events[1].detail["withheld"]
