"""
A lane's barrier: five states, one transition table, each state left by an event or by its timeout. Moments are monotonic seconds.
"""

import logging
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from chalicelib.contracts.passages import BarrierState
from iot.gate.motor import Boom, Motor
from iot.gate.settings import BarrierTimes
from iot.kit.state_machine import Machine, Table

LOGGER = logging.getLogger(__name__)


class Event(StrEnum):
    """
    What can happen to a barrier.
    """

    OPEN = "open"
    CLOSE = "close"
    RAISED = "raised"
    LOWERED = "lowered"
    OBSTRUCTED = "obstructed"
    LOST = "lost"
    TIMEOUT = "timeout"


_CLOSED, _OPENING, _OPEN, _CLOSING, _FAULTED = BarrierState

TABLE: Final = Table(
    moves={
        (_CLOSED, Event.OPEN): _OPENING,
        (_CLOSED, Event.CLOSE): _CLOSED,
        (_CLOSED, Event.LOST): _FAULTED,
        (_CLOSED, Event.TIMEOUT): _CLOSED,
        (_OPENING, Event.OPEN): _OPENING,
        (_OPENING, Event.CLOSE): _CLOSING,
        (_OPENING, Event.RAISED): _OPEN,
        (_OPENING, Event.TIMEOUT): _FAULTED,
        (_OPEN, Event.OPEN): _OPEN,
        (_OPEN, Event.CLOSE): _CLOSING,
        (_OPEN, Event.OBSTRUCTED): _OPEN,
        (_OPEN, Event.LOST): _FAULTED,
        (_OPEN, Event.TIMEOUT): _CLOSING,
        (_CLOSING, Event.OPEN): _OPENING,
        (_CLOSING, Event.CLOSE): _CLOSING,
        (_CLOSING, Event.LOWERED): _CLOSED,
        (_CLOSING, Event.OBSTRUCTED): _OPENING,
        (_CLOSING, Event.TIMEOUT): _FAULTED,
        (_FAULTED, Event.OPEN): _OPENING,
        (_FAULTED, Event.CLOSE): _CLOSING,
        (_FAULTED, Event.TIMEOUT): _CLOSING,
    },
    timeout=Event.TIMEOUT,
)
"""A closed barrier's timeout is its self-check; a faulted one tries to close by itself after a rest, or obeys an officer."""

OnChange = Callable[[BarrierState, BarrierState, str], None]
"""Called with previous state, new state and cause."""


class Barrier:
    """
    Drives one motor. `open` and `close` are orders with a cause; `poll`, called often, sees limit switches, obstacles and timeouts.
    """

    def __init__(self, *, motor: Motor, times: BarrierTimes, on_change: OnChange, now: float) -> None:
        self._motor = motor
        self._on_change = on_change
        self.cause = "start"
        started = {Boom.LOWERED: _CLOSED, Boom.RAISED: _OPEN, Boom.BETWEEN: _CLOSING}[motor.boom()]
        timeouts = {
            _CLOSED: times.self_check,
            _OPENING: times.patience,
            _OPEN: times.hold,
            _CLOSING: times.patience,
            _FAULTED: times.rest,
        }
        self._machine = Machine(table=TABLE, timeouts=timeouts, state=started, now=now)
        if started is _CLOSING:
            self._motor.lower_boom()

    @property
    def state(self) -> BarrierState:
        """
        The present state.
        """
        return self._machine.state

    @property
    def moving(self) -> bool:
        """
        Whether the boom is under way and wants to be polled often.
        """
        return self.state in {_OPENING, _CLOSING}

    def open(self, *, cause: str, now: float) -> None:
        """
        Order it open; one already open is held for its full time anew.
        """
        self._handle(Event.OPEN, cause=cause, now=now)

    def close(self, *, cause: str, now: float) -> None:
        """
        Order it closed.
        """
        self._handle(Event.CLOSE, cause=cause, now=now)

    def poll(self, *, now: float) -> None:
        """
        Handle at most one thing that has happened since.
        """
        event = self._happened(now=now)
        if event is not None:
            self._handle(event, cause=event.value, now=now)

    def _happened(self, *, now: float) -> Event | None:
        boom, state = self._motor.boom(), self.state
        if state is _OPENING and boom is Boom.RAISED:
            return Event.RAISED
        if state is _CLOSING and boom is Boom.LOWERED:
            return Event.LOWERED
        if state in {_OPEN, _CLOSING} and self._motor.obstructed():
            return Event.OBSTRUCTED
        if (state is _CLOSED and boom is not Boom.LOWERED) or (state is _OPEN and boom is not Boom.RAISED):
            return Event.LOST
        return Event.TIMEOUT if self._machine.expired(now=now) else None

    def _handle(self, event: Event, *, cause: str, now: float) -> None:
        previous = self._machine.handle(event, now=now)
        state = self._machine.state
        if state is previous:
            return
        if event in {Event.OPEN, Event.CLOSE}:
            self.cause = cause
        self._drive(state)
        told = self.cause if event in {Event.RAISED, Event.LOWERED} else cause
        LOGGER.info("barrier %s -> %s (%s)", previous, state, told)
        self._on_change(previous, state, told)

    def _drive(self, state: BarrierState) -> None:
        if state is _OPENING:
            self._motor.raise_boom()
        elif state is _CLOSING:
            self._motor.lower_boom()
        elif state is _FAULTED:
            self._motor.stop()
