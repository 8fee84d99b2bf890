"""
A journey told again and again from one prepared state, each time with another call to the store or to the provider failing (T13).
"""

import copy
import itertools

from chalicelib.domain.payments import UnableToReachProviderError
from chalicelib.usecases.ports import StoreBusyError
from tests.fakes.faults import ProcessDiedError
from tests.fakes.faulty_store import DRAWN, Interruption
from tests.fakes.office import Office
from tests.fakes.outside import MarkedChance, StandingClock
from tests.fakes.scenes import MOST_RETRIES, plain

CALLS = frozenset({"save_customer", "open_intent", "find_intent", "cancel_intent", "refund", "find_refund", "events", "movements", "moved"})
FAILURES = (StoreBusyError, ProcessDiedError, UnableToReachProviderError)


class FaultyProvider:
    """
    The provider behind the same interruption as the store: unreachable before the deed, or its answer lost after it.
    """

    def __init__(self, house, store):
        self._house, self._store = house, store

    def __getattr__(self, name):
        made = getattr(self._house, name)
        return self._around(name, made) if name in CALLS else made

    def _around(self, name, made):
        def call(*args, **named):
            try:
                return self._store.interruption.around(name, lambda: made(*args, **named))
            except StoreBusyError as error:
                raise UnableToReachProviderError(name) from error

        return call


class Journey:
    """
    `store` is a `FaultyStore`, without an engine or on one; `prepare` makes the state, `act` is what is done, and done again until it is answered.
    """

    def __init__(self, store, prepare, act):
        self.store, self._act = store, act
        first = Office(store, chance=MarkedChance())
        first.open()
        prepare(first)
        self._first, self._house, self._now = first, first.provider, first.clock.now()
        self._before, self._begun = store.take(), store.plain()

    def play(self, *fault):
        """
        Go on from the prepared state, in another process after each failure: whether the fault was reached, and (answer, what there is at the
        provider, rows).
        """
        self.store.put_back(self._before)
        house, clock = copy.deepcopy(self._house), StandingClock(self._now)
        world = {"provider": FaultyProvider(house, self.store), "people": self._first.people, "registers": self._first.registers}
        office = Office(self.store, chance=MarkedChance(), clock=clock, **world)
        self.store.interruption = interruption = Interruption(*fault)
        answer = self._until_answered(office)
        self.store.interruption = Interruption()
        there = (sorted(house.intents.values()), sorted(house.refunds.values()), sorted(house.customers), sorted(set(house.canceled)))
        return interruption.hit, (DRAWN.sub("_#", str((answer, there))), self.store.plain())

    def _until_answered(self, office):
        for _ in range(MOST_RETRIES):
            try:
                return plain(self._act(office))
            except FAILURES:
                office = office.rebuilt()
        raise AssertionError("no answer after all retries")

    def changes(self, came_to):
        """
        Tell whether the journey changed anything at all.
        """
        return came_to[1] != self._begun


def swept(journey, faults):
    """
    Put every fault at every call in turn, until none is reached: each time the end is that of the fault-free run. Give how many calls there were.
    """
    _, wanted = journey.play()
    assert journey.changes(wanted)
    calls = 0
    for kind, lasting in faults:
        for call in itertools.count(1):
            hit, got = journey.play(kind, call, lasting)
            assert wanted == got, f"{kind} ×{lasting} at call {call}"
            if not hit:
                break
        calls = max(calls, call - 1)
    return calls
