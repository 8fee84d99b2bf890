"""
A day's plan fixes its places: the capacity spread over the intervals, the classes over the day, ceilings rounded down (§6, §6-1, §22, D2, D3).
"""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.plans import CLASSES, LETTERS, DayPlan, PlaceClass, Position, draw_plan
from tests import factories
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE

CEILINGS = {
    PlaceClass.PRIORITY_POST: 1,
    PlaceClass.PRIORITY_GOODS: 5,
    PlaceClass.PRIORITY_STATE: 5,
    PlaceClass.EXPEDITED: 1,
}


def drawn(capacity, *, interval_minutes=60, opens=0, closes=1440, ceilings=CEILINGS):
    """
    Draw a plan of the day.
    """
    return draw_plan(
        checkpoint=HERE, day=DAY, capacity=capacity, interval_minutes=interval_minutes, opens=opens, closes=closes, ceilings=ceilings
    )


def classes(plan):
    """
    Count a plan's places by class.
    """
    counts = Counter("".join(plan.layout))
    return {CLASSES[letter]: count for letter, count in counts.items()}


@pytest.mark.rule("22", "D3")
class TestPlan:
    @settings(max_examples=60)
    @given(
        capacity=st.integers(0, 1200),
        interval_minutes=st.sampled_from([15, 30, 60, 120]),
        opens=st.integers(0, 600),
        length=st.integers(0, 840),
        percents=st.lists(st.integers(0, 12), min_size=4, max_size=4),
    )
    def test_has_as_many_places_as_the_capacity(self, capacity, interval_minutes, opens, length, percents):
        """
        Whatever hours, intervals and ceilings: all places and no more, intervals differ by one at most, each class has its rounded share.
        """
        ceilings = dict(zip(CEILINGS, percents, strict=True))
        plan = drawn(capacity, interval_minutes=interval_minutes, opens=opens, closes=opens + length, ceilings=ceilings)

        assert capacity == plan.capacity == sum(classes(plan).values())
        sizes = [len(row) for row in plan.layout]
        assert max(sizes) - min(sizes) <= 1
        for class_, percent in ceilings.items():
            assert capacity * percent // 100 == classes(plan).get(class_, 0)

    @pytest.mark.rule("6", "6-1", "D2")
    @pytest.mark.parametrize(("capacity", "shares"), [(350, (3, 17, 17, 3)), (300, (3, 15, 15, 3)), (99, (0, 4, 4, 0)), (19, (0, 0, 0, 0))])
    def test_rounds_ceilings_down(self, capacity, shares):
        """
        1 % of 350 is 3, of 99 nothing.
        """
        assert shares == tuple(classes(drawn(capacity)).get(class_, 0) for class_ in CEILINGS)

    def test_spreads_each_class_over_the_day(self):
        """
        Fifteen places of a class in 24 hours: never two in one hour beside an empty neighborhood; three of another far apart.
        """
        plan = drawn(300)
        hours = {letter: [hour for hour, row in enumerate(plan.layout) if letter in row] for letter in "posge"}

        assert 3 == len(hours["p"])
        assert all(later - earlier >= 4 for earlier, later in zip(hours["p"], hours["p"][1:], strict=False))
        assert 15 == len(hours["o"]) == len(hours["s"])
        assert all(len(row) - row.count("g") <= 3 for row in plan.layout)

    def test_gives_classes_the_last_positions(self):
        """
        General places come first in every interval.
        """
        for row in drawn(300).layout:
            assert row == row.replace("g", "").rjust(len(row), "g")

    def test_finds_an_interval_by_its_start_only(self):
        """
        A moment inside an interval, before opening or after closing starts none.
        """
        plan = drawn(60, interval_minutes=30, opens=480, closes=600)
        start, end = plan.slot(1, RULES)

        assert (1, 30) == (plan.interval_at(start, RULES), (end - start) // timedelta(minutes=1))
        wrong = (start + timedelta(minutes=1), start - timedelta(hours=1), RULES.at(DAY, 600), RULES.at(DAY, 0), start + timedelta(days=1))
        assert [None] * 5 == [plan.interval_at(moment, RULES) for moment in wrong]

    def test_spells_positions_so_that_text_order_is_queue_order(self):
        """
        Keys sort as positions do, and are read back.
        """
        positions = [Position(interval, index) for interval in (0, 9, 10, 23) for index in (1, 9, 10, 99, 100)]

        assert positions == [Position.parse(key) for key in sorted(position.key for position in positions)]
        assert positions == sorted(positions)

    def test_names_classes_by_one_letter_each(self):
        """
        Letters lead back to their class.
        """
        assert set(PlaceClass) == {CLASSES[LETTERS[class_]] for class_ in PlaceClass}
        assert DayPlan(HERE, DAY, 60, 0, ("gpe",)).class_at(Position(0, 2)) is PlaceClass.PRIORITY_POST
        assert 48 == factories.plan().capacity
