"""
A fault at every call to the store, before and after it was done, of every journey of the Order: whoever tries again ends where the fault-free
run ends (T13). Without an engine, where it is the use case that is tried, and on one in the slow suite; beside `test_faults`, where the engine's
own answers are lost.
"""

import pytest

from tests.conftest import open_store
from tests.fakes.faulty_engine import FaultyEngine
from tests.fakes.faulty_store import KINDS, FaultyStore
from tests.fakes.memory_store import MemoryStore
from tests.fakes.retold import Journey, swept
from tests.fakes.rules import next_step
from tests.usecases import test_bank_faults, test_faults, test_faults_of_changes
from tests.usecases.journeys import JOURNEYS
from tests.usecases.money_journeys import MONEY

EVERY = JOURNEYS | test_faults.SCENES | test_faults_of_changes.SCENES | test_bank_faults.SCENES
FAULTS = [*((kind, 1) for kind in KINDS), ("silent_before", 2), ("refuse", 2)]
ON_AN_ENGINE = [("refuse", 1), ("crash_after", 1), ("silent_after", 2)]
FEWEST_CALLS = 3

pytestmark = pytest.mark.rule(
    "16", "18", "20", "23", "28", "31", "34", "35", "6-2", "27", "D3", "D11", "D15", "D18", "D19", "D21", "D22", "D30"
)


@pytest.fixture(scope="module")
def tables(engine):
    """
    One set of tables for all: each journey empties them.
    """
    return open_store(engine)


class TestFaultAtEveryCall:
    @pytest.mark.parametrize("name", EVERY)
    def test_ends_where_the_fault_free_run_ends(self, name):
        """
        Silent, refused or dead, before the call or after it, once or for long: the same answer, the same rows, the same intents.
        """
        assert swept(Journey(FaultyStore(MemoryStore(next_step=next_step)), *EVERY[name]), FAULTS) >= FEWEST_CALLS


@pytest.mark.slow
class TestFaultOnAnEngine:
    @pytest.mark.parametrize("name", JOURNEYS | MONEY)
    def test_ends_where_the_fault_free_run_ends_there_too(self, tables, name):
        """
        The journeys that no scene tells on an engine: conditions, indexes and pages are its own.
        """
        assert swept(Journey(FaultyEngine(tables), *(JOURNEYS | MONEY)[name]), ON_AN_ENGINE) >= 1
