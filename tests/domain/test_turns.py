"""
Whoever stands in the gate's own line has reached it: his hour runs from when nobody stands before him any more (§28, §35, D18).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.experience import Experience
from chalicelib.domain.line import draw_line, expected_in, turn_came_at
from chalicelib.domain.no_shows import Evidence, Judgment, Why, judge_no_show
from chalicelib.domain.plans import Position
from chalicelib.domain.site_notes import SiteNotes
from tests.factories import SLOT, minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import HERE

HOUR = timedelta(hours=1)
LEFT = SLOT + minutes(70)


def vehicle(name="bk_1", *, left=LEFT, **fields):
    """
    A called vehicle that left the waiting area for the gate.
    """
    moments = {"arrived_at": SLOT - HOUR, "called_at": SLOT - HOUR, "leave_by": LEFT, "left_area_at": left}
    return samples.booking(**{"id": name, "status": Status.CALLED, **moments, **fields})


def judged(now, **evidence):
    """
    Judge the vehicle at a moment, everything reported.
    """
    known = Evidence(reported_upto=now, notes=SiteNotes(HERE, version=0), **evidence)
    return judge_no_show(vehicle(), known, now=now, rules=RULES)


@pytest.mark.rule("31", "D18")
class TestTurnCameAt:
    def test_is_when_the_last_before_it_was_through(self):
        """
        Two left before it and entered; who left after it does not count, nor who never left.
        """
        others = [
            vehicle("bk_2", left=LEFT - minutes(9), status=Status.ADMITTED, admitted_at=LEFT + minutes(80)),
            vehicle("bk_3", left=LEFT - minutes(5), status=Status.CROSSED, admitted_at=LEFT + minutes(90)),
            vehicle("bk_4", left=LEFT + minutes(1), status=Status.ADMITTED, admitted_at=LEFT + minutes(99)),
            vehicle("bk_5", left=None),
        ]

        assert LEFT + minutes(90) == turn_came_at([vehicle(), *others], vehicle(), now=LEFT + 3 * HOUR)

    def test_is_not_yet_while_somebody_stands_before_it(self):
        """
        One still waits to be let in: the turn comes now at the earliest.
        """
        now = LEFT + 2 * HOUR

        assert now == turn_came_at([vehicle("bk_2", left=LEFT - minutes(9))], vehicle(), now=now)

    def test_of_whoever_has_not_left_or_left_first_is_unknown(self):
        """
        Nobody stood before it, or it stands nowhere; an annulled vehicle stands there no more.
        """
        gone = vehicle("bk_2", left=LEFT - minutes(9), status=Status.ANNULLED)

        assert turn_came_at([gone], vehicle(), now=LEFT) is None
        assert turn_came_at([vehicle("bk_2")], vehicle(left=None), now=LEFT) is None


@pytest.mark.rule("31", "34", "D16")
class TestExpectedIn:
    def test_waits_only_for_those_who_usually_come(self):
        """
        Six ahead are not seen yet, and half of all come: the turn is after three vehicles; those who are there count whole.
        """
        ahead = [samples.booking(id=f"bk_{each}", status=Status.CALLED, position=Position(14, each)) for each in range(1, 7)]
        mine = samples.booking(id="bk_9", status=Status.CALLED, position=Position(14, 9))
        now = SLOT + minutes(30)
        seen = [replace(one, status=Status.CALLED, arrived_at=SLOT) for one in ahead]
        half = Experience(shows=(50.0, 100.0), leads=(0.0,) * 18 + (1.0,))

        def turn(bookings, **known):
            line = draw_line([*bookings, mine], per_hour=6.0, heard_upto=now, now=now, rules=RULES, **known)
            return expected_in(line, mine, now=now, rules=RULES)

        assert now + minutes(30) == turn(ahead, experience=half)
        assert now + minutes(60) == turn(ahead) == turn(seen, experience=half)


@pytest.mark.rule("28", "35", "D16", "D18")
class TestHourAtTheGate:
    def test_nobody_in_the_gates_line_is_a_no_show(self):
        """
        A hundred minutes in the line, one vehicle before it: it waits.
        """
        now = LEFT + minutes(100)
        ruling = judged(now, turn_at=now, late_by=minutes(6))

        assert (Judgment.WAIT, Why.GATE_LATE, now + RULES.reach_gate_within) == (ruling.judgment, ruling.why, ruling.look_at)

    def test_an_hour_after_its_turn_came_it_is(self):
        """
        The gate was free for it for an hour, and it was not there.
        """
        now = LEFT + minutes(180)

        assert Judgment.ANNUL == judged(now, turn_at=now - RULES.reach_gate_within).judgment
        assert Judgment.WAIT == judged(now, turn_at=now - RULES.reach_gate_within + minutes(1)).judgment
