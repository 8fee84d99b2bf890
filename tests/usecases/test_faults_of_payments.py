"""
A fault at every call to the store and to the provider, before and after it was done, of every journey of money: whoever tries again ends where
the fault-free run ends (T13, D30).
"""

import pytest

from tests.fakes.faulty_store import KINDS, FaultyStore
from tests.fakes.memory_store import MemoryStore
from tests.fakes.retold import Journey, swept
from tests.fakes.rules import next_step
from tests.usecases.money_journeys import MONEY

FAULTS = [*((kind, 1) for kind in KINDS), ("silent_before", 2), ("silent_after", 2)]


@pytest.mark.rule("23", "26", "27", "28", "D28", "D30")
class TestFaultAtEveryCall:
    @pytest.mark.parametrize("name", MONEY)
    def test_ends_where_the_fault_free_run_ends(self, name):
        """
        Silent, refused or dead, store or provider, before the call or after it, once or for long: the same rows here, the same things there.
        """
        assert swept(Journey(FaultyStore(MemoryStore(next_step=next_step)), *MONEY[name]), FAULTS) >= 1
