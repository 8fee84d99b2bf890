import contextlib

import pytest

from iot.gate.motor import Boom
from tests.iot.gate.fake_motor import FakeMotor
from tests.iot.gate.lists import admission
from tests.iot.gate.rig import Rig

LAST_EFFECT = 14
"""Moments of an admission at which a crash may come."""


@pytest.fixture
def rig(tmp_path):
    return Rig(tmp_path)


class TestRestart:
    def test_sees_an_opening_through_that_a_crash_cut_short(self, rig):
        """
        Killed after the commit and before the motor's order: the truck gets in, is admitted once, and the site hears of it again.
        """
        rig.expect(admission())
        rig.gate._barriers.open = lambda opening: None
        assert ("open", "MATCH") == rig.show("entry-1", frame="f-1")
        assert [] == rig.motors["entry-1"].orders
        again = rig.restart()
        again.turns()
        assert ["raise"] == again.motors["entry-1"].orders
        assert ["f-1"] == [one["frame"] for one in again.told("entry-1")]
        assert ("stay", "ALREADY_ADMITTED") == again.show("entry-1", frame="f-2")
        assert ("open", "MATCH") == again.show("entry-1", frame="f-1")
        assert ["raise"] == again.motors["entry-1"].orders

    def test_gives_up_an_opening_too_old_but_lets_the_truck_try_again(self, rig):
        """
        Nobody knows who stands there now: the barrier stays shut until the next frame.
        """
        rig.expect(admission())
        rig.gate._barriers.open = lambda opening: None
        rig.show("entry-1")
        rig.wall.advance(16)
        again = rig.restart()
        again.turns()
        assert [] == again.motors["entry-1"].orders
        assert ("open", "MATCH") == again.show("entry-1")

    def test_finds_a_boom_that_got_open_while_it_was_dead(self, rig):
        """
        The boom was already moving: the passage is spent, the barrier closes after its hold.
        """
        motors = {"entry-1": FakeMotor(), "exit-1": FakeMotor()}
        rig = Rig(rig.directory / "other", motors=motors)
        rig.expect(admission())
        rig.show("entry-1")
        motors["entry-1"].at = Boom.RAISED
        again = rig.restart()
        assert ("stay", "ALREADY_ADMITTED") == again.show("entry-1")
        again.turns(seconds=10)
        assert ["raise", "lower"] == motors["entry-1"].orders

    def test_remembers_whom_it_let_in_though_a_new_list_names_them_no_more(self, rig):
        """
        Marks survive restarts and lists.
        """
        rig.expect(admission())
        rig.show("entry-1")
        rig.turns()
        again = rig.restart()
        again.expect(admission("777KLM05"), version=2)
        assert ("open", "MATCH") == again.show("exit-1")
        again.turns()
        assert ("stay", "NOT_ADMITTED") == again.show("exit-1")


class Crash(BaseException):
    """
    Ends everything at once, as SIGKILL does.
    """


class Doom:
    """
    Counts what has an effect (a commit, a word to the site, an order to a motor) and crashes before or after the one chosen.
    """

    def __init__(self, rig, *, at):
        self._left = at
        self._depth = 0
        self._transaction = rig.records.database.transaction
        rig.records.database.transaction = self.transaction
        rig.link.publish = self.around(rig.link.publish)
        for motor in rig.motors.values():
            motor.raise_boom = self.around(motor.raise_boom)

    def step(self):
        """
        One moment at which a crash may come.
        """
        self._left -= 1
        if self._left == 0:
            raise Crash

    def around(self, effect):
        """
        A crash may come before it and after it.
        """

        def doomed(**arguments):
            self.step()
            effect(**arguments)
            self.step()

        return doomed

    @contextlib.contextmanager
    def transaction(self):
        """
        A crash may come before it begins and after it is committed.
        """
        if self._depth == 0:
            self.step()
        self._depth += 1
        try:
            with self._transaction() as connection:
                yield connection
        finally:
            self._depth -= 1
        if self._depth == 0:
            self.step()


class TestCrashAnywhere:
    @pytest.mark.parametrize("at", range(1, 16))
    def test_ends_where_the_run_without_a_crash_ends(self, tmp_path, at):
        """
        Killed at any effect of an admission: after the restart, and the reader's frame once more, the truck is in once and can leave.
        """
        rig = Rig(tmp_path)
        rig.expect(admission())
        motors = {lane: FakeMotor(obedient=True) for lane in rig.motors}
        rig.motors.update(motors)
        rig.gate._barriers = rig._barriers(rig.gate._changed)
        Doom(rig, at=at)
        crashed = False
        try:
            rig.show("entry-1", frame="f-1")
            rig.turns(count=1)
        except Crash:
            crashed = True
        again = Rig(
            tmp_path, clock=rig.clock, wall=rig.wall, motors={lane: FakeMotor(motor.at, obedient=True) for lane, motor in motors.items()}
        )
        assert ("open", "MATCH") == again.show("entry-1", frame="f-1")
        again.turns()
        assert ("stay", "ALREADY_ADMITTED") == again.show("entry-1", frame="f-2")
        assert Boom.RAISED is again.motors["entry-1"].at
        passages = [one["frame"] for one in again.journal("passage") if one["decision"]["action"] == "open"]
        assert (["f-1"], ("open", "MATCH")) == (passages, again.show("exit-1"))
        assert crashed == (at <= LAST_EFFECT)
