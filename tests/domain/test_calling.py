"""
One order for everybody who queues, and how much room the gate has (§2.4, §31, §34, D6, D13, D17).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status, Suspension
from chalicelib.domain.calling import (
    bound_for_gate,
    early_calls,
    in_queue_order,
    is_due,
    is_in_area,
    is_ready,
    room_at_gate,
    waiting_area_capacity,
)
from chalicelib.domain.experience import Experience
from chalicelib.domain.line import draw_line, late_by, later_leave_by, pace_at_gate, planned_per_hour
from chalicelib.domain.plans import PlaceClass, Position
from chalicelib.domain.turns import expected_in
from tests import factories
from tests.factories import SLOT, minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, NOW

CALL = SLOT - minutes(150)
CLASSES = (PlaceClass.GENERAL, PlaceClass.EXPEDITED, PlaceClass.PRIORITY_POST, PlaceClass.PRIORITY_GOODS, PlaceClass.PRIORITY_STATE)


def booking(number=1, *, hour=14, index=1, **changes):
    """
    A paid booking of an hour's position.
    """
    slot = SLOT.replace(hour=hour)
    fields = {"id": f"bk_{number}", "position": Position(hour, index), "slot_start": slot, "slot_end": slot + minutes(60)}
    return samples.booking(**{**fields, "number": f"NZH-261203-{hour}-{index:02d}", **changes})


def waiting(number=1, **changes):
    """
    One in the waiting area whose driver is ready.
    """
    return booking(number, **{"status": Status.ARRIVED, "arrived_at": CALL, "ready_at": CALL, **changes})


@pytest.mark.rule("31", "D6")
class TestQueueOrder:
    def test_is_interval_then_class_then_position(self):
        """
        Priority first, whichever of the three, then expedited, general, demoted; within a class the lower position; a later hour after all.
        """
        found = [
            booking(1, hour=15, class_=PlaceClass.PRIORITY_POST),
            booking(2, index=9),
            booking(3, index=2),
            booking(4, index=12, class_=PlaceClass.EXPEDITED),
            booking(5, index=14, class_=PlaceClass.PRIORITY_GOODS),
            booking(6, index=13, class_=PlaceClass.PRIORITY_STATE),
            booking(7, index=1, demoted=True),
        ]

        assert ["bk_6", "bk_5", "bk_4", "bk_3", "bk_2", "bk_7", "bk_1"] == [one.id for one in in_queue_order(found)]

    def test_counts_positions_and_does_not_spell_them(self):
        """
        The hundredth comes after the ninety-ninth.
        """
        assert ["bk_1", "bk_3", "bk_2"] == [
            one.id for one in in_queue_order([booking(2, index=100), booking(1, index=9), booking(3, index=99)])
        ]

    @pytest.mark.rule("D21")
    def test_is_kept_through_a_delay(self):
        """
        A delay keeps place, number and order.
        """
        assert ["bk_1", "bk_2"] == [one.id for one in in_queue_order([booking(2, hour=15), booking(1, shift_minutes=600)])]


@pytest.mark.rule("34", "D16", "D17")
class TestWhoIsCalled:
    @pytest.mark.parametrize(
        ("changes", "now", "due"),
        [
            ({}, CALL, True),
            ({}, CALL - minutes(1), False),
            ({"called_at": CALL}, CALL, False),
            ({"suspended": Suspension("27", "debt", "pay_1", NOW)}, CALL, False),
            ({"status": Status.ARRIVED, "arrived_at": CALL}, CALL, True),
            ({"status": Status.CANCELLED}, CALL, False),
            ({"shift_minutes": 90}, CALL, True),
        ],
    )
    def test_the_timetable_calls_who_waits_for_it(self, changes, now, due):
        """
        At the lead before the booked time, once, nobody suspended, nobody whose booking is over.
        """
        assert due == is_due(booking(**changes), now=now, rules=RULES)

    @pytest.mark.parametrize(
        ("changes", "ready"),
        [
            ({}, True),
            ({"ready_at": None}, False),
            ({"status": Status.CONFIRMED}, False),
            ({"called_at": CALL}, False),
            ({"suspended": Suspension("6-2", "false_data", "blk_1", NOW)}, False),
        ],
    )
    def test_ready_is_who_said_so_in_the_waiting_area(self, changes, ready):
        """
        There, not called, not standing still.
        """
        assert ready == is_ready(waiting(**changes))

    @pytest.mark.rule("2.4")
    @pytest.mark.parametrize(
        ("changes", "there"),
        [
            ({}, True),
            ({"called_at": CALL, "status": Status.CALLED}, True),
            ({"left_area_at": CALL}, False),
            ({"arrived_at": None, "status": Status.CALLED}, False),
            ({"status": Status.ADMITTED}, False),
        ],
    )
    def test_in_the_waiting_area_is_who_came_and_did_not_leave(self, changes, there):
        """
        Expected still; called or not.
        """
        assert there == is_in_area(waiting(**changes))


@pytest.mark.rule("31", "D17")
class TestRoom:
    @pytest.mark.parametrize(
        ("changes", "after", "bound"),
        [
            ({}, 0, False),
            ({"called_at": CALL}, 90, False),
            ({"called_at": CALL}, 120, True),
            ({"called_at": CALL}, 209, True),
            ({"called_at": CALL}, 210, False),
            ({"called_at": CALL, "arrived_at": CALL, "status": Status.CALLED}, 89, False),
            ({"called_at": CALL, "arrived_at": CALL, "status": Status.CALLED}, 90, True),
            ({"called_at": CALL, "arrived_at": CALL, "ready_at": CALL, "status": Status.CALLED}, 0, True),
            ({"called_at": CALL, "status": Status.ADMITTED}, 150, False),
        ],
    )
    def test_is_taken_by_called_vehicles_bound_for_the_gate(self, changes, after, bound):
        """
        There with their entry open or about to; on the road from half an hour before their time to an hour after it began.
        """
        assert bound == bound_for_gate(booking(**changes), now=CALL + minutes(after), rules=RULES)

    def test_is_half_an_hour_of_the_real_pace_less_who_is_coming(self):
        """
        Sixteen an hour: eight; five coming: three; a dozen coming: none, not fewer.
        """
        coming = [waiting(number, called_at=CALL, status=Status.CALLED) for number in range(12)]
        room = room_at_gate(coming[:5], per_hour=16.0, now=CALL, rules=RULES)

        assert (8, 5, 3) == (room.takes, room.coming, room.free)
        assert 0 == room_at_gate(coming, per_hour=16.0, now=CALL, rules=RULES).free

    def test_goes_to_the_ready_in_queue_order(self):
        """
        Two places of room, three ready, one on the road: the first two of the ready; whose own time has come is not called early.
        """
        found = [waiting(1, hour=16), waiting(2, hour=18), waiting(3, hour=17), booking(4), waiting(5)]

        called = early_calls(found, per_hour=4.0, now=CALL, rules=RULES)

        assert ["bk_1", "bk_3"] == [one.id for one in called]

    def test_is_not_kept_for_those_who_usually_do_not_come(self):
        """
        Half of all come, in the hour after their time: of eight on the road at their time two come within half an hour. Six may go, not none.
        """
        half = Experience(shows=(50.0, 100.0), leads=(0.0,) * 12 + (1.0,) + (0.0,) * 6)
        road = [booking(number, called_at=CALL) for number in range(1, 9)]
        room = room_at_gate(road, per_hour=16.0, now=SLOT, rules=RULES, experience=half)

        assert (8, 2.0, 6) == (room.takes, pytest.approx(room.coming), room.free)
        assert 0 == room_at_gate(road, per_hour=16.0, now=SLOT, rules=RULES).free

    @pytest.mark.rule("2.4")
    @pytest.mark.parametrize(("rows", "capacity"), [(["gg"] * 24, 12), (["g"] * 23, 6), ([], 0)])
    def test_of_the_waiting_area_follows_the_daily_capacity(self, rows, capacity):
        """
        Six hours of it, rounded up; a checkpoint without a plan has none.
        """
        assert capacity == waiting_area_capacity(factories.plan(rows=rows) if rows else None, RULES)


@pytest.mark.rule("31", "D16")
class TestLine:
    def line(self, *bookings, now=SLOT, per_hour=12.0):
        """
        Draw it, all of it reported.
        """
        return draw_line(bookings, per_hour=per_hour, heard_upto=now, now=now, rules=RULES)

    def called(self, number, *, left=None, **changes):
        """
        In the waiting area and called, until the interval's end; `left`: minutes after the slot's start at which it went to the gate.
        """
        gone = None if left is None else SLOT + minutes(left)
        fields = {"status": Status.CALLED, "called_at": CALL, "arrived_at": CALL, "leave_by": SLOT + minutes(60), "left_area_at": gone}
        return booking(number, index=number, **{**fields, **changes})

    def test_has_everybody_expected_within_a_day(self):
        """
        Not the admitted, not who comes the day after.
        """
        line = self.line(booking(1), booking(2, status=Status.ADMITTED), booking(3, slot_start=SLOT + timedelta(hours=24)))

        assert (1, None, None) == tuple(line.place_of(f"bk_{number}") for number in (1, 2, 3))

    def test_tells_a_turn_after_those_ahead_at_the_real_pace(self):
        """
        Ten ahead who are there, at twelve an hour, at the gate when three are left of them: 35 minutes; never before the booked time; the
        overdue who never came are not waited for.
        """
        there = [self.called(number) for number in range(1, 11)]
        last, absent = booking(11, index=11), booking(12, hour=12)
        line = self.line(*there, last, absent)

        assert SLOT + minutes(35) == expected_in(line, last, now=SLOT, rules=RULES)
        assert SLOT + timedelta(hours=5) == expected_in(line, booking(20, hour=19), now=SLOT, rules=RULES)
        assert SLOT + minutes(90) == expected_in(self.line(), booking(1, shift_minutes=90), now=SLOT, rules=RULES)

    def test_makes_late_only_by_who_stands_before_the_gate(self):
        """
        Six went to the gate: half an hour for who waits behind them; the third of them has two before it; sleepers in the area count nothing.
        """
        gone = [self.called(number, left=number) for number in range(1, 7)]
        line = self.line(*gone, self.called(7), self.called(8), now=SLOT + minutes(10))

        assert [minutes(30), minutes(10), timedelta()] == [late_by(line, name, now=line.at) for name in ("bk_7", "bk_3", "bk_1")]

    def test_gives_more_time_only_where_it_is_worth_telling(self):
        """
        Two before the gate: ten minutes, nothing is said; six: half an hour more, in steps of five minutes; who went already is told nothing.
        """
        for count, told in ((2, None), (6, SLOT + minutes(90))):
            gone = [self.called(number, left=number) for number in range(1, count + 1)]
            line = self.line(*gone, self.called(9), now=SLOT + minutes(10))
            assert told == later_leave_by(line, line.queue[-1], now=line.at, rules=RULES)
            assert later_leave_by(line, line.queue[0], now=line.at, rules=RULES) is None

    def test_measures_the_gate_and_not_how_seldom_somebody_comes(self):
        """
        Every ten minutes one entered that had just left the waiting area: the gate was free before it, and the plan is still believed.
        Had each left half an hour before, it would be six an hour.
        """

        def pace(ahead):
            moments = [SLOT + minutes(10 * each) for each in range(12)]
            seen = [self.called(each, status=Status.ADMITTED, admitted_at=at, left_area_at=at - ahead) for each, at in enumerate(moments)]
            now = SLOT + minutes(115)
            return pace_at_gate(seen, per_hour=12.0, heard_upto=now, now=now, rules=RULES).per_hour

        assert 12.0 == pace(minutes(12))
        assert 6 <= pace(minutes(30)) < 8

    @pytest.mark.parametrize(("hour", "rate"), [(14, 8.0), (3, 2.0), (23, 2.0)])
    def test_believes_the_plan_at_first(self, hour, rate):
        """
        The running interval's places an hour; no plan, no pace.
        """
        plan = factories.plan(DAY, rows=["gg"] * 14 + ["g" * 8] + ["gg"] * 9)

        assert rate == planned_per_hour(plan, now=SLOT.replace(hour=hour, minute=30), rules=RULES)
        assert 0.0 == planned_per_hour(None, now=SLOT, rules=RULES)
