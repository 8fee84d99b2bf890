"""
A prepared state and what is done to it, with a fault at one database call after another and a client that tries again (T13).
"""

import itertools

from chalicelib.domain.payments import UnableToReachProviderError
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import StoreBusyError
from tests.fakes import faults
from tests.fakes.card_house import CardHouse
from tests.fakes.office import Office
from tests.fakes.outside import CountingChance, StandingClock

MOST_RETRIES = 10
PASSING = [(kind, 1) for kind in ("unreachable", "refuse", "conflict", "throttle", "timeout_before", "timeout_after")]
DYING = [("crash_before", 1), ("crash_after", 1)]
LASTING = [(kind, 5) for kind in ("throttle", "conflict", "timeout_before", "timeout_after", "refuse")]
DEFAULT = [("refuse", 1), ("crash_before", 1), ("crash_after", 1), ("timeout_after", 5)]
RARER = [fault for fault in PASSING + DYING + LASTING if fault not in DEFAULT]


class Scene:
    """
    A prepared state and what is done to it, repeated with a fault at one call after another.
    """

    def __init__(self, store, states, *, prepare, act):
        self._act = act
        self._store, self._states = store, states
        self._states.clear()
        first = self._office({})
        first.open()
        prepare(first)
        self._intents, self._refunds, self._now = dict(first.provider.intents), dict(first.provider.refunds), first.clock.time
        self._before = self._states.take()

    def _office(self, intents):
        provider = CardHouse()
        provider.intents = dict(intents)
        provider.refunds = dict(getattr(self, "_refunds", {}))
        clock = StandingClock(self._now) if intents or hasattr(self, "_now") else StandingClock()
        return Office(self._store, provider=provider, clock=clock, chance=CountingChance())

    def play(self, fault=None, *, lost=0):
        """
        Do it from the prepared state, as a client that tries again, at another process after a crash: (answer, state, provider's intents).
        """
        self._states.put_back(self._before)
        office = self._office(self._intents)
        office.provider.lost = lost
        kind, call, lasting = fault or (None, 0, 1)
        with faults.at(self._store, call=call, kind=kind, lasting=lasting) as put_in:
            answer = self._until_answered(office)
        return put_in.hit, (
            answer,
            self._states.plain(self._states.take()),
            sorted(office.provider.intents.values()),
            sorted(office.provider.refunds.values()),
        )

    def _until_answered(self, office):
        for _ in range(MOST_RETRIES):
            try:
                return plain(self._act(office))
            except (StoreBusyError, faults.ProcessDiedError, UnableToReachProviderError):
                office = office.rebuilt()
        raise AssertionError("no answer after all retries")


def plain(answer):
    """
    Spell an answer without the numbers of counted ids; a webhook's or step's `False` after a retry says that it was done already.
    """
    if isinstance(answer, bool):
        return "received"
    assert isinstance(answer, Done), answer
    return (
        answer.status,
        answer.resource,
        sorted(name if name in {"attempt", "refunds"} else (name, answer.answer[name]) for name in answer.answer),
    )


def sweep(scene, *, kind, lasting, lost=0):
    """
    Put a fault at every call in turn until none is reached; give how many calls there were.
    """
    _, wanted = scene.play()
    for call in itertools.count(1):
        hit, got = scene.play((kind, call, lasting), lost=lost)
        if not hit:
            return call - 1
        assert wanted == got, f"{kind} ×{lasting} at call {call}"
    return 0
