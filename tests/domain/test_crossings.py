"""
How many really crossed, by local day (D1).
"""

from datetime import date, timedelta

import pytest

from chalicelib.domain.crossings import Crossings, average, count_by_day
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW


@pytest.mark.rule("D1")
class TestCrossings:
    def test_are_counted_by_the_local_day_on_which_they_happened(self):
        """
        A minute before local midnight is the day before; who has not crossed counts nowhere.
        """
        midnight = RULES.midnight(DAY)
        moments = [midnight, midnight + timedelta(hours=5), midnight - timedelta(minutes=1), None]

        found = count_by_day((samples.booking(crossed_at=each) for each in moments), RULES)

        assert {DAY: 2, DAY - timedelta(days=1): 1} == found

    @pytest.mark.parametrize(("crossed", "expected"), [((), None), ((287,), 287.0), ((1, 2, 2), 1.7), ((0, 0), 0.0), ((1, 0, 0), 0.3)])
    def test_are_averaged_over_the_days_counted(self, crossed, expected):
        """
        To one decimal; nothing counted yet is no average rather than zero.
        """
        assert expected == average([Crossings(HERE, date(2026, 12, 1 + number), each, NOW) for number, each in enumerate(crossed)])
