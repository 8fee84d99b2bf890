"""
Terms in working days: complaints are decided in five of them (§6-2), the day's money leaves on one (§24, D29).
"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import calendar
from chalicelib.jurisdictions import jurisdiction

KAZAKH = jurisdiction().calendar.working
DAYS = st.dates(date(2024, 12, 1), date(2030, 12, 31))


def due(day, count=5):
    """
    Give the last day of a term.
    """
    return calendar.add_working_days(day, count=count, calendar=KAZAKH)


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("day", "works"),
        [
            (date(2025, 1, 3), False),  # Friday moved off
            (date(2025, 1, 5), True),  # the Sunday worked instead
            (date(2025, 1, 6), True),
            (date(2026, 1, 7), False),  # Christmas
            (date(2026, 3, 24), False),  # Nauryz met a weekend twice
            (date(2026, 3, 25), False),
            (date(2026, 3, 26), True),
            (date(2026, 5, 27), False),  # Kurban Ait
            (date(2027, 5, 17), True),  # Kurban Ait of a Sunday is not carried
            (date(2028, 2, 29), True),  # the leap day is a Tuesday, in a year nobody has listed
            (date(2028, 1, 7), False),
            (date(2028, 5, 8), False),  # Defender Day of a Sunday is
            (date(2029, 1, 8), True),  # Christmas of a Sunday is not carried
            (date(2021, 12, 1), False),  # a holiday until 2021
            (date(2022, 12, 1), True),
        ],
    )
    def test_are_those_of_the_law_and_of_the_government(self, day, works):
        """
        Holidays, days carried from weekends, moved days, leap days; a year that is not listed goes by the law alone.
        """
        assert works == KAZAKH.is_working_day(day)

    @settings(max_examples=100)
    @given(DAYS)
    def test_lie_next_to_each_other(self, day):
        """
        The working day before the next one is the day itself where it is worked, or the one before it.
        """
        following = calendar.next_working_day(day, calendar=KAZAKH)
        back = calendar.previous_working_day(following, calendar=KAZAKH)

        assert back == (day if KAZAKH.is_working_day(day) else calendar.previous_working_day(day, calendar=KAZAKH))


@pytest.mark.rule("6-2")
class TestTerm:
    @pytest.mark.parametrize(
        ("registered", "last"),
        [
            (date(2026, 12, 3), date(2026, 12, 10)),  # a plain Thursday
            (date(2026, 12, 12), date(2026, 12, 21)),  # a Saturday, Independence Day on the way
            (date(2026, 12, 28), date(2027, 1, 6)),  # New Year's run: 1, 2, 4 January off
            (date(2026, 12, 31), date(2027, 1, 12)),  # and Christmas
            (date(2025, 1, 2), date(2025, 1, 10)),  # the worked Sunday counts
            (date(2026, 3, 20), date(2026, 4, 1)),  # Nauryz
            (date(2028, 2, 25), date(2028, 3, 3)),  # over the leap day
        ],
    )
    def test_of_five_working_days_starts_the_day_after(self, registered, last):
        """
        The day of registration does not count, nor do days off.
        """
        assert last == due(registered)

    @settings(max_examples=200)
    @given(DAYS, st.integers(1, 10))
    def test_holds_exactly_so_many_working_days(self, day, count):
        """
        Between registration and the last day lie `count` working days, the last one among them.
        """
        last = due(day, count)
        days = [day + timedelta(days=offset) for offset in range(1, (last - day).days + 1)]

        assert KAZAKH.is_working_day(last)
        assert count == sum(KAZAKH.is_working_day(each) for each in days)


@pytest.mark.rule("24", "D29")
class TestBudgetTerm:
    @pytest.mark.parametrize(
        ("earned", "last"),
        [
            (date(2026, 12, 1), date(2026, 12, 4)),  # Tuesday: Friday
            (date(2026, 12, 3), date(2026, 12, 4)),  # Thursday: only Friday, then a weekend
            (date(2026, 12, 4), date(2026, 12, 7)),  # Friday: Monday
            (date(2026, 3, 20), date(2026, 3, 20)),  # the three days after are Nauryz: the last working day before settles
            (date(2026, 3, 21), date(2026, 3, 20)),
        ],
    )
    def test_ends_on_the_last_working_day_of_three(self, earned, last):
        """
        Three calendar days after; where these hold no working day, the last one before them.
        """
        assert last == calendar.last_working_day_of_term(earned, days=3, calendar=KAZAKH)
