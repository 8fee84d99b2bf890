"""
What an officer orders is carried out: days change, bookings are moved, shifted or left to choose, everybody is told (D1, D3, D21).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Happening
from chalicelib.domain.measures import MeasureKind, MeasureState
from chalicelib.domain.schedule import effective_end, effective_start, no_show_at
from chalicelib.usecases.ports import Write
from tests import factories
from tests.factories import SLOT, minutes
from tests.fakes.authority import closure, told
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import DAY, HERE

HOUR = 14


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
