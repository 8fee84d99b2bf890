"""
Whoever must leave his place is moved, or follows his interval, or is told to choose (D21).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Excuse, Happening, ImpossibleTransitionError, Status
from chalicelib.domain.measures import MeasureKind
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import DayPlan, Position
from chalicelib.domain.relocation import moved, shifted, stuck
from tests.factories import minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW

A_DAY = timedelta(days=1)


def plan(day, rows, **changes):
    """
    A day of hours from midnight.
    """
    return DayPlan(HERE, day, 60, 0, tuple(rows), **changes)


USED = {"called_at": NOW, "leave_by": NOW, "left_area_at": NOW, "ready_at": NOW, "annul_not_before": NOW, "reminded_at": NOW}
TARGET = plan(DAY + A_DAY, ["gg"] * 24, shifts=(0,) * 15 + (45,), extended=(0,) * 15 + (120,))
PLACE = samples.place(day=DAY + A_DAY, position=Position(15, 2))


@pytest.mark.rule("D7", "D21")
class TestMoved:
    @pytest.mark.parametrize(
        ("arrived", "happening", "status"),
        [(None, Happening.MOVED, Status.CONFIRMED), (NOW, Happening.MOVED_IN_AREA, Status.ARRIVED)],
    )
    def test_has_the_new_place_its_orders_and_an_excuse(self, arrived, happening, status):
        """
        Number, time, delay and extension are the new place's; the call comes anew; who stands in the waiting area stands there still.
        """
        before = samples.booking(status=Status.CALLED, arrived_at=arrived, pool=Pool.SECONDARY, **USED)
        start = RULES.at(DAY + A_DAY, 15 * 60)

        after = moved(before, place=PLACE, plan=TARGET, number="NZH-2", measure=samples.measure(), now=NOW, rules=RULES)

        assert status is after.status
        assert before.after(happening).status is after.status
        assert (
            samples.booking(
                version=2,
                status=status,
                arrived_at=arrived,
                day=DAY + A_DAY,
                position=Position(15, 2),
                slot_start=start,
                slot_end=start + minutes(60),
                number="NZH-2",
                shift_minutes=45,
                valid_until=start + minutes(60 + 45 + 60 + 120),
                excuse=Excuse("closure", "ms_1", NOW),
            )
            == after
        )

    @pytest.mark.parametrize(("before", "told"), [(timedelta(hours=24), NOW), (timedelta(hours=24, microseconds=1), None)])
    def test_is_told_of_its_arrival_anew_where_there_is_time(self, before, told):
        """
        A slot farther than 24 hours (§29).
        """
        now = RULES.at(DAY + A_DAY, 15 * 60) - before
        found = moved(
            samples.booking(reminded_at=NOW), place=PLACE, plan=TARGET, number="NZH-2", measure=samples.measure(), now=now, rules=RULES
        )

        assert told == found.reminded_at


DELAYED = plan(DAY, ["gg"] * 24, shifts=(0,) * 14 + (45,), extended=(0,) * 14 + (120,))
DELAY = samples.measure(kind=MeasureKind.DELAY, id="ms_2")
UNTIL = samples.booking().slot_end + minutes(45 + 60 + 120)


@pytest.mark.rule("D21")
class TestShifted:
    @pytest.mark.parametrize(
        ("excuse", "ground"),
        [(None, "delay"), (Excuse("stranded", "ms_1", NOW), "stranded"), (Excuse("closure", "ms_1", NOW), "delay")],
    )
    def test_follows_its_interval_and_keeps_its_place(self, excuse, ground):
        """
        The delay, the longer term and why; who was stranded before is so still.
        """
        after = shifted(samples.booking(excuse=excuse), plan=DELAYED, measure=DELAY, now=NOW, rules=RULES)

        assert samples.booking(version=2, shift_minutes=45, valid_until=UNTIL, excuse=Excuse(ground, "ms_2", NOW)) == after

    def test_says_nothing_where_it_follows_already(self):
        """
        Neither delay nor term is new; one of them is.
        """
        same = samples.booking(shift_minutes=45, valid_until=UNTIL)

        assert shifted(same, plan=DELAYED, measure=DELAY, now=NOW, rules=RULES) is None
        assert shifted(replace(same, shift_minutes=44), plan=DELAYED, measure=DELAY, now=NOW, rules=RULES)
        assert shifted(replace(same, valid_until=None), plan=DELAYED, measure=DELAY, now=NOW, rules=RULES)

    @pytest.mark.parametrize(("left", "expected"), [(minutes(10), minutes(105)), (minutes(200), minutes(200))])
    def test_gives_the_called_until_the_late_intervals_end(self, left, expected):
        """
        Who was to leave sooner may leave until then; who may leave later keeps it. It is one version, not two.
        """
        start = samples.booking().slot_start
        called = samples.booking(status=Status.CALLED, called_at=NOW, leave_by=start + left)

        after = shifted(called, plan=DELAYED, measure=DELAY, now=NOW, rules=RULES)

        fields = {"shift_minutes": 45, "valid_until": UNTIL, "excuse": Excuse("delay", "ms_2", NOW), "leave_by": start + expected}
        assert replace(called, version=2, **fields) == after
        assert {"version", "status", *fields} == set(after.changed)

    def test_needs_a_place(self):
        """
        An application follows no interval.
        """
        with pytest.raises(ImpossibleTransitionError, match="bk_1"):
            shifted(samples.booking(position=None), plan=DELAYED, measure=DELAY, now=NOW, rules=RULES)


@pytest.mark.rule("D21")
class TestStuck:
    @pytest.mark.parametrize(("kind", "ground"), [(MeasureKind.CLOSURE, "stranded"), (MeasureKind.CAPACITY, "capacity")])
    def test_stays_and_may_choose(self, kind, ground):
        """
        A closed interval strands it; after a cut it is served as booked.
        """
        after = stuck(samples.booking(), measure=samples.measure(kind=kind), now=NOW)

        assert samples.booking(version=2, excuse=Excuse(ground, "ms_1", NOW)) == after
