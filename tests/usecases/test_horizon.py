"""
The horizon rolls nightly under the figures in force on each day: leap day, year's end, a changed offset, days off (§22, D1, D2, D32).
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import PlaceClass, quotas_of
from chalicelib.usecases.ports import Write
from tests import factories
from tests.fakes.authority import capacity, closure
from tests.fakes.office import Office
from tests.fakes.outside import StandingClock
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE


def office_at(store, year, month, day):
    """
    An office just after local midnight of a day.
    """
    return Office(store, clock=StandingClock(datetime(year, month, day, 0, 5, tzinfo=RULES.zone)))


def opened(office):
    """
    The days that are open now.
    """
    return [plan.day for plan in office.store.places.plans(HERE, first=date(2000, 1, 1), last=date(2100, 1, 1))]


@pytest.mark.rule("22", "D1", "D32")
class TestNight:
    @pytest.mark.parametrize("start", [date(2028, 2, 27), date(2027, 12, 30), date(2024, 2, 28), date(2026, 10, 31)])
    def test_adds_one_day_over_leap_day_years_end_and_a_changed_offset(self, memory_store, start):
        """
        Three nights in a row: today and 89 days on, each with its plan, none left out, none twice.
        """
        office = office_at(memory_store, start.year, start.month, start.day)
        counts = []
        for _ in range(3):
            counts.append(office.opening(checkpoint=HERE))
            office.clock.advance(days=1)

        assert [90, 1, 1] == counts
        assert [start + timedelta(days=n) for n in range(92)] == opened(office)

    @pytest.mark.parametrize("day", [date(2024, 2, 29), date(2027, 12, 31), date(2028, 2, 29)])
    def test_leaves_no_gap_between_two_days(self, day):
        """
        A day's last interval ends in the instant in which the next day's first begins, also where the offset fell from +06 to +05.
        """
        first, second = factories.plan(day), factories.plan(day + timedelta(days=1))

        assert first.slot(23, RULES)[1].astimezone(UTC) == second.slot(0, RULES)[0].astimezone(UTC)
        for interval in range(24):
            assert interval == first.interval_at(first.slot(interval, RULES)[0], RULES)

    def test_catches_up_after_a_week_without_nights(self, memory_store):
        """
        A clock that jumps a week opens seven days at once.
        """
        office = office_at(memory_store, 2026, 12, 1)
        office.opening(checkpoint=HERE)
        office.clock.advance(days=7)

        assert 7 == office.opening(checkpoint=HERE)

    def test_follows_figures_and_orders_given_before(self, memory_store):
        """
        Days that enter the horizon are born with the capacity, days off, closures and delays ordered for them; nothing is withheld first.
        """
        office = office_at(memory_store, 2026, 12, 1)
        office.opening(checkpoint=HERE)
        first = date(2026, 12, 1) + timedelta(days=90)
        office.ordered(capacity(24, since=first, until=None, days_off=(str(first + timedelta(days=1)),)))
        office.ordered(closure(10, 12, day=first))
        office.clock.advance(days=2)
        office.opening(checkpoint=HERE)

        born, off = (office.store.places.plan(HERE, first + timedelta(days=n)) for n in range(2))
        assert ((24, (10, 11)), 0, True) == ((born.capacity, born.closed), off.capacity, off.is_closed)
        assert {} == office.store.places.touched(HERE, first, consistent=True)

    def test_follows_an_order_that_is_given_meanwhile(self, memory_store):
        """
        An order committed while the night opens days knows only the days it found: the night looks once more.
        """
        office = office_at(memory_store, 2026, 12, 1)
        office.opening(checkpoint=HERE)
        office.clock.advance(days=1)
        last = date(2026, 12, 1) + timedelta(days=90)
        night = replace(office.opening, orders=Late(office.orders, lambda: office.ordered(closure(0, 24, day=last))))

        night(checkpoint=HERE)

        assert office.store.places.plan(HERE, last).is_closed

    def test_leaves_open_days_as_they_were_sold(self, memory_store):
        """
        New seed data change no day that is open, not even when something else is ordered for it.
        """
        office = Office(memory_store)
        office.open(factories.plan(DAY, rows=("ggg",) * 24))
        office.ordered(closure(10, 11))

        plan = office.store.places.plan(HERE, DAY)
        assert (72, None, (10,)) == (plan.capacity, plan.per_day, plan.closed)


class Late:
    """
    Standing orders that change between the first look and the second.
    """

    def __init__(self, orders, meanwhile):
        self._orders, self._meanwhile = orders, meanwhile

    def at(self, checkpoint):
        """
        Give what stands, then let something be ordered.
        """
        found = self._orders.at(checkpoint)
        meanwhile, self._meanwhile = self._meanwhile, lambda: None
        meanwhile()
        return found


@pytest.mark.rule("6", "6-1", "D2")
class TestCeiling:
    @pytest.mark.parametrize(
        ("per_day", "one", "five"), [(350, 3, 17), (100, 1, 5), (99, 0, 4), (20, 0, 1), (19, 0, 0), (0, 0, 0), (400, 4, 20), (399, 3, 19)]
    )
    def test_rounds_down(self, per_day, one, five):
        """
        1 % of 350 is 3; 0 means no such places that day.
        """
        found = quotas_of(per_day, {PlaceClass.EXPEDITED: 1, PlaceClass.PRIORITY_GOODS: 5})

        assert {PlaceClass.EXPEDITED: one, PlaceClass.PRIORITY_GOODS: five} == dict(found)

    def test_counts_every_open_day_weekends_too(self, memory_store):
        """
        A "working day" is any day the checkpoint is open: Saturday and Sunday have their class places, a day off has none.
        """
        office = office_at(memory_store, 2026, 12, 1)
        office.ceilings = {PlaceClass.EXPEDITED: 5}
        office.ordered(capacity(100, since=date(2026, 12, 1), until=None, days_off=("wed",)))
        office.opening(checkpoint=HERE)

        week = [office.store.places.plan(HERE, date(2026, 12, 1) + timedelta(days=n)) for n in range(7)]
        assert [5, 0, 5, 5, 5, 5, 5] == [plan.quota(PlaceClass.EXPEDITED) for plan in week]


@pytest.mark.rule("D1")
class TestCrossings:
    def test_are_counted_beside_the_capacity(self, memory_store):
        """
        What crossed yesterday and the day before, a late word of a register included; today is not over, and thirty days are looked at.
        """
        office = Office(memory_store)
        office.open()
        crossed = [office.confirmed(number) for number in (1, 2)]
        for booking, moment in zip(crossed, (RULES.at(DAY, 15 * 60), RULES.at(DAY, 25 * 60)), strict=True):
            seen = office.booking(booking)
            office.store.commit(Write(replace(seen, crossed_at=moment, version=seen.version + 1), seen.version))
        office.clock.move_to(RULES.at(DAY, 36 * 60))

        assert 4 == office.count(checkpoint=HERE)
        assert (0, 0.2) == (office.count(checkpoint=HERE), office.count.trailing(checkpoint=HERE))
        office.clock.advance(days=1)
        assert 1 == office.count(checkpoint=HERE)
        assert 0.4 == office.count.trailing(checkpoint=HERE)
        assert PlaceState.SOLD == office.store.places.place(HERE, DAY, office.booking(crossed[0]).position).state

    def test_are_unknown_before_they_are_counted(self, memory_store):
        """
        No count is no figure, not a nought.
        """
        assert Office(memory_store).count.trailing(checkpoint=HERE) is None
