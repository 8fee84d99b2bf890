"""
Days are local days of Almaty, also where its clocks changed; what time is, and when things begin (§22, §34, D1, D16, D32).
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.fakes.rules import RULES


@pytest.mark.rule("D32")
class TestLocalTime:
    @pytest.mark.parametrize(
        ("instant", "day"),
        [
            (datetime(2026, 12, 2, 18, 59, 59, tzinfo=UTC), date(2026, 12, 2)),
            (datetime(2026, 12, 2, 19, 0, tzinfo=UTC), date(2026, 12, 3)),
            (datetime(2024, 2, 28, 17, 59, tzinfo=UTC), date(2024, 2, 28)),
            (datetime(2024, 2, 28, 18, 0, tzinfo=UTC), date(2024, 2, 29)),
            (datetime(2024, 2, 29, 18, 30, tzinfo=UTC), date(2024, 2, 29)),
            (datetime(2024, 2, 29, 19, 0, tzinfo=UTC), date(2024, 3, 1)),
        ],
    )
    def test_names_the_day_before_and_after_the_change_of_1_march_2024(self, instant, day):
        """
        UTC+6 until 1 March 2024, UTC+5 since: 29 February had 25 hours.
        """
        assert day == RULES.today(instant)

    @pytest.mark.parametrize(
        ("day", "hours"), [(date(2024, 2, 28), 24), (date(2024, 2, 29), 25), (date(2024, 3, 1), 24), (date(2026, 7, 1), 24)]
    )
    def test_knows_how_long_a_day_is(self, day, hours):
        """
        From midnight to midnight in real hours.
        """
        begins, ends = (RULES.midnight(day + timedelta(days=offset)).astimezone(UTC) for offset in (0, 1))

        assert timedelta(hours=hours) == ends - begins

    def test_gives_a_slot_its_offset(self):
        """
        14:00 is +06:00 before the change and +05:00 after it.
        """
        assert "2024-02-29T14:00:00+06:00" == RULES.at(date(2024, 2, 29), 14 * 60).isoformat()
        assert "2024-03-01T14:00:00+05:00" == RULES.at(date(2024, 3, 1), 14 * 60).isoformat()


class TestHorizon:
    @pytest.mark.rule("22", "D1")
    def test_is_ninety_days_with_today(self):
        """
        The last day on sale is today + 89, and moves at local midnight.
        """
        assert date(2027, 2, 28) == RULES.last_day(datetime(2026, 12, 1, 18, 59, tzinfo=UTC))
        assert date(2027, 3, 1) == RULES.last_day(datetime(2026, 12, 1, 19, 0, tzinfo=UTC))

    @pytest.mark.rule("34", "D16")
    @pytest.mark.parametrize(("day", "minutes"), [((2026, 10, 31), 90), ((2026, 11, 1), 150), ((2027, 3, 31), 150), ((2027, 4, 1), 90)])
    def test_calls_earlier_in_winter(self, day, minutes):
        """
        1 November to 31 March is winter.
        """
        assert timedelta(minutes=minutes) == RULES.call_lead(date(*day))
