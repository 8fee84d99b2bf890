"""
What is counted of a checkpoint's flow, report by report, and what is learned when an interval is through (§31, §34, D16, D18).
"""

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.counting import Count, FlowRecord, Promise, Sighting, heard, last_hour, pace_of, promised, works_of
from chalicelib.domain.experience import HORIZONS, SHOW_PRIOR, Experience
from chalicelib.domain.flow import Interval, look_ahead
from tests.factories import SLOT, minutes

ZONE = ZoneInfo("Asia/Almaty")
HOUR = timedelta(hours=1)
START = SLOT.astimezone(UTC)
SLOTS = tuple(Interval(START + place * HOUR, START + (place + 1) * HOUR, 12) for place in range(-4, 30))
EMPTY = FlowRecord("nur-zholy", 1, heard_upto=START - HOUR)


def entered(minute, *, place=0, arrived=-60):
    """
    A vehicle of the interval `place` entered so many minutes after the first one's start, having come an hour before it.
    """
    slot = START + place * HOUR
    return Sighting(START + minutes(minute), True, slot, slot + HOUR, None if arrived is None else START + minutes(arrived))


def came(minute, *, place=0):
    """
    A vehicle of the interval `place` came to the waiting area.
    """
    slot = START + place * HOUR
    return Sighting(START + minutes(minute), False, slot, slot + HOUR, START + minutes(minute))


def hear(record, *sightings, upto, slots=SLOTS):
    """
    Count on up to so many minutes after the first interval's start.
    """
    return heard(
        record,
        sightings=sightings,
        upto=START + minutes(upto),
        slots=slots,
        zone=ZONE,
        opens_before=minutes(30),
        grace=minutes(60),
    )


def passed(record, *, upto=240):
    """
    Let the gate go on to the interval three hours later.
    """
    return hear(record, *(entered(180 + 5 * each, place=3, arrived=100) for each in range(5)), upto=upto)


