"""
What a checkpoint is advised to sell: as many places as its gate serves, by how many come and how late it runs (§6, §22, D1).
"""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.advice import LEAST_SERVED, MAKES_GOOD, RUNS_LATE, places_an_hour
from chalicelib.domain.experience import Experience
from tests.fakes.samples import ALMATY

MONDAY = datetime(2026, 12, 7, tzinfo=ALMATY)


def seen(*, vehicles, minutes, came=700, booked=1000):
    """
    A gate that took so many vehicles, each so many minutes, on as many hours as that needs; so many of those booked came.
    """
    experience = Experience().counted(came=came, booked=booked)
    for number in range(vehicles):
        experience = experience.served(timedelta(minutes=minutes), at=MONDAY + number * timedelta(minutes=minutes), zone=ALMATY)
    return experience


@pytest.mark.rule("6", "22", "D1")
class TestPlacesAnHour:
    def test_are_none_where_too_little_was_seen(self):
        """
        A pace of an hour or two is chance.
        """
        assert places_an_hour(Experience(), behind=timedelta()) is None
        assert places_an_hour(seen(vehicles=LEAST_SERVED - 1, minutes=6), behind=timedelta()) is None

    def test_are_what_the_gate_takes_over_the_share_that_comes(self):
        """
        Ten vehicles an hour of whom seven of ten come need fourteen places, nearly: what is measured on few is trusted less.
        """
        few, many = (places_an_hour(seen(vehicles=vehicles, minutes=6), behind=RUNS_LATE) for vehicles in (100, 1600))

        assert 10 / 0.72 * 0.96 < few < many < 10 / 0.7
        assert pytest.approx(10 / 0.7, rel=0.02) == many

    def test_are_fewer_while_the_gate_runs_late_and_more_while_it_stands(self):
        """
        Four hours late: what it is behind with is made good over the next days; on time: a little more than its pace, so that it never stands for want.
        """
        experience = seen(vehicles=400, minutes=6)
        on_time, usual, late = (places_an_hour(experience, behind=behind) for behind in (timedelta(), RUNS_LATE, timedelta(hours=4)))

        assert late < usual < on_time
        assert pytest.approx(10 * (timedelta(hours=4) - RUNS_LATE) / MAKES_GOOD, rel=0.1) == (usual - late) * experience.show_share

    def test_never_shut_a_gate_that_is_days_behind(self):
        """
        After a closure of a week it sells four fifths of its pace: the rest is for orders, not for advice.
        """
        experience = seen(vehicles=400, minutes=6)

        assert places_an_hour(experience, behind=timedelta(days=7)) == pytest.approx(8 / experience.show_share, rel=0.01)
