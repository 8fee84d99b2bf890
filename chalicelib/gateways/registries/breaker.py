"""
A circuit breaker for each register: one that keeps silent is left alone for a while, so that it neither holds up others nor is trampled when it returns.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FAILURES_TO_OPEN: Final = 5
"""Silent rounds in a row."""
OPEN_SECONDS: Final = 5.0


class BreakerState(StrEnum):
    """
    Asked, left alone, or about to be tried by a single question.
    """

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(slots=True)
class _Circuit:
    state: BreakerState = BreakerState.CLOSED
    failures: int = 0
    since: float = 0.0


class Breakers:
    """
    All registers' breakers of one process, shared by its threads: a dictionary under a lock, nothing is asked or stored to know them.

    `now` gives seconds (business time: a clock moved by hours does not leave a register shut out); `tell` hears each change of state.
    """

    def __init__(self, *, now: Callable[[], float], tell: Callable[[str, BreakerState], None]) -> None:
        self._now = now
        self._tell = tell
        self._lock = threading.Lock()
        self._circuits: dict[str, _Circuit] = {}

    def admits(self, source: str) -> bool:
        """
        Tell whether a register may be asked now; after its pause one round probes it, whoever else comes waits for that round's outcome.
        """
        with self._lock:
            circuit = self._circuits.setdefault(source, _Circuit())
            if circuit.state is BreakerState.CLOSED:
                return True
            # a probe whose outcome never came (a process frozen in between) must not shut the register out for good
            if not 0 <= self._now() - circuit.since < OPEN_SECONDS:
                self._turn(source, circuit, BreakerState.HALF_OPEN)
                return True
            return False

    def settle(self, source: str, *, answered: bool) -> None:
        """
        Note how a round ended for a register: an answer of any kind closes, silence counts toward opening.
        """
        with self._lock:
            circuit = self._circuits.setdefault(source, _Circuit())
            if answered:
                circuit.failures = 0
                self._turn(source, circuit, BreakerState.CLOSED)
                return
            circuit.failures += 1
            if circuit.state is not BreakerState.CLOSED or circuit.failures >= FAILURES_TO_OPEN:
                self._turn(source, circuit, BreakerState.OPEN)

    def state(self, source: str) -> BreakerState:
        """
        Give a breaker's state.
        """
        with self._lock:
            return self._circuits.get(source, _Circuit()).state

    def _turn(self, source: str, circuit: _Circuit, state: BreakerState) -> None:
        changed, circuit.state, circuit.since = circuit.state is not state, state, self._now()
        if changed:
            self._tell(source, state)
