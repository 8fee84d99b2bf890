import itertools

import pytest

from chalicelib.contracts.passages import BarrierState
from iot.gate.barrier import TABLE, Barrier, Event
from iot.gate.motor import Boom, SimulatedMotor
from iot.gate.settings import BarrierTimes
from iot.kit.state_machine import Machine, UnexpectedEventError
from tests.iot.gate.fake_motor import FakeMotor
from tests.iot.kit.clocks import Ticks

TIMES = BarrierTimes(travel=1.5, hold=10, patience=5, rest=30, self_check=60)


class Bench:
    """
    A barrier with a fake motor and time in the test's hand.
    """

    def __init__(self, at=Boom.LOWERED):
        self.motor = FakeMotor(at)
        self.changes = []
        self.now = 0.0
        self.barrier = Barrier(motor=self.motor, times=TIMES, on_change=lambda *change: self.changes.append(change), now=0.0)

    def open(self, cause="frame"):
        """
        Order it open.
        """
        self.barrier.open(cause=cause, now=self.now)

    def after(self, seconds, boom=None):
        """
        Let time pass, put the boom somewhere, look, and give the state.
        """
        self.now += seconds
        self.motor.at = boom or self.motor.at
        self.barrier.poll(now=self.now)
        return self.barrier.state.value

    def opened(self):
        """
        Opened for a frame.
        """
        self.open()
        assert self.after(1.5, Boom.RAISED) == "open"
        return self


class TestBarrier:
    def test_opens_holds_and_closes_by_itself(self):
        """
        The whole way, with what caused each move.
        """
        bench = Bench().opened()
        assert ["open", "closing"] == [bench.after(9.9), bench.after(0.1)]
        assert "closed" == bench.after(1.5, Boom.LOWERED)
        assert [
            ("closed", "opening", "frame"),
            ("opening", "open", "frame"),
            ("open", "closing", "timeout"),
            ("closing", "closed", "frame"),
        ] == bench.changes
        assert ["raise", "lower"] == bench.motor.orders

    @pytest.mark.parametrize("state", list(BarrierState))
    def test_leaves_every_state_by_its_timeout(self, state):
        """
        Whatever the motor does or does not: from each state, in a bounded time, to one that moves or is closed.
        """
        timeouts = dict.fromkeys(BarrierState, 5.0)
        machine = Machine(table=TABLE, timeouts=timeouts, state=state, now=0)
        assert machine.expired(now=5)
        machine.handle(Event.TIMEOUT, now=5)
        expected = {"closed": "closed", "opening": "faulted", "open": "closing", "closing": "faulted", "faulted": "closing"}
        assert expected[state] == machine.state

    @pytest.mark.parametrize(("state", "event"), list(itertools.product(BarrierState, Event)))
    def test_treats_anything_the_table_does_not_name_as_an_error(self, state, event):
        """
        A move is in the table, or there is none.
        """
        machine = Machine(table=TABLE, timeouts=dict.fromkeys(BarrierState, 5.0), state=state, now=0)
        if (state, event) in TABLE.moves:
            machine.handle(event, now=1)
        else:
            with pytest.raises(UnexpectedEventError):
                machine.handle(event, now=1)

    def test_faults_when_the_boom_does_not_get_up_or_down(self):
        """
        A jammed boom is stopped, rests, and is closed by itself when it can.
        """
        bench = Bench()
        bench.open()
        assert ["opening", "faulted"] == [bench.after(4.9), bench.after(0.1)]
        assert ["faulted", "closing", "faulted"] == [bench.after(29.9), bench.after(0.1), bench.after(5)]
        assert ["closing", "closed"] == [bench.after(30), bench.after(1.5, Boom.LOWERED)]
        assert ["raise", "stop", "lower", "stop", "lower"] == bench.motor.orders

    def test_never_closes_on_what_stands_under_it(self):
        """
        The hold lasts as long as the obstacle; one that appears while closing sends the boom up again.
        """
        bench = Bench().opened()
        bench.motor.blocked = True
        assert "open" == bench.after(11)
        bench.motor.blocked = False
        assert ["open", "closing"] == [bench.after(9.9), bench.after(0.1)]
        bench.motor.blocked = True
        assert "opening" == bench.after(0.5, Boom.BETWEEN)
        assert "open" == bench.after(1, Boom.RAISED)

    def test_an_order_while_closing_opens_again_and_while_open_holds_anew(self):
        """
        The next truck is not shut out.
        """
        bench = Bench().opened()
        bench.after(9)
        bench.open("second")
        assert ["open", "closing"] == [bench.after(9.9), bench.after(0.1)]
        bench.open("third")
        assert "open" == bench.after(1.5, Boom.RAISED)
        assert "third" == bench.changes[-1][2]

    def test_notices_a_boom_that_was_moved_by_force(self):
        """
        Closed and not down, or open and not up: faulted, and an officer's order still works.
        """
        bench = Bench()
        assert "faulted" == bench.after(1, Boom.BETWEEN)
        bench.open("officer")
        assert "open" == bench.after(1, Boom.RAISED)
        assert "faulted" == bench.after(1, Boom.BETWEEN)

    @pytest.mark.parametrize(
        ("boom", "state", "orders"), [("lowered", "closed", []), ("raised", "open", []), ("between", "closing", ["lower"])]
    )
    def test_starts_from_where_the_boom_is(self, boom, state, orders):
        """
        After a crash nobody remembers; the limit switches know.
        """
        bench = Bench(Boom(boom))
        assert (state, orders) == (bench.barrier.state, bench.motor.orders)


class TestSimulatedMotor:
    def test_travels_in_its_time_and_stays_where_it_is_over_a_restart(self, tmp_path):
        """
        Another process finds the boom where the first one left it, still moving.
        """
        wall = Ticks(1000.0)
        motor = SimulatedMotor(file=tmp_path / "boom.json", travel_seconds=1.5, wall=wall)
        motor.raise_boom()
        wall.advance(1.4)
        assert Boom.BETWEEN is SimulatedMotor(file=tmp_path / "boom.json", travel_seconds=1.5, wall=wall).boom()
        wall.advance(0.2)
        again = SimulatedMotor(file=tmp_path / "boom.json", travel_seconds=1.5, wall=wall)
        assert Boom.RAISED is again.boom()
        again.lower_boom()
        wall.advance(0.75)
        again.stop()
        wall.advance(9)
        assert Boom.BETWEEN is again.boom()

    def test_jams_and_is_obstructed_as_its_trouble_file_says(self, tmp_path):
        """
        From outside the process, and until the file is gone.
        """
        wall = Ticks(1000.0)
        motor = SimulatedMotor(file=tmp_path / "boom.json", travel_seconds=1.5, wall=wall)
        motor.trouble_file.write_text("jammed")
        motor.raise_boom()
        wall.advance(60)
        assert (Boom.LOWERED, False) == (motor.boom(), motor.obstructed())
        motor.trouble_file.write_text("obstructed")
        assert motor.obstructed()
        motor.trouble_file.unlink()
        motor.raise_boom()
        wall.advance(2)
        assert (Boom.RAISED, False) == (motor.boom(), motor.obstructed())
