"""
Days on which clocks change: the one of 1 March 2024, and such as may come, by tz data alone (§22, §34, D16, D32).
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.domain.line import planned_per_hour
from chalicelib.domain.measures import ordered
from chalicelib.domain.no_shows import closed_until
from chalicelib.domain.plans import draw_plan
from chalicelib.domain.timetable import timetable
from tests.fakes.rules import RULES
from tests.fakes.zones import BACK_TO_SIX, BY_NIGHT, ON_TO_FOUR

CHANGES = {
    "2024: +06 to +05": (RULES.zone, date(2024, 2, 29), 25),
    "2024: the day after": (RULES.zone, date(2024, 3, 1), 24),
    "2028: +05 to +06": (BACK_TO_SIX, date(2028, 3, 1), 23),
    "2028: the leap day before": (BACK_TO_SIX, date(2028, 2, 29), 24),
    "2028: +05 to +04": (ON_TO_FOUR, date(2028, 2, 29), 25),
    "2028: by night": (BY_NIGHT, date(2028, 3, 1), 23),
}
HOUR = timedelta(hours=1)


@pytest.fixture(params=CHANGES)
def case(request):
    """
    Rules of a zone, a plan of two places an hour as the night draws it, and the day's hours.
    """
    zone, day, hours = CHANGES[request.param]
    rules = replace(RULES, zone=zone)
    drawn = draw_plan(checkpoint="nur-zholy", day=day, capacity=48, interval_minutes=60, opens=0, closes=1440, ceilings={})
    return rules, ordered(drawn, (), rules), hours


def open_slots(plan, rules):
    """
    List interval, start and end of what is open, in UTC.
    """
    slots = ((interval, *plan.slot(interval, rules)) for interval in range(len(plan.layout)) if interval not in plan.closed)
    return [(interval, start.astimezone(UTC), end.astimezone(UTC)) for interval, start, end in slots]


@pytest.mark.rule("22", "D3", "D32")
class TestDay:
    def test_is_covered_by_its_intervals_once(self, case):
        """
        From the midnight it begins at to the next, however many hours that is: no gap, none twice, none without a moment in it.
        """
        rules, plan, hours = case
        slots = open_slots(plan, rules)
        begins, ends = (rules.midnight(plan.day + timedelta(days=each)).astimezone(UTC) for each in (0, 1))

        assert hours * HOUR == ends - begins
        assert (begins, ends) == (slots[0][1], slots[-1][2])
        assert all(before[2] == after[1] for before, after in pairwise(slots))
        assert all(start < end for _, start, end in slots)

    def test_finds_each_interval_by_its_start_however_it_is_spelled(self, case):
        """
        In UTC, in the zone, at a fixed offset; half an hour later begins none.
        """
        rules, plan, _ = case
        for interval, start, _ in open_slots(plan, rules):
            for spelled in (start, start.astimezone(rules.zone), rules.at(plan.day, interval * 60)):
                assert interval == plan.interval_at(spelled, rules)
            assert plan.interval_at(start + HOUR / 2, rules) is None

    def test_counts_real_time_from_its_slots(self, case):
        """
        Ninety minutes before a slot are ninety minutes, whatever clocks show meanwhile.
        """
        rules, plan, _ = case
        for interval, start, end in open_slots(plan, rules):
            told, until = plan.slot(interval, rules)
            assert start - 1.5 * HOUR == (told - 1.5 * HOUR).astimezone(UTC)
            assert end + HOUR == (until + HOUR).astimezone(UTC)

    def test_has_an_even_pace_at_every_moment(self, case):
        """
        What is planned an hour is known throughout the day, also in the hour that was left out and in the one that comes twice.
        """
        rules, plan, hours = case
        begins = rules.midnight(plan.day)

        assert {2.0} == {planned_per_hour(plan, now=begins + each * HOUR, rules=rules) for each in range(hours)}
        assert set(timetable([plan], sold={}, rules=rules).rates) <= {1.0, 2.0}

    def test_keeps_nobody_out_by_an_hour_that_is_none(self, case):
        """
        The hour that clocks leap over is closed, and no truck waits for it to open.
        """
        rules, plan, hours = case
        left_out = {"Test/Six": (0,), "Test/Night": (2,)}.get(rules.zone.key, ()) if hours < 24 else ()

        assert left_out == plan.closed
        assert not plan.is_closed_at(plan.slot(3, rules)[0], rules)
        ends = plan.slot(23, rules)[1]
        assert closed_until([plan], since=rules.midnight(plan.day) - HOUR, now=ends, rules=rules) is None


@pytest.mark.rule("D32")
class TestInstant:
    def test_carries_its_offset_and_no_zone(self):
        """
        What is counted on from it is real time: 00:30 on 1 March 2024 is three hours after 22:30 the day before.
        """
        before, after = RULES.at(date(2024, 2, 29), 22 * 60 + 30), RULES.at(date(2024, 3, 1), 30)

        assert 3 * HOUR == after - before
        assert ("+06:00", "+05:00") == tuple(moment.isoformat()[-6:] for moment in (before, after))
        assert datetime(2024, 2, 29, 19, 30, tzinfo=UTC) == after
