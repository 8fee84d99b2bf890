"""
What an officer orders over a period, written into a day's plan (D1, D21, D32).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.measures import MeasureKind, ordered
from chalicelib.domain.plans import DayPlan
from tests.factories import minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE

PLAN = DayPlan(HERE, DAY, 60, 0, ("g",) * 6)


def hour(number):
    """
    An instant of the day.
    """
    return RULES.at(DAY, number * 60)


def measure(kind, start, end, minutes=0):
    """
    An order over some hours.
    """
    return samples.measure(kind=kind, starts=hour(start), ends=hour(end), minutes=minutes)


@pytest.mark.rule("D21")
class TestMeasure:
    @pytest.mark.parametrize(
        ("start", "end", "touched"), [(0, 1, False), (1, 2, True), (0, 9, True), (2, 3, True), (3, 4, False), (1.5, 1.6, True)]
    )
    def test_touches_what_lies_within_its_period(self, start, end, touched):
        """
        Half open: what ends where it starts, or starts where it ends, is outside.
        """
        assert touched == measure(MeasureKind.CLOSURE, 1, 3).overlaps(hour(start), hour(end))

    def test_touches_its_local_days(self):
        """
        From the day it starts to the day before whose midnight it ends.
        """
        made = samples.measure(starts=hour(-1), ends=hour(24))

        assert (DAY - timedelta(days=1), DAY) == (made.first_day(RULES), made.last_day(RULES))
        assert DAY + timedelta(days=1) == samples.measure(starts=hour(0), ends=hour(24) + minutes(1)).last_day(RULES)

    def test_counts_what_was_done(self):
        """
        Each a version; nothing done is no count, and what was counted stays.
        """
        made = samples.measure(counts={"moved": 2}, version=4).did(moved=3, stuck=1, told=0)

        assert ({"moved": 5, "stuck": 1}, 5) == (made.counts, made.version)


@pytest.mark.rule("D21")
class TestOrdered:
    def test_writes_every_order_into_the_intervals_that_it_touches(self):
        """
        Delays and extensions add up; other intervals have none.
        """
        made = ordered(
            PLAN,
            [
                measure(MeasureKind.CLOSURE, 4, 9),
                measure(MeasureKind.DELAY, 1, 3, 30),
                measure(MeasureKind.DELAY, 2, 4, 45),
                measure(MeasureKind.EXTENSION, 3, 4, 600),
                measure(MeasureKind.CAPACITY, 0, 2, 7),
            ],
            RULES,
        )

        assert ((4, 5), (0, 30, 75, 45, 0, 0), (0, 0, 0, 600, 0, 0)) == (made.closed, made.shifts, made.extended)
        assert (PLAN.layout, PLAN.version) == (made.layout, made.version)

    def test_takes_away_what_is_no_longer_ordered(self):
        """
        Orders that were lifted leave nothing behind.
        """
        before = DayPlan(HERE, DAY, 60, 0, ("g",) * 6, closed=(1,), shifts=(5,), extended=(6,))

        assert PLAN == ordered(before, [], RULES)

    def test_goes_no_farther_than_two_weeks(self):
        """
        Three days late and ten days longer at most, however often it is ordered.
        """
        often = [measure(kind, 0, 1, 4 * 24 * 60) for kind in (MeasureKind.DELAY, MeasureKind.EXTENSION) for _ in range(3)]
        made = ordered(PLAN, often, RULES)

        assert (3 * 24 * 60, 10 * 24 * 60) == (made.shifts[0], made.extended[0])