@pytest.mark.rule("31", "D16")
class TestHeard:
    def test_counts_who_came_and_who_entered(self):
        """
        By interval, whatever the order of the report.
        """
        record = hear(EMPTY, entered(9), came(-20), came(-30), entered(4), came(-10, place=1), upto=10)

        assert [(12, 2, (4, 9)), (12, 1, ())] == [(each.sold, each.arrived, each.entered) for each in record.counts if each.arrived]
        assert START + minutes(10) == record.heard_upto

    def test_keeps_what_was_sold_when_the_interval_began(self):
        """
        A no-show's place is given back later: it was booked nevertheless.
        """
        record = hear(hear(EMPTY, upto=10), upto=70, slots=tuple(replace(slot, sold=3) for slot in SLOTS))

        assert [12, 3] == [count.sold for count in record.counts if count.start >= START]

    def test_forgets_an_interval_once_the_gate_is_two_on(self):
        """
        Through is what lies two intervals and the grace behind the front; the share that came is learned, once.
        """
        record = passed(hear(EMPTY, *(entered(5 * each) for each in range(9)), upto=60))
        again = passed(record, upto=245)

        assert all(count.start >= START + HOUR for count in again.counts)
        assert START + 3 * HOUR == record.front
        learned = replace(Experience(), shows=SHOW_PRIOR).counted(came=9, booked=12)
        assert learned.shows[0] <= record.experience.shows[0]
        assert record.experience.shows == again.experience.shows

    def test_waits_for_the_grace_before_an_interval_is_through(self):
        """
        Early calls may run two intervals ahead: nobody is written off before his time is up.
        """
        ahead = [entered(30 + each, place=3, arrived=0) for each in range(5)]

        assert START in {count.start for count in hear(EMPTY, *ahead, upto=90).counts}
        assert START not in {count.start for count in hear(EMPTY, *ahead, upto=125).counts}

    @pytest.mark.rule("D21")
    def test_waits_as_much_longer_as_a_delay_lets_them_come_later(self):
        """
        Two hours late by order: its vehicles are not given up while they may still come.
        """
        late = [replace(slot, shift=minutes(120)) if slot.start == START else slot for slot in SLOTS]
        ahead = [entered(30 + each, place=3, arrived=0) for each in range(5)]

        assert START in {count.start for count in hear(EMPTY, *ahead, upto=235, slots=late).counts}
        assert START not in {count.start for count in hear(EMPTY, *ahead, upto=245, slots=late).counts}

    def test_gives_an_interval_up_after_three_days(self):
        """
        A checkpoint at which nothing moves does not heap up intervals for ever.
        """
        record = hear(hear(EMPTY, came(-5), upto=10), upto=74 * 60)

        assert START not in {count.start for count in record.counts}

    def test_learns_the_pace_from_vehicles_that_waited(self):
        """
        Ten minutes between two that were both there teach; who came when the gate was free, or after a stop, teaches nothing.
        """
        taught = hear(EMPTY, entered(0), entered(10), upto=60)
        untaught = hear(EMPTY, entered(0), entered(10, arrived=5), entered(50), upto=60)

        assert {"3-14": (1.0, round(1 / 6, 4))} == dict(taught.experience.rates)
        assert {} == dict(untaught.experience.rates)

    def test_without_a_waiting_area_only_who_is_late_has_waited(self):
        """
        Nobody knows since when a vehicle stood there: once its interval is over it surely did.
        """
        on_time = hear(EMPTY, entered(0, arrived=None), entered(10, arrived=None), upto=60)
        late = hear(EMPTY, entered(70, arrived=None), entered(80, arrived=None), upto=90)

        assert ({}, {"3-15"}) == (dict(on_time.experience.rates), set(late.experience.rates))

    def test_learns_when_vehicles_come(self):
        """
        An hour before the booked time.
        """
        assert 1.0 == hear(EMPTY, came(-60), upto=0).experience.come_by(timedelta())

    def test_one_latecomer_does_not_move_the_front_back(self):
        """
        The interval being served is the middle of the last five.
        """
        record = hear(EMPTY, *(entered(60 + each, place=1) for each in range(4)), entered(70, place=-3), upto=80)

        assert START + HOUR == record.front
        assert FlowRecord("x", 0).front is None

    def test_begins_with_the_interval_of_now(self):
        """
        Heard for the first time: what was over before is nobody's memory.
        """
        record = hear(FlowRecord("nur-zholy", 0), upto=30)

        assert [START] == [count.start for count in record.counts]

    def test_keeps_a_bounded_memory(self):
        """
        Three hours of turns, sixty at most.
        """
        record = hear(EMPTY, *(entered(each) for each in range(100)), upto=100)

        assert 60 == len(record.turns)
        assert () == hear(record, upto=400).turns


@pytest.mark.rule("34")
class TestPromises:
    def promise(self, **fields):
        """
        Promise that the first interval's middle enters at its half, give or take ten minutes.
        """
        middle = START + minutes(30)
        made = {"horizon": 3, "base": middle, "sigma": 10.0, "earliest": middle - minutes(13), "latest": middle + minutes(13)}
        return Promise(START, **{**made, **fields})

    def test_are_made_once_an_hour_for_every_horizon_there_is_work_for(self):
        """
        The interval served one hour ahead, two, three …; none where nobody is expected.
        """
        record = hear(EMPTY, *(entered(5 * each) for each in range(9)), upto=60)
        works = works_of(record, slots=SLOTS, now=START + HOUR, watched=True)
        outlooks = look_ahead(
            works,
            since=START + HOUR,
            rate=lambda _: 12.0,
            experience=record.experience,
            now=START + HOUR,
            opens_before=minutes(30),
        )
        made = promised(record, outlooks, now=START + HOUR)

        assert list(HORIZONS) == [promise.horizon for promise in made.promises]
        assert all(abs(promise.base - START - HOUR - promise.horizon * HOUR) <= minutes(30) for promise in made.promises)
        assert made == promised(made, outlooks, now=START + HOUR + minutes(59))
        assert 12 == len(promised(made, outlooks, now=START + 2 * HOUR).promises)
        assert () == promised(record, [], now=START + HOUR).promises

    def test_are_judged_when_the_interval_is_through(self):
        """
        The middle entry came ten minutes after the promised one: an error of one deviation, inside the band.
        """
        promised_ = replace(EMPTY, promises=(self.promise(), self.promise(horizon=6, latest=START + minutes(35))))
        record = passed(hear(promised_, *(entered(each) for each in (20, 40, 60)), upto=70))

        assert () == record.promises
        assert {"3": (1.0,), "6": (1.0,)} == dict(record.experience.errors)
        assert {"3": 0.204, "6": 0.184} == dict(record.experience.levels)

    def test_of_an_interval_nobody_came_to_are_forgotten(self):
        """
        There is no truth to judge by.
        """
        record = passed(replace(EMPTY, promises=(self.promise(),)))

        assert ((), {}) == (record.promises, dict(record.experience.errors))


