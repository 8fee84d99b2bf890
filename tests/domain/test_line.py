"""
The line at the gate: who makes whom late, what is told of it, and how far a silent gateway is believed (§31, D16, D18).
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.bookings import Status
from chalicelib.domain.line import InLine, Line, draw_line, late_by, later_leave_by, pace_at_gate, told, turn_came_at
from chalicelib.domain.pace import Turn, measure
from tests.factories import SLOT, minutes
from tests.fakes import samples
from tests.fakes.rules import RULES

NOW = SLOT + minutes(30)
LINE = Line(NOW, 12.0, 0, NOW, None, ())


def one(name, *, gone=None, **changes):
    """
    One in line; `gone`: minutes after the slot's start at which it left for the gate.
    """
    at = None if gone is None else SLOT + minutes(gone)
    return InLine(**{"booking": name, "start": SLOT, "end": SLOT + minutes(60), "at_gate": at, **changes})


def line(*queue, **changes):
    """
    These in line, at twelve an hour.
    """
    return replace(LINE, queue=queue, **changes)


def booking(number, **changes):
    """
    A called vehicle of the hour.
    """
    fields = {"id": f"bk_{number}", "number": f"n{number:02d}", "status": Status.CALLED, "called_at": SLOT, "leave_by": SLOT + minutes(60)}
    return samples.booking(**{**fields, **changes})


def admitted(number, at, *, left=None):
    """
    One that was let in.
    """
    return booking(number, status=Status.ADMITTED, admitted_at=at, left_area_at=left)


@pytest.mark.rule("31", "D16")
class TestLateBy:
    def test_is_who_stands_before_it_at_the_real_pace(self):
        """
        Five minutes each; those who left later, or at once with it, stand behind; who is not at the gate yet waits for all who are.
        """
        queue = line(one("a", gone=1), one("b", gone=2), one("c", gone=2), one("d", gone=3), one("e"))

        assert [0, 5, 5, 15, 20, 20] == [late_by(queue, name, now=NOW) / minutes(1) for name in ("a", "b", "c", "d", "e", "nobody")]

    def test_adds_a_stop_that_others_stand_in(self):
        """
        Since when nobody moves; a stop with nobody else before the gate is none of his.
        """
        stopped = {"stopped_since": NOW - minutes(45)}

        assert minutes(50) == late_by(line(one("a", gone=1), one("b"), **stopped), "b", now=NOW)
        assert minutes(45) == late_by(line(one("a", gone=3), one("b", gone=1), **stopped), "b", now=NOW)
        assert timedelta() == late_by(line(one("b", gone=1), **stopped), "b", now=NOW)

    @pytest.mark.parametrize(("per_hour", "late"), [(0.0, 120), (1.0, 120), (1.5, 80), (6.0, 20)])
    def test_believes_no_pace_below_one_an_hour(self, per_hour, late):
        """
        A gate that is hardly moving does not make somebody late for days.
        """
        assert minutes(late) == late_by(line(one("a", gone=1), one("b", gone=2), per_hour=per_hour), "x", now=NOW)


@pytest.mark.rule("34", "D16")
class TestLaterLeaveBy:
    @pytest.mark.parametrize(
        ("ahead", "changes", "expected"),
        [
            (3, {}, 75),
            (2, {}, None),
            (3, {"leave_by": SLOT + minutes(61)}, None),
            (3, {"leave_by": None}, None),
            (3, {"at_gate": SLOT + minutes(20)}, None),
            (3, {"leave_by": NOW}, 75),
            (3, {"leave_by": NOW - minutes(1)}, None),
        ],
    )
    def test_is_told_from_a_quarter_of_an_hour_on(self, ahead, changes, expected):
        """
        To who waits in the area with his time still running; less is not worth telling.
        """
        mine = one("me", **{"leave_by": SLOT + minutes(60), **changes})
        queue = line(*(one(f"b{number}", gone=number) for number in range(ahead)), mine)

        assert (None if expected is None else SLOT + minutes(expected)) == later_leave_by(queue, mine, now=NOW, rules=RULES)

    def test_counts_a_stop_until_now(self):
        """
        The gate has stood for twenty minutes with one before it.
        """
        mine = one("me", leave_by=SLOT + minutes(60))
        queue = line(one("a", gone=1), mine, stopped_since=NOW - minutes(20))

        assert SLOT + minutes(85) == later_leave_by(queue, mine, now=NOW, rules=RULES)
        assert SLOT + minutes(100) == later_leave_by(queue, mine, now=NOW + minutes(13), rules=RULES)

    @given(st.integers(0, 10_000))
    def test_is_rounded_up_to_five_minutes(self, seconds):
        """
        The next full one, or the moment itself.
        """
        moment = SLOT + timedelta(seconds=seconds)
        found = told(moment)

        assert 0 == found.timestamp() % 300
        assert timedelta() <= found - moment < minutes(5)


@pytest.mark.rule("D18")
class TestTurn:
    def test_came_when_the_last_before_it_went_in(self):
        """
        Now, while somebody before it still waits; who left after it, or at the same moment, stands behind; none where nobody was before.
        """
        mine = booking(9, left_area_at=SLOT + minutes(20))
        first = admitted(1, SLOT + minutes(25), left=SLOT + minutes(5))
        second = admitted(2, SLOT + minutes(28), left=SLOT + minutes(6))
        same, later = booking(3, left_area_at=SLOT + minutes(20)), booking(4, left_area_at=SLOT + minutes(21))

        assert SLOT + minutes(28) == turn_came_at([first, second, mine, same, later], mine, now=NOW)
        assert NOW == turn_came_at([first, mine, booking(5, left_area_at=SLOT)], mine, now=NOW)
        assert turn_came_at([mine, same, later], mine, now=NOW) is None
        assert turn_came_at([first], booking(9), now=NOW) is None


@pytest.mark.rule("31", "D16")
class TestPaceAtGate:
    def pace(self, bookings, *, now=NOW, heard_upto=None):
        """
        Measure it against twelve an hour by the plan.
        """
        return pace_at_gate(bookings, per_hour=12.0, heard_upto=heard_upto, now=now, rules=RULES)

    def test_is_believed_as_far_as_the_gateway_was_heard(self):
        """
        A queue that a silent gateway does not tell of has not stopped.
        """
        waiting = [booking(number, left_area_at=NOW - minutes(50)) for number in range(3)]

        assert NOW - minutes(50) == self.pace(waiting, heard_upto=NOW).stopped_since
        assert NOW - minutes(50) == self.pace(waiting).stopped_since
        silent = self.pace(waiting, heard_upto=NOW - minutes(40))
        assert (None, NOW - minutes(40)) == (silent.stopped_since, silent.measured_at)
        assert NOW == self.pace(waiting, heard_upto=NOW + minutes(5)).measured_at

    def test_waits_only_for_who_is_expected_and_left_for_the_gate(self):
        """
        Neither the admitted nor those who sleep in the area, nor who comes the day after.
        """
        others = [
            admitted(1, NOW - minutes(1), left=NOW - minutes(50)),
            booking(2),
            booking(3, left_area_at=NOW - minutes(50), slot_start=NOW + timedelta(hours=24)),
            booking(4, left_area_at=NOW - minutes(50), slot_end=None),
        ]

        assert (timedelta(), None) == (self.pace(others).behind, self.pace(others).stopped_since)
        assert minutes(50) == self.pace([*others, booking(5, left_area_at=NOW - minutes(50))]).behind

    def test_knows_the_last_admission_however_long_ago(self):
        """
        Four hours ago the last went in, and one has waited since: the gate has stood since then, not since he came there.
        """
        last, older = NOW - timedelta(hours=4), NOW - timedelta(hours=5)
        now = [admitted(1, older), admitted(2, last), booking(3, left_area_at=NOW - timedelta(hours=6))]

        assert last == self.pace(now).stopped_since
        assert older == self.pace(now, heard_upto=last - minutes(1)).stopped_since

    def test_counts_from_when_the_entry_was_open(self):
        """
        Who left the area long before his slot could not enter before it opened: what lay before is no wait.
        """
        gap = minutes(20)
        seen = [admitted(each, SLOT - minutes(20) + each * gap, left=SLOT - timedelta(hours=2)) for each in range(3)]
        early = [replace(each, slot_start=SLOT - timedelta(hours=3), slot_end=SLOT) for each in seen]

        def expected(could):
            turns = [Turn(could, each.admitted_at) for each in seen]
            return measure(turns=turns, waiting=[], per_hour=12.0, now=NOW).per_hour

        assert expected(SLOT - minutes(30)) == self.pace(seen).per_hour
        assert expected(SLOT - timedelta(hours=2) + minutes(15)) == self.pace(early).per_hour
        unseen = [replace(each, left_area_at=None) for each in seen]
        assert 12.0 == self.pace(unseen).per_hour


@pytest.mark.rule("31")
class TestDrawn:
    def test_says_of_each_what_is_known(self):
        """
        There, ready, since when at the gate; its time to leave only while it has not left.
        """
        ready = booking(1, arrived_at=SLOT, ready_at=SLOT)
        gone = booking(2, arrived_at=SLOT, left_area_at=SLOT + minutes(5))
        away = booking(3, status=Status.CONFIRMED, called_at=None, leave_by=None)
        opens = SLOT - minutes(30)

        made = draw_line([away, gone, ready], per_hour=12.0, heard_upto=NOW - minutes(2), now=NOW, rules=RULES)

        assert (
            InLine("bk_1", SLOT, SLOT + minutes(60), there=True, ready=True, opens=opens, leave_by=SLOT + minutes(60)),
            InLine("bk_2", SLOT, SLOT + minutes(60), there=True, opens=opens, at_gate=SLOT + minutes(5)),
            replace(one("bk_3"), opens=opens, leave_by=made.queue[2].leave_by),
        ) == made.queue
        assert (NOW, NOW - minutes(2), None, 23 * 60) == (made.at, made.measured_at, made.stopped_since, made.behind_seconds)

    def test_says_since_when_it_stands(self):
        """
        Nobody went in for fifty minutes.
        """
        made = draw_line([booking(1, left_area_at=NOW - minutes(50))], per_hour=12.0, heard_upto=NOW, now=NOW, rules=RULES)

        assert NOW - minutes(50) == made.stopped_since
        assert NOW - minutes(50) == made.pace.stopped_since
