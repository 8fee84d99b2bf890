"""
What a checkpoint's past tells: shares, paces by the hour of the week, and bands that are right four times of five (§31, §34).
"""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.experience import HORIZONS, KEPT, LEADS, Experience, come_between, horizon_of, quantile, week_hour
from tests.factories import minutes

ZONE = ZoneInfo("Asia/Almaty")
HOUR = timedelta(hours=1)
MONDAY_NOON = datetime(2026, 12, 7, 12, 30, tzinfo=ZONE)


def drawn(seed, *, spread, count=400):
    """
    Judge the 3-hour band by so many errors of another spread than the model's own: the experience, and how often each was inside.
    """
    chance, experience, inside = random.Random(seed), Experience(), []
    for _ in range(count):
        error, band = chance.gauss(0.5, spread), experience.band(3)
        inside.append(band.low <= error <= band.high)
        experience = experience.judged(horizon=3, error=error, inside=inside[-1])
    return experience, inside


@pytest.mark.rule("34", "D16")
class TestShows:
    def test_nine_of_ten_come_until_vehicles_were_counted(self):
        """
        The belief before anything was seen.
        """
        assert 0.9 == Experience().show_share

    def test_follows_what_was_counted_and_forgets_slowly(self):
        """
        After weeks of three in four it says so, and what it remembers does not grow without end.
        """
        experience = Experience()
        for _ in range(400):
            experience = experience.counted(came=9, booked=12)

        assert 0.75 == pytest.approx(experience.show_share, abs=0.01)
        assert experience.shows[1] <= 1500

    def test_knows_when_they_come(self):
        """
        Half an hour before the booked time, half of those who come are there when half came earlier.
        """
        experience = Experience()
        for lead in (-90, -80, 10, 20):
            experience = experience.arrived(minutes(lead))

        assert 0.5 == experience.come_by(-minutes(30))
        assert (0.0, 1.0) == (experience.come_by(-13 * HOUR), experience.come_by(8 * HOUR))
        assert 0.25 == experience.come_by(-minutes(90))

    def test_whoever_comes_out_of_all_reason_is_counted_at_the_end(self):
        """
        A day early is the first hour, a day late the last.
        """
        experience = Experience().arrived(-24 * HOUR).arrived(24 * HOUR)

        assert (1.0, 1.0, 2.0) == (experience.leads[0], experience.leads[-1], sum(experience.leads))
        assert len(LEADS) == len(experience.leads)

    def test_who_was_not_seen_long_after_does_not_come(self):
        """
        Before anybody can have come the share is that of all; hours later nobody is waited for.
        """
        experience = Experience(shows=(30.0, 40.0)).arrived(-minutes(30)).arrived(minutes(30))

        assert 0.75 == pytest.approx(experience.still_come(-12 * HOUR))
        assert 0.0 == pytest.approx(experience.still_come(7 * HOUR))
        assert 0.6 == pytest.approx(experience.still_come(timedelta()))

    def test_says_how_many_of_the_rest_come_between_two_moments(self):
        """
        Three of four come, half of them in the hour before their time: of those not there at its half, 0.1875 of 0.8125 come until then.
        """
        experience = Experience(shows=(30.0, 40.0)).arrived(-minutes(30)).arrived(minutes(30))
        half = come_between(experience.seen, since=-minutes(30), until=timedelta())

        assert 0.1875 / 0.8125 == pytest.approx(half, abs=1e-3)
        assert 0.0 == come_between(experience.seen, since=timedelta(), until=-minutes(30))
        assert 0.75 == pytest.approx(come_between(experience.seen, since=-20 * HOUR, until=20 * HOUR))

    def test_without_any_coming_seen_the_booked_time_divides(self):
        """
        Nobody is there before, everybody after.
        """
        assert (0.0, 1.0) == (Experience().come_by(-minutes(1)), Experience().come_by(timedelta()))

    @given(st.lists(st.integers(-2000, 2000), max_size=60), st.integers(-2000, 2000), st.integers(-2000, 2000))
    def test_never_fewer_have_come_later(self, leads, one, other):
        """
        Whatever was seen: a share, and never a falling one.
        """
        experience = Experience()
        for lead in leads:
            experience = experience.arrived(minutes(lead))
        earlier, later = (experience.come_by(minutes(each)) for each in sorted((one, other)))

        assert 0 <= earlier <= later <= 1
        assert 0 <= experience.still_come(minutes(one)) <= 1