@pytest.mark.rule("31", "34")
class TestWorks:
    def test_are_in_queue_order_from_what_is_not_through(self):
        """
        Intervals counted, then those ahead as sold.
        """
        record = hear(EMPTY, came(-5), upto=10)
        found = works_of(record, slots=SLOTS, now=START + minutes(10), watched=True)

        assert sorted(work.interval.start for work in found) == [work.interval.start for work in found]
        assert START - HOUR < found[0].interval.start <= START

    def test_a_place_given_back_is_waited_for_no_longer(self):
        """
        Twelve were sold, five came, two entered; then all but three places were given back: one is left.
        """
        record = hear(EMPTY, *(came(-each) for each in range(1, 6)), entered(1), entered(2), upto=10)
        fewer = [replace(slot, sold=3) if slot.start == START else slot for slot in SLOTS]
        found = next(each for each in works_of(record, slots=fewer, now=START, watched=True) if each.interval.start == START)

        assert 1.0 == pytest.approx(found.vehicles)

    def test_of_the_past_are_only_what_was_counted(self):
        """
        A checkpoint heard of for the first time has no queue from yesterday.
        """
        found = works_of(FlowRecord("x", 0), slots=SLOTS, now=START + minutes(10), watched=False)

        assert START == found[0].interval.start


@pytest.mark.rule("34", "D16")
class TestPaceOf:
    def test_is_late_by_who_should_have_entered(self):
        """
        Six wait of an hour that is over by two: the head is two hours and a half late.
        """
        record = replace(EMPTY, heard_upto=START + 3 * HOUR, counts=(Count(START, START + HOUR, 12, 12, tuple(range(6))),))
        works = works_of(record, slots=(), now=START + 3 * HOUR, watched=True)

        assert minutes(145) == pace_of(record, works, per_hour=12.0, now=START + 3 * HOUR, watched=True).behind

    @pytest.mark.rule("D21")
    def test_is_late_by_the_minute_a_delay_gave(self):
        """
        Told to come two hours later: the head is half an hour late.
        """
        record = replace(EMPTY, heard_upto=START + 3 * HOUR, counts=(Count(START, START + HOUR, 12, 12, tuple(range(6)), shift=120),))
        moved = [replace(SLOTS[4], shift=minutes(120))]
        works = works_of(record, slots=moved, now=START + 3 * HOUR, watched=True)

        assert START == moved[0].start
        assert minutes(25) == pace_of(record, works, per_hour=12.0, now=START + 3 * HOUR, watched=True).behind

    def test_nobody_is_late_before_his_minute(self):
        """
        A full waiting area an hour early is no lateness.
        """
        record = replace(EMPTY, heard_upto=START - minutes(10), counts=(Count(START, START + HOUR, 12, 12),))
        works = works_of(record, slots=(), now=START - minutes(10), watched=True)

        assert timedelta() == pace_of(record, works, per_hour=12.0, now=START - minutes(10), watched=True).behind

    def test_counts_the_last_hour(self):
        """
        The hour before a moment, its end included, its beginning not.
        """
        record = hear(EMPTY, entered(0), entered(1), entered(60), upto=60)

        assert 2 == last_hour(record, at=START + HOUR)
