"""
A fault at every call to the store, before and after it was done, of every journey of the Order: whoever tries again ends where the fault-free
run ends (T13). Without an engine, where it is the use case that is tried; beside `test_faults`, where the engine's own answers are lost.
"""

import itertools

import pytest

from chalicelib.domain.payments import UnableToReachProviderError
from chalicelib.usecases.ports import StoreBusyError
from tests.fakes.card_house import CardHouse
from tests.fakes.faults import ProcessDiedError
from tests.fakes.faulty_store import DRAWN, KINDS, FaultyStore, Interruption
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.outside import MarkedChance, StandingClock
from tests.fakes.rules import next_step
from tests.fakes.scenes import MOST_RETRIES, plain
from tests.usecases import test_bank_faults, test_faults, test_faults_of_changes
from tests.usecases.journeys import JOURNEYS

EVERY = JOURNEYS | test_faults.SCENES | test_faults_of_changes.SCENES | test_bank_faults.SCENES
FAULTS = [*((kind, 1) for kind in KINDS), ("silent_before", 2), ("refuse", 2)]
FEWEST_CALLS = 3


class Journey:
    """
    A journey told again and again from one prepared state, each time with another call failing.
    """

    def __init__(self, prepare, act):
        self._act = act
        self.store = FaultyStore(MemoryStore(next_step=next_step))
        first = Office(self.store, chance=MarkedChance())
        first.open()
        prepare(first)
        self._first, self._now, self._intents = first, first.clock.now(), dict(first.provider.intents)
        self._before, self._begun = self.store.take(), self.store.plain()

    def play(self, *fault):
        """
        Go on from the prepared state, in another process after each failure: whether the fault was reached, and (answer, state, intents).
        """
        self.store.put_back(self._before)
        self.store.interruption = interruption = Interruption(*fault)
        provider, clock = CardHouse(), StandingClock(self._now)
        provider.intents = dict(self._intents)
        world = {"provider": provider, "clock": clock, "people": self._first.people, "registers": self._first.registers}
        office = Office(self.store, chance=MarkedChance(), **world)
        for _ in range(MOST_RETRIES):
            try:
                answer = plain(self._act(office))
            except (StoreBusyError, ProcessDiedError, UnableToReachProviderError):
                office = office.rebuilt()
            else:
                return interruption.hit, (DRAWN.sub("_#", str(answer)), self.store.plain(), sorted(provider.intents.values()))
        raise AssertionError("no answer after all retries")

    def changes(self, came_to):
        """
        Tell whether the journey changed anything at all.
        """
        return came_to[1] != self._begun


@pytest.mark.rule("16", "18", "20", "23", "28", "31", "34", "35", "6-2", "27", "D3", "D11", "D15", "D18", "D19", "D21", "D22", "D30")
class TestFaultAtEveryCall:
    @pytest.mark.parametrize("name", EVERY)
    def test_ends_where_the_fault_free_run_ends(self, name):
        """
        Silent, refused or dead, before the call or after it, once or for long: the same answer, the same rows, the same intents.
        """
        journey = Journey(*EVERY[name])
        _, wanted = journey.play()

        assert journey.changes(wanted)
        for kind, lasting in FAULTS:
            for call in itertools.count(1):
                hit, got = journey.play(kind, call, lasting)
                assert wanted == got, f"{kind} ×{lasting} at call {call}"
                if not hit:
                    break
            assert call > FEWEST_CALLS
