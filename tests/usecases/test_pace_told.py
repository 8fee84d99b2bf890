"""
Who waits is told how long by the real pace, and nobody is annulled for a gate that does not move (§31, D16, D18).
"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.usecases.ports import Write
from tests.factories import SLOT, batch, minutes, seen
from tests.fakes.office import Office
from tests.fakes.rules import next_step
from tests.fakes.samples import DAY, HERE
from tests.usecases.calls import CALL, WIDE, hear, in_area, run_calls


@pytest.fixture
def wide(memory_store):
    """
    An office of a checkpoint with sixteen places an hour.
    """
    office = Office(memory_store)
    office.open(WIDE)
    return office


@pytest.mark.rule("D16")
class TestPace:
    def standing(self, office, count):
        """
        Bring trucks of one interval to the waiting area, all called, the first `count` off to the gate, which does not move.
        """
        for number in range(1, 13):
            office.confirmed(number)
        office.clock.move_to(CALL)
        in_area(office, *(f"bk_{number}" for number in range(1, 13)))
        run_calls(office)
        office.clock.move_to(SLOT)
        sequence = office.store.passages.gateway(HERE).stored_upto
        for number in range(1, count + 1):
            entry = seen(sequence + number, "wa-out", f"bk_{number}", at=office.clock.now())
            office.journal.batch(checkpoint=HERE, batch=batch(entry))
        hear(office)

    def test_moves_until_when_to_leave_by_a_quarter_of_an_hour_at_least(self, wide):
        """
        Eleven trucks before the gate at sixteen an hour: 41 minutes; who still waits is told 45 more. Two trucks: nobody is told anything.
        """
        self.standing(wide, 2)
        wide.board.publish(checkpoint=HERE)
        assert 0 == wide.repace(checkpoint=HERE)
        wide.clock.advance(minutes=1)
        sequence = wide.store.passages.gateway(HERE).stored_upto
        for number in range(3, 12):
            wide.journal.batch(checkpoint=HERE, batch=batch(seen(sequence + number - 2, "wa-out", f"bk_{number}", at=wide.clock.now())))
        hear(wide)
        wide.board.publish(checkpoint=HERE)

        assert [1, 0] == [wide.repace(checkpoint=HERE) for _ in range(2)]
        assert SLOT + minutes(105) == wide.booking("bk_12").leave_by
        told = [row for shard in range(8) for row in wide.store.outbox.pending(shard=shard, until=wide.clock.now(), limit=99)]
        assert ["bk_12"] == [row.aggregate for row in told if row.payload.get("template") == "repaced"]

    @pytest.mark.rule("28", "D18")
    def test_annuls_nobody_for_a_gate_that_does_not_move(self, wide):
        """
        Trucks left the waiting area in time and stand before a gate that lets nobody in: an hour later they are no no-shows.
        """
        self.standing(wide, 6)
        wide.clock.move_to(SLOT + minutes(61))
        hear(wide)
        for number in range(1, 7):
            wide.annul(booking=f"bk_{number}")

        assert {Status.CALLED} == {wide.booking(f"bk_{number}").status for number in range(1, 7)}
        wide.clock.advance(minutes=1)
        sequence = wide.store.passages.gateway(HERE).stored_upto
        for number in range(1, 6):
            wide.journal.batch(checkpoint=HERE, batch=batch(seen(sequence + number, "entry-1", f"bk_{number}", at=wide.clock.now())))
        wide.clock.advance(minutes=45)
        hear(wide)
        due = next_step(wide.booking("bk_6")).at
        wide.clock.move_to(max(due, wide.clock.now()))
        hear(wide)
        assert wide.annul(booking="bk_6")
        assert Status.ANNULLED == wide.booking("bk_6").status

    def test_tells_when_a_turn_comes(self, wide):
        """
        On the board's line everybody has a place; nobody's turn is before his time, and behind a slow gate it is later.
        """
        self.standing(wide, 6)
        line = wide.measure(checkpoint=HERE).line

        assert list(range(1, 13)) == [line.place_of(f"bk_{number}") for number in range(1, 13)]
        assert line.place_of("bk_99") is None
        assert json.loads(json.dumps(line.per_hour)) > 0

    def test_makes_nobody_late_by_a_driver_who_sleeps(self, wide):
        """
        Called, in the waiting area, does not leave: at his moment he is annulled, and nobody else was given longer for him.
        """
        self.standing(wide, 0)
        wide.clock.move_to(SLOT + minutes(60))
        hear(wide)
        for number in range(1, 13):
            wide.annul(booking=f"bk_{number}")

        assert {Status.ANNULLED} == {wide.booking(f"bk_{number}").status for number in range(1, 13)}


@pytest.mark.rule("D21")
class TestProlongedDays:
    def test_stay_in_sight_until_their_term_is_over(self, wide):
        """
        An extension of 72 hours: three days later the truck is still on the gate's list, in the line and on the officer's screen.
        """
        booking = wide.confirmed()
        plan = wide.store.places.plan(HERE, DAY)
        wide.store.commit(Write(replace(plan, extended=(72 * 60,) * 24, version=plan.version + 1), plan.version))
        for days, seen_still in ((3, True), (5, False)):
            wide.clock.move_to(SLOT + timedelta(days=days))
            wide.admissions(checkpoint=HERE)
            assert seen_still == (booking in [row["booking"] for row in wide.link.admissions[-1].rows])
            assert seen_still == (wide.measure(checkpoint=HERE).line.place_of(booking) is not None)
