"""
The five classes: what time releases, what each costs, how many places a day has of each (§6, §6-1, §25, D2, D4, D5, D32).
"""

from datetime import date, timedelta

import pytest

from chalicelib.domain import places
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PRIORITY, PlaceClass, draw_plan
from chalicelib.jurisdictions import jurisdiction
from tests.fakes.rules import RULES

DAYS = (date(2026, 12, 3), date(2028, 2, 29), date(2027, 1, 1), date(2024, 3, 1), date(2024, 2, 29))
"""An ordinary day, leap days, New Year, and the days of the change from +06 to +05."""
SECOND = timedelta(seconds=1)
LAW = jurisdiction()


@pytest.mark.rule("6", "D4", "D32")
class TestRelease:
    @pytest.mark.parametrize("day", DAYS, ids=str)
    @pytest.mark.parametrize("class_", list(PlaceClass))
    def test_comes_at_local_midnight_to_priority_classes_alone(self, class_, day):
        """
        One second before 00:00 local time a place is of its class, at 00:00 and one second after a priority one is general.
        """
        midnight = RULES.midnight(day)
        found = [places.class_on(class_, day=day, now=now, rules=RULES) for now in (midnight - SECOND, midnight, midnight + SECOND)]
        later = PlaceClass.GENERAL if class_ in PRIORITY else class_

        assert [class_, later, later] == found

    @pytest.mark.rule("6-1")
    def test_never_comes_to_expedited_places(self):
        """
        Not at midnight, not in the day's last second.
        """
        day = DAYS[0]
        last = RULES.midnight(day + timedelta(days=1)) - SECOND

        assert PlaceClass.EXPEDITED is places.class_on(PlaceClass.EXPEDITED, day=day, now=last, rules=RULES)

    def test_is_of_the_local_day_whatever_the_offset(self):
        """
        29 February 2024 began at 18:00 UTC of the day before (+06) and had 25 hours: 1 March began at 19:00 UTC (+05), as every day since.
        """
        hours = [RULES.midnight(day).utctimetuple().tm_hour for day in (date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 2))]

        assert [18, 19, 19] == hours


@pytest.mark.rule("25", "D5", "D27")
class TestFees:
    @pytest.mark.parametrize("day", [date(2025, 10, 1), date(2026, 12, 3)], ids=str)
    @pytest.mark.parametrize("class_", list(PlaceClass))
    def test_of_class_and_secondary_never_add(self, class_, day):
        """
        A secondary place costs the higher of its class's and the secondary fee; a primary one its class's alone.
        """
        tariff = LAW.tariff_on(day)
        own, secondary = (tariff.mci * multiple for multiple in (tariff.multiples[class_], tariff.secondary_multiple))

        assert (own, max(own, secondary)) == (tariff.fee(class_, Pool.PRIMARY), tariff.fee(class_, Pool.SECONDARY))
        assert tariff.fee(class_, Pool.SECONDARY) < own + secondary

    def test_of_a_class_above_the_secondary_one_is_due_whole(self):
        """
        Were the secondary fee ten times lower or higher, the higher of the two would still be due.
        """
        tariff = LAW.tariff_on(DAYS[0])
        for multiple in (1, 10, 100, 1000):
            changed = type(tariff)(tariff.since, tariff.mci, tariff.multiples, multiple, tariff.deposit_multiple, tariff.source)
            fees = {class_: changed.fee(class_, Pool.SECONDARY) // tariff.mci for class_ in PlaceClass}
            assert fees == {class_: max(multiple, tariff.multiples[class_]) for class_ in PlaceClass}


class TestCeilings:
    @pytest.mark.parametrize(
        ("class_", "percent"),
        [
            pytest.param(PlaceClass.PRIORITY_POST, 1, marks=pytest.mark.rule("6.1", "D2")),
            pytest.param(PlaceClass.PRIORITY_GOODS, 5, marks=pytest.mark.rule("6.2", "D2")),
            pytest.param(PlaceClass.PRIORITY_STATE, 5, marks=pytest.mark.rule("6.3", "D2")),
            pytest.param(PlaceClass.EXPEDITED, 1, marks=pytest.mark.rule("6-1", "D2")),
        ],
    )
    @pytest.mark.parametrize("capacity", [0, 1, 19, 20, 99, 100, 199, 200, 350, 1200])
    def test_are_the_laws_share_rounded_down(self, class_, percent, capacity):
        """
        1 % of 350 is 3, 5 % of 19 is none: never more than the law's share, never a whole place less.
        """
        ceilings = {PlaceClass(id_): known.ceiling_percent(DAYS[0]) for id_, known in LAW.classes.items()}
        known = {each: share for each, share in ceilings.items() if share is not None}
        plan = draw_plan(checkpoint="x", day=DAYS[0], capacity=capacity, interval_minutes=60, opens=0, closes=1440, ceilings=known)
        count = sum(plan.class_at(position) is class_ for hour in range(24) for position in plan.positions(hour))

        assert (percent, capacity * percent // 100) == (known[class_], count)
