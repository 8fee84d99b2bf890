"""
Whoever stands in the gate's own line has reached it: his hour runs from when nobody stands before him any more (§28, §35, D18).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.experience import Experience
from chalicelib.domain.line import draw_line, turn_came_at
from chalicelib.domain.no_shows import Evidence, Judgment, Why, judge_no_show
from chalicelib.domain.plans import Position
from chalicelib.domain.site_notes import SiteNotes
from chalicelib.domain.turns import expected_in
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


@pytest.mark.rule("31", "34", "D16", "D17")
class TestExpectedIn:
    NOW = SLOT + minutes(30)
    HALF = Experience(shows=(50.0, 100.0), leads=(0.0,) * 12 + (1.0,) + (0.0,) * 6)
    """Half of all come, in the hour after their booked time."""

    def turn(self, mine, *others, **known):
        """
        Draw the line at six an hour and say when a vehicle is expected at the gate.
        """
        line = draw_line([*others, mine], per_hour=6.0, heard_upto=self.NOW, now=self.NOW, rules=RULES, **known)
        return expected_in(line, mine, now=self.NOW, rules=RULES) - self.NOW

    def vehicles(self, count, *, first=1, **fields):
        """
        Called vehicles of one interval, in order.
        """
        return [
            samples.booking(id=f"bk_{n}", status=Status.CALLED, position=Position(14, n), **fields) for n in range(first, first + count)
        ]

    def test_comes_after_who_is_there_and_who_comes_meanwhile(self):
        """
        Six wait, and it is at the gate when three of them are left: half an hour, in which two of the twelve on the road come; in the time
        these take two more do, and that is all that ever come. Of whom nothing is known everybody is waited for.
        """
        here, road = self.vehicles(6, arrived_at=SLOT, called_at=SLOT), self.vehicles(12, first=7)
        (mine,) = self.vehicles(1, first=30, arrived_at=SLOT)

        assert minutes(30) == self.turn(mine, *here, experience=self.HALF)
        assert minutes(70) == self.turn(mine, *here, *road, experience=self.HALF)
        assert minutes(150) == self.turn(mine, *here, *road)

    def test_of_one_called_early_waits_for_nobody_on_the_road(self):
        """
        Twelve are booked before it and none of them can be there soon: it is expected now; not ready, half an hour before its time.
        """
        road = self.vehicles(12, slot_start=SLOT + 2 * HOUR, slot_end=SLOT + 3 * HOUR)
        early = {"slot_start": SLOT + 4 * HOUR, "slot_end": SLOT + 5 * HOUR, "arrived_at": SLOT, "called_at": SLOT}
        (ready,), (other,) = self.vehicles(1, first=30, ready_at=SLOT, **early), self.vehicles(1, first=30, **early)

        assert timedelta() == self.turn(ready, *road, experience=self.HALF)
        assert 3 * HOUR == self.turn(other, *road, experience=self.HALF)

    @pytest.mark.rule("D21")
    def test_of_who_is_there_already_no_delay_moves(self):
        """
        Told to come three hours later, and there when he first meant to be: he may enter, and is expected now; on the road he comes later.
        """
        (here,) = self.vehicles(1, arrived_at=SLOT, called_at=SLOT, shift_minutes=180)
        (road,) = self.vehicles(1, called_at=SLOT, shift_minutes=180)

        assert timedelta() == self.turn(here, experience=self.HALF)
        assert minutes(150) == self.turn(road, experience=self.HALF)

    def test_at_the_gate_comes_after_who_left_for_it_before(self):
        """
        Whoever of the waiting area is before it in the queue has not come to the gate: five left earlier, one later.
        """
        gone = [vehicle(f"bk_{n}", left=self.NOW - minutes(n)) for n in range(11, 16)]
        late, area = vehicle("bk_9", left=self.NOW - minutes(1)), self.vehicles(8, first=20, arrived_at=SLOT, called_at=SLOT)

        assert minutes(20) == self.turn(vehicle("bk_10", left=self.NOW - minutes(10)), *gone, late, *area)


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