@pytest.mark.rule("34", "D16")
class TestPerHour:
    def test_is_the_plans_until_something_was_seen(self):
        """
        No gap seen, no opinion.
        """
        assert 12.5 == Experience().per_hour(MONDAY_NOON, zone=ZONE, planned=12.5)

    def test_tells_a_slow_hour_of_the_week_from_the_others(self):
        """
        Mondays at noon are half as fast as the rest: known for that hour, and nearly nothing of it for another.
        """
        experience = Experience()
        for week in range(8):
            monday = MONDAY_NOON + timedelta(weeks=week)
            for _ in range(6):
                experience = experience.served(minutes(10), at=monday, zone=ZONE)
            for hour in range(1, 6):
                for _ in range(12):
                    experience = experience.served(minutes(5), at=monday + hour * HOUR, zone=ZONE)
        noon, evening = (experience.per_hour(MONDAY_NOON + hours * HOUR, zone=ZONE, planned=12) for hours in (0, 4))

        assert noon < 9
        assert evening > 11
        assert 11 < experience.per_hour(MONDAY_NOON + 3 * timedelta(days=1), zone=ZONE, planned=12) < 12

    def test_forgets_what_an_hour_was_years_ago(self):
        """
        An hour remembers no more than twelve busy hours: a change is believed within weeks.
        """
        experience = Experience()
        for gap in (*[5] * 300, *[10] * 150):
            experience = experience.served(minutes(gap), at=MONDAY_NOON, zone=ZONE)

        assert experience.rates["0-12"][1] <= 12
        assert 6 < experience.per_hour(MONDAY_NOON, zone=ZONE, planned=12) < 9

    def test_names_hours_by_local_time(self):
        """
        The checkpoint's weekday and hour, whatever the offset of the instant.
        """
        assert "0-12" == week_hour(MONDAY_NOON, ZONE) == week_hour(MONDAY_NOON.astimezone(ZoneInfo("UTC")), ZONE)


@pytest.mark.rule("34")
class TestBand:
    def test_is_the_models_own_until_errors_were_seen(self):
        """
        Four fifths of a normal error lie within 1.28 deviations.
        """
        band = Experience().band(3)

        assert (-1.28, 0.0, 1.28) == pytest.approx((band.low, band.middle, band.high), abs=0.02)

    @pytest.mark.parametrize("spread", [0.4, 1.0, 3.0])
    def test_is_right_four_times_of_five_whatever_the_model_believes(self, spread):
        """
        Errors of other sizes than the model's, and beside its middle: the band follows both.
        """
        experience, inside = drawn(1, spread=spread)

        assert 0.75 <= sum(inside) / len(inside) <= 0.85
        assert 0.5 == pytest.approx(experience.band(3).middle, abs=0.35 * spread)

    def test_remembers_a_week_and_no_more(self):
        """
        The latest errors of each horizon; other horizons learn nothing from them.
        """
        experience, _ = drawn(2, spread=1.0)

        assert {"3": KEPT} == {name: len(errors) for name, errors in experience.errors.items()}
        assert Experience().band(6) == experience.band(6)

    def test_widens_after_it_was_wrong_and_narrows_after_it_was_right(self):
        """
        One miss moves the level by four fifths of a step, one hit by a fifth, within bounds.
        """
        wrong, right = (Experience().judged(horizon=1, error=0.0, inside=inside) for inside in (False, True))
        ever = Experience()
        for _ in range(100):
            ever = ever.judged(horizon=1, error=9.0, inside=False)

        assert (0.184, 0.204) == (wrong.levels["1"], right.levels["1"])
        assert 0.02 == ever.levels["1"]

    def test_a_forecast_is_judged_by_the_nearest_horizon(self):
        """
        Halfway between two the nearer one still counts.
        """
        assert [1, 1, 2, 2, 3, 6, 24] == [horizon_of(minutes(each)) for each in (0, 90, 91, 150, 270, 271, 6000)]
        assert 3 in HORIZONS

    @given(st.lists(st.floats(-100, 100), min_size=1), st.floats(0, 1))
    def test_a_quantile_lies_among_the_values(self, values, share):
        """
        Never outside them.
        """
        assert min(values) <= quantile(sorted(values), share) <= max(values)

    def test_a_quantile_between_two_values_is_in_proportion(self):
        """
        Nine values: the half is the fifth, and between neighbors it moves evenly.
        """
        assert (5, 2.5, 1) == (quantile(range(1, 10), 0.5), quantile(range(1, 10), 0.25), quantile(range(1, 10), 0.01))
