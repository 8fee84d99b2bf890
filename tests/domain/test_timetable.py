"""
Plans of some days as one row of intervals (D1, D3).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.timetable import Timetable, timetable
from tests import factories
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY

HOUR = timedelta(hours=1)
OPENS = RULES.at(DAY, 0)


@pytest.mark.rule("22", "D1", "D3")
class TestTimetable:
    def test_lays_days_end_to_end_with_what_was_sold(self):
        """
        Two days of two hours: four intervals, sold as counted, none where nothing was counted.
        """
        days = [DAY, DAY + timedelta(days=1)]
        table = timetable([factories.plan(day, rows=("gg", "ggg")) for day in days], sold={DAY: (1, 2)}, rules=RULES)

        assert [1, 2, 0, 0] == [slot.sold for slot in table.slots]
        assert (2.0, 3.0, 2.0, 3.0) == table.rates
        assert OPENS == table.slots[0].start

    def test_is_closed_between_its_days(self):
        """
        From the last interval's end to the next day's first: 22 hours; intervals that meet leave nothing between.
        """
        table = timetable([factories.plan(DAY + timedelta(days=each), rows=("gg", "gg")) for each in (0, 1)], sold={}, rules=RULES)

        assert [(OPENS + 2 * HOUR, OPENS + 24 * HOUR)] == list(table.closed)

    @pytest.mark.rule("D21")
    def test_follows_what_officers_ordered(self):
        """
        A closed interval is a gap in which nobody is admitted; a delay lets its vehicles come later.
        """
        plan = replace(factories.plan(rows=("gg", "gg", "gg")), closed=(1,), shifts=(0, 0, 90))
        table = timetable([plan], sold={DAY: (1, 2, 3)}, rules=RULES)

        assert [1, 3] == [slot.sold for slot in table.slots]
        assert [(OPENS + HOUR, OPENS + 2 * HOUR)] == list(table.closed)
        assert [timedelta(), timedelta(minutes=90)] == [slot.shift for slot in table.slots]

    def test_knows_the_planned_rate_of_a_moment(self):
        """
        That of the interval it lies in, of the nearest outside, and never nothing.
        """
        table = timetable([factories.plan(rows=("gg", "gggg", ""))], sold={}, rules=RULES)

        assert [2.0, 2.0, 4.0] == [table.per_hour(OPENS + hours * HOUR) for hours in (-5, 0, 1.5)]
        assert table.per_hour(OPENS + 2.5 * HOUR) > 0
        assert Timetable((), ()).per_hour(OPENS) > 0
