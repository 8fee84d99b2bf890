"""
When each interval's vehicles will enter: the queue worked off at the real pace, with a band (§31, §34, D16).
"""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.experience import Experience
from chalicelib.domain.flow import Interval, Work, blended, look_ahead, still_to_enter
from chalicelib.domain.pace import Pace
from tests.factories import SLOT, minutes

ZONE = ZoneInfo("Asia/Almaty")
HOUR = timedelta(hours=1)
START = SLOT.astimezone(UTC)
ALL_COME = Experience(shows=(1000.0, 1000.0))
THREE_OF_FOUR = Experience(shows=(750.0, 1000.0))


def interval(place=0, *, sold=12, **fields):
    """
    The hour that begins so many hours after the first.
    """
    return Interval(START + place * HOUR, START + (place + 1) * HOUR, sold, **fields)


def work(place=0, vehicles=12.0, variance=0.0, **fields):
    """
    So many vehicles of an hour still to enter.
    """
    return Work(interval(place, **fields), vehicles, variance)


def outlooks(*works, since=START, per_hour=12.0, experience=None, opens_before=timedelta(), closed=()):
    """
    Look ahead at a steady pace.
    """
    return look_ahead(
        works,
        since=since,
        rate=lambda _: per_hour,
        experience=experience or Experience(),
        now=since,
        opens_before=opens_before,
        closed=closed,
    )


def left(interval_, *, now=START, experience=THREE_OF_FOUR, watched=True, passed=False):
    """
    Reckon who is still to enter.
    """
    return still_to_enter(interval_, now=now, experience=experience, watched=watched, passed=passed)


@pytest.mark.rule("31", "D16")
class TestStillToEnter:
    def test_of_an_hour_far_ahead_the_usual_share_comes(self):
        """
        Twelve sold, three of four come, give or take a vehicle and a half.
        """
        found = left(interval(), now=START - 24 * HOUR)

        assert (9.0, 2.25) == pytest.approx((found.vehicles, found.variance))

    def test_those_in_the_waiting_area_come_for_sure(self):
        """
        Ten seen and four gone in: six, and nothing more once the hour is long over.
        """
        found = left(interval(sold=12, arrived=10, entered=4), now=START + 8 * HOUR)

        assert (6.0, 0.0) == pytest.approx((found.vehicles, found.variance))

    def test_whoever_enters_unseen_was_there(self):
        """
        An officer let three in whom the waiting area's camera missed.
        """
        assert 0.0 == left(interval(sold=3, arrived=0, entered=3), now=START + 8 * HOUR).vehicles

    @pytest.mark.rule("D21")
    def test_a_delay_lets_them_come_later(self):
        """
        Two hours after the booked time those not seen are not given up where they were told to come two hours later.
        """
        experience = THREE_OF_FOUR.arrived(-minutes(30)).arrived(minutes(30))
        on_time, delayed = (left(interval(shift=shift), now=START + 2 * HOUR, experience=experience) for shift in (0 * HOUR, 2 * HOUR))

        assert on_time.vehicles < 1
        assert delayed.vehicles > 6

    def test_without_a_waiting_area_the_rest_of_the_usual_share_comes(self):
        """
        Nine of twelve usually; five are in: four.
        """
        assert 4.0 == pytest.approx(left(interval(entered=5), watched=False, now=START + HOUR).vehicles)
        assert 0.0 == pytest.approx(left(interval(entered=11), watched=False, now=START + HOUR).vehicles)
        assert 0.0 == left(interval(sold=0), watched=False, now=START + HOUR).vehicles

    def test_whom_the_gate_has_passed_is_not_waiting(self):
        """
        Later intervals are entering: who has not come stands in no queue, where nobody sees it.
        """
        assert 0.0 == left(interval(entered=5), watched=False, passed=True, now=START + HOUR).vehicles
        assert 9.0 == pytest.approx(left(interval(), watched=False, passed=True, now=START - HOUR).vehicles)

    @given(st.integers(0, 30), st.integers(0, 40), st.integers(0, 40), st.integers(-1500, 1500), st.booleans(), st.booleans())
    def test_is_never_fewer_than_none_or_more_than_sold(self, sold, arrived, entered, moment, watched, passed):
        """
        Whatever was counted, however wrongly.
        """
        seen = interval(sold=sold, arrived=arrived, entered=entered)
        found = left(seen, now=START + minutes(moment), watched=watched, passed=passed)

        assert -1e-9 <= found.vehicles <= max(sold, arrived, entered)
        assert found.variance >= 0


