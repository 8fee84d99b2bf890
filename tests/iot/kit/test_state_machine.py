from enum import Enum

import pytest

from iot.kit.state_machine import IncompleteTableError, Machine, Table, UnexpectedEventError


class Lamp(Enum):
    DARK = "dark"
    LIT = "lit"


class Event(Enum):
    PRESS = "press"
    TIMEOUT = "timeout"


MOVES = {(Lamp.DARK, Event.PRESS): Lamp.LIT, (Lamp.LIT, Event.TIMEOUT): Lamp.DARK, (Lamp.DARK, Event.TIMEOUT): Lamp.DARK}
TABLE = Table(moves=MOVES, timeout=Event.TIMEOUT)


def lamp():
    return Machine(table=TABLE, timeouts={Lamp.DARK: 60, Lamp.LIT: 5}, state=Lamp.DARK, now=0)


class TestTable:
    def test_refuses_a_state_that_no_timeout_leaves(self):
        """
        One could be stuck in it.
        """
        with pytest.raises(IncompleteTableError, match="LIT"):
            Table(moves={(Lamp.DARK, Event.PRESS): Lamp.LIT, (Lamp.DARK, Event.TIMEOUT): Lamp.DARK}, timeout=Event.TIMEOUT)

    def test_cannot_be_changed(self):
        """
        Frozen.
        """
        with pytest.raises(TypeError):
            TABLE.moves[Lamp.LIT, Event.PRESS] = Lamp.DARK


class TestMachine:
    def test_moves_by_its_table_and_by_nothing_else(self):
        """
        An event without a move is an error, and moves nothing.
        """
        machine = lamp()
        assert Lamp.DARK is machine.handle(Event.PRESS, now=1)
        with pytest.raises(UnexpectedEventError):
            machine.handle(Event.PRESS, now=2)
        assert Lamp.LIT is machine.state

    def test_knows_when_a_states_time_is_over(self):
        """
        Counted from the last move, also from one to itself.
        """
        machine = lamp()
        machine.handle(Event.PRESS, now=10)
        assert (False, True) == (machine.expired(now=14.9), machine.expired(now=15))

    def test_refuses_a_state_without_a_time(self):
        """
        Every state has its timeout in seconds.
        """
        with pytest.raises(IncompleteTableError, match="LIT"):
            Machine(table=TABLE, timeouts={Lamp.DARK: 60}, state=Lamp.DARK, now=0)
