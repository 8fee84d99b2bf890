"""
One frozen transition table per machine; every state is left by an event or by its timeout, anything else is an error.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Generic, TypeVar

S = TypeVar("S", bound=Enum)
E = TypeVar("E", bound=Enum)


class UnexpectedEventError(Exception):
    """
    The table has no move for this event in this state.
    """


class IncompleteTableError(ValueError):
    """
    A state without timeout, or without a move for it: one could be stuck there.
    """


class Table(Generic[S, E]):
    """
    Moves `{(state, event): state}`; refuses to exist when a state named in it cannot be left by `timeout`.
    """

    def __init__(self, *, moves: Mapping[tuple[S, E], S], timeout: E) -> None:
        self.moves = MappingProxyType(dict(moves))
        self.timeout = timeout
        self.states = frozenset(state for state, _ in moves) | frozenset(moves.values())
        stuck = [state for state in self.states if (state, timeout) not in self.moves]
        if stuck:
            raise IncompleteTableError(f"no timeout leaves {stuck}")


class Machine(Generic[S, E]):
    """
    A state and since when (monotonic seconds). `timeouts` are seconds per state, one for each.
    """

    def __init__(self, *, table: Table[S, E], timeouts: Mapping[S, float], state: S, now: float) -> None:
        missing = table.states - timeouts.keys()
        if missing:
            raise IncompleteTableError(f"no timeout is set for {sorted(state.name for state in missing)}")
        self._table = table
        self._timeouts = MappingProxyType(dict(timeouts))
        self.state = state
        self.since = now

    def handle(self, event: E, *, now: float) -> S:
        """
        Move and give the state left. A move to the same state starts its timeout anew. `UnexpectedEventError` without a move.
        """
        if (self.state, event) not in self._table.moves:
            raise UnexpectedEventError(f"{event.name} in {self.state.name}")
        previous, self.state, self.since = self.state, self._table.moves[self.state, event], now
        return previous

    def expired(self, *, now: float) -> bool:
        """
        Tell whether the present state's time is over: whoever asks then handles the timeout event.
        """
        return now - self.since >= self._timeouts[self.state]
