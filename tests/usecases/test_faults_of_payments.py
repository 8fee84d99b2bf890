"""
A fault at every call to the store and to the provider, before and after it was done, of every journey of money: whoever tries again ends where
the fault-free run ends (T13, D30).
"""

import copy
import itertools
import re

import pytest

from chalicelib.domain.payments import UnableToReachProviderError
from chalicelib.usecases.ports import StoreBusyError
from tests.fakes.faults import ProcessDiedError
from tests.fakes.faulty_store import DRAWN, KINDS, FaultyStore, Interruption
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.outside import MarkedChance, StandingClock
from tests.fakes.rules import next_step
from tests.fakes.scenes import MOST_RETRIES, plain
from tests.usecases.money_journeys import MONEY

CALLS = frozenset({"save_customer", "open_intent", "find_intent", "cancel_intent", "refund", "find_refund", "events", "movements", "moved"})
READ = re.compile(r"(Bookmark\(.*?version=)\d+")
"""How often a bookmark was moved says nothing of where it lies."""
FAULTS = [*((kind, 1) for kind in KINDS), ("silent_before", 2), ("silent_after", 2)]


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
    A journey told again and again from one prepared state, each time with another call failing.
    """

    def __init__(self, prepare, act):
        self._act = act
        self.store = FaultyStore(MemoryStore(next_step=next_step))
        first = Office(self.store, chance=MarkedChance())
        first.open()
        prepare(first)
        self._house, self._now = first.provider, first.clock.now()
        self._before, self._begun = self.store.take(), self._told()

    def _told(self):
        return {type_: [READ.sub(r"\1#", each) for each in found] for type_, found in self.store.plain().items()}

    def play(self, *fault):
        """
        Go on from the prepared state, in another process after each failure: whether the fault was reached, and what came of it here and there.
        """
        self.store.put_back(self._before)
        self.store.interruption = interruption = Interruption(*fault)
        house = copy.deepcopy(self._house)
        office = Office(self.store, chance=MarkedChance(), clock=StandingClock(self._now), provider=FaultyProvider(house, self.store))
        for _ in range(MOST_RETRIES):
            try:
                answer = plain(self._act(office))
            except (StoreBusyError, ProcessDiedError, UnableToReachProviderError):
                office = office.rebuilt()
            else:
                there = (
                    sorted(house.intents.values()),
                    sorted(house.refunds.values()),
                    sorted(house.customers),
                    sorted(set(house.canceled)),
                )
                return interruption.hit, DRAWN.sub("_#", str((answer, there))), self._told()
        raise AssertionError("no answer after all retries")

    def changes(self, came_to):
        """
        Tell whether the journey changed anything at all.
        """
        return came_to != self._begun


@pytest.mark.rule("23", "26", "27", "28", "D28", "D30")
class TestFaultAtEveryCall:
    @pytest.mark.parametrize("name", MONEY)
    def test_ends_where_the_fault_free_run_ends(self, name):
        """
        Silent, refused or dead, store or provider, before the call or after it, once or for long: the same rows here, the same things there.
        """
        journey = Journey(*MONEY[name])
        _, answer, rows = journey.play()

        assert journey.changes(rows)
        for kind, lasting in FAULTS:
            for call in itertools.count(1):
                hit, *got = journey.play(kind, call, lasting)
                assert [answer, rows] == got, f"{kind} ×{lasting} at call {call}"
                if not hit:
                    break
            assert call > 1
