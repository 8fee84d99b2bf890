"""
How fast a checkpoint really admits: on vehicles that waited, with the plan as what is believed before (§31, §34, D16).
"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.pace import Pace, Turn, expected_at, measure, planned
from tests.factories import SLOT, minutes
from tests.fakes.samples import NOW

HOUR = timedelta(hours=1)


def turns(*moments, waited=HOUR):
    """
    Admissions so many minutes before now, each vehicle having waited.
    """
    return [Turn(NOW - minutes(ago) - waited, NOW - minutes(ago)) for ago in moments]


def pace(per_hour=12.0, behind=timedelta(), **fields):
    """
    A pace measured now.
    """
    return Pace(per_hour, behind, NOW, **fields)


@pytest.mark.rule("34", "D16")
class TestMeasure:
    def test_believes_the_plan_when_nothing_was_seen(self):
        """
        A checkpoint of which nothing is known runs by its plan, on time.
        """
        assert planned(per_hour=12.5, at=NOW) == measure(turns=[], waiting=[], per_hour=12.5, now=NOW)

    def test_follows_what_it_sees_while_vehicles_wait(self):
        """
        Two hours of a vehicle every ten minutes: six an hour, though the plan says twelve.
        """
        found = measure(turns=turns(*range(0, 120, 10)), waiting=[NOW - HOUR], per_hour=12, now=NOW)

        assert 6 <= found.per_hour < 7.5

    def test_a_quiet_hour_is_not_a_slow_one(self):
        """
        Vehicles that entered the moment they came say nothing of how many the gate could take.
        """
        found = measure(turns=turns(5, 25, 45, 65, waited=timedelta()), waiting=[], per_hour=12, now=NOW)

        assert (12.0, timedelta(), None) == (found.per_hour, found.behind, found.stopped_since)

    def test_a_stop_is_no_pace(self):
        """
        An hour and a half in which nobody entered though a queue stood there leaves the pace as it was before and after.
        """
        whole = measure(turns=turns(*range(0, 60, 5)), waiting=[], per_hour=12, now=NOW)
        broken = measure(turns=turns(*range(0, 30, 5), *range(115, 145, 5)), waiting=[], per_hour=12, now=NOW)

        assert whole.per_hour == pytest.approx(broken.per_hour)

    def test_tells_that_the_queue_does_not_move(self):
        """
        Somebody waits and nobody has entered for longer than any gap of this gate: stopped since the last one entered.
        """
        found = measure(turns=turns(50, 55, 60), waiting=[NOW - HOUR], per_hour=12, now=NOW)

        assert NOW - minutes(50) == found.stopped_since

    def test_a_stop_may_last_all_day(self):
        """
        A storm of ten hours: stopped since the last one entered, however long ago that was; where nobody ever did, since the first came.
        """
        waiting = [NOW - 11 * HOUR, NOW - HOUR]

        assert NOW - 10 * HOUR == measure(turns=turns(600, 610), waiting=waiting, per_hour=12, now=NOW).stopped_since
        assert NOW - 11 * HOUR == measure(turns=[], waiting=waiting, per_hour=12, now=NOW).stopped_since

    def test_is_stopped_no_longer_than_somebody_waits(self):
        """
        The first vehicle after a quiet night came ten minutes ago: the gate has not stopped.
        """
        assert measure(turns=turns(170), waiting=[NOW - minutes(10)], per_hour=12, now=NOW).stopped_since is None

    def test_a_gateway_cut_off_is_believed_up_to_its_last_word(self):
        """
        What it did since is not known: no stop, and the figure is as of then.
        """
        heard = NOW - timedelta(hours=4)
        earlier = [Turn(heard - HOUR, heard - minutes(ago)) for ago in range(0, 60, 6)]
        found = measure(turns=earlier, waiting=[heard - minutes(6)], per_hour=12, now=NOW, heard_upto=heard)

        assert (heard, None) == (found.measured_at, found.stopped_since)
        assert 10 <= found.per_hour < 12

    def test_one_sleeper_at_the_head_does_not_make_the_gate_late(self):
        """
        How late it runs is the middle of the first three of the queue.
        """
        found = measure(turns=[], waiting=[NOW - 5 * HOUR, NOW - minutes(20), NOW - minutes(15)], per_hour=12, now=NOW)

        assert minutes(20) == found.behind

    @given(st.lists(st.integers(0, 400)), st.lists(st.integers(0, 400)), st.floats(0, 1000))
    def test_is_always_a_pace(self, entered, waiting, per_hour):
        """
        Whatever was seen and whatever is planned: some vehicles an hour, and nobody is early.
        """
        found = measure(turns=turns(*entered), waiting=[NOW - minutes(each) for each in waiting], per_hour=per_hour, now=NOW)

        assert found.per_hour > 0
        assert found.behind >= timedelta()


@pytest.mark.rule("31", "34", "D16", "D17")
class TestExpectedAt:
    def test_is_the_booked_time_when_nobody_is_ahead(self):
        """
        A free gate keeps the timetable.
        """
        assert SLOT == expected_at(slot_start=SLOT, ahead=0, pace=pace(), now=SLOT - HOUR)

    def test_comes_after_those_ahead_at_the_real_pace(self):
        """
        Twenty-four vehicles at twelve an hour are two hours.
        """
        assert NOW + 2 * HOUR == expected_at(slot_start=NOW - HOUR, ahead=24, pace=pace(), now=NOW)

    def test_of_a_ready_vehicle_is_half_an_hour_before_at_the_earliest(self):
        """
        Called early when the gate has room, never before entry is legal.
        """
        early = {"slot_start": SLOT, "ahead": 0, "pace": pace(), "opens_before": minutes(30)}

        assert SLOT - minutes(30) == expected_at(**early, now=SLOT - 3 * HOUR)
        assert SLOT - minutes(10) == expected_at(**early, now=SLOT - minutes(10))

    def test_moves_on_while_the_gateway_is_cut_off(self):
        """
        An hour without word: twelve of the twenty-four have gone by, as far as anybody can tell.
        """
        silent = Pace(12.0, HOUR, NOW - HOUR)

        assert NOW + HOUR == expected_at(slot_start=NOW - HOUR, ahead=24, pace=silent, now=NOW)

    def test_stands_while_the_gate_is_stopped(self):
        """
        A queue that does not move begins to move now at the best.
        """
        stopped = Pace(12.0, HOUR, NOW - HOUR, stopped_since=NOW - 2 * HOUR)

        assert NOW + 2 * HOUR == expected_at(slot_start=NOW - HOUR, ahead=24, pace=stopped, now=NOW)

    @given(st.integers(0, 500), st.integers(0, 500), st.floats(0.2, 60))
    def test_never_comes_sooner_for_more_vehicles_ahead(self, fewer, more, per_hour):
        """
        The order of the queue is the order of what is promised.
        """
        fewer, more = sorted((fewer, more))
        promised = [expected_at(slot_start=NOW, ahead=count, pace=pace(per_hour), now=NOW) for count in (fewer, more)]

        assert promised == sorted(promised)