@pytest.mark.rule("31", "34", "D16")
class TestLookAhead:
    def test_an_hour_that_fits_is_served_within_it(self):
        """
        Twelve vehicles at twelve an hour: the middle one enters at the half, on time.
        """
        (found,) = outlooks(work())

        assert (START + minutes(30), timedelta()) == (found.expected_at, found.late)

    def test_a_backlog_moves_everybody_after_it(self):
        """
        A gate of six an hour is an hour later with every hour of twelve; the order of the intervals is kept.
        """
        found = outlooks(*(work(place) for place in range(4)), per_hour=6.0)

        assert [60, 180, 300, 420] == [round((each.base - START) / minutes(1)) for each in found]
        assert [30, 90, 150, 210] == [round(each.late / minutes(1)) for each in found]

    def test_a_free_hour_takes_the_backlog_up(self):
        """
        An hour nobody booked lets the gate catch up.
        """
        found = outlooks(work(0, 18.0), work(1, 0.0, sold=0), work(2, 12.0))

        assert abs(found[2].base - (START + 2 * HOUR + minutes(30))) < minutes(6)

    def test_nobody_enters_before_it_is_legal(self):
        """
        From half an hour before the interval, and never before now.
        """
        (early,) = outlooks(work(0, 2.0), since=START - 5 * HOUR, opens_before=minutes(30))

        assert START - minutes(25) == early.base
        assert early.earliest >= START - 5 * HOUR

    def test_a_closed_night_is_waited_out(self):
        """
        The gate stops in the middle of the work and goes on in the morning.
        """
        (found,) = outlooks(work(0, 24.0), closed=[(START + minutes(30), START + 10 * HOUR)])

        assert START + 10 * HOUR + minutes(30) == found.base

    def test_work_within_a_closed_period_begins_after_it(self):
        """
        A storm over the whole interval: it begins when the storm is over; one that ended before changes nothing.
        """
        storm, past = (START - HOUR, START + 3 * HOUR), (START - 5 * HOUR, START - 4 * HOUR)

        assert START + 3 * HOUR + minutes(30) == outlooks(work(), closed=[storm])[0].base
        assert START + minutes(30) == outlooks(work(), closed=[past])[0].base

    def test_the_middle_is_that_of_all_its_vehicles(self):
        """
        Eight of twelve are in: the middle one has entered; two of twelve: four more, then it.
        """
        (mostly,) = outlooks(work(0, 4.0, entered=8))
        (hardly,) = outlooks(work(0, 10.0, entered=2))

        assert (START, START + minutes(20)) == (mostly.base, hardly.base)

    def test_is_surer_of_what_is_near(self):
        """
        The band grows with the vehicles ahead, and the middle lies within it.
        """
        found = outlooks(*(work(place, 12.0, 2.0) for place in range(8)))
        widths = [each.latest - each.earliest for each in found]

        assert widths == sorted(widths)
        assert all(each.earliest <= each.expected_at <= each.latest for each in found)

    def test_is_corrected_by_its_own_errors(self):
        """
        A gate that was always two deviations later than reckoned three hours ahead is believed to be so again.
        """
        experience = Experience()
        for _ in range(160):
            experience = experience.judged(horizon=3, error=2.0, inside=True)
        plain, taught = (outlooks(work(3), experience=each)[0] for each in (Experience(), experience))

        assert plain.base == taught.base
        assert taught.base + 2 * taught.sigma == taught.expected_at

    def test_nothing_is_promised_for_the_past(self):
        """
        The gateway's word is hours old: what it would have done by now is expected now.
        """
        (found,) = look_ahead(
            [work()], since=START, rate=lambda _: 12.0, experience=Experience(), now=START + 4 * HOUR, opens_before=timedelta()
        )

        assert START + 4 * HOUR == found.earliest == found.expected_at == found.latest

    @given(st.lists(st.floats(0, 40), min_size=1, max_size=30), st.floats(0.1, 60))
    def test_keeps_the_order_of_the_queue(self, vehicles, per_hour):
        """
        A later interval is never reckoned to enter before an earlier one.
        """
        bases = [each.base for each in outlooks(*(work(place, count, 1.0) for place, count in enumerate(vehicles)), per_hour=per_hour)]

        assert bases == sorted(bases)


@pytest.mark.rule("D16")
class TestBlended:
    def test_now_is_as_measured_and_tomorrow_as_usual(self):
        """
        A slow hour is over tomorrow.
        """
        pace = Pace(4.0, timedelta(), START)
        rate = blended(pace=pace, experience=ALL_COME, planned=lambda _: 12.0, zone=ZONE)

        assert (4.0, 12.0) == pytest.approx((rate(START), rate(START + 48 * HOUR)), abs=0.01)
        assert 4.0 < rate(START + HOUR) < rate(START + 3 * HOUR) < 12.0
        assert 4.0 == rate(START - HOUR)

    def test_is_never_nothing(self):
        """
        A pace of nothing would never end.
        """
        assert blended(pace=Pace(0.0, timedelta(), START), experience=ALL_COME, planned=lambda _: 0.0, zone=ZONE)(START) > 0
