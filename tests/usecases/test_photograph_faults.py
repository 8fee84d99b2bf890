"""
A fault at every call of the task that holds photographs: whoever delivers it again ends where the fault-free run ends (T13, D31).
"""

import itertools

import pytest

from chalicelib.domain.complaints import About
from chalicelib.usecases.ports import NobodyThereError, StoreBusyError
from tests.fakes.faults import ProcessDiedError
from tests.fakes.faulty_store import KINDS, FaultyStore, Interruption, Port
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.rules import next_step
from tests.fakes.scenes import MOST_RETRIES
from tests.usecases.photographs import MINE, a_disputed_no_show, message_of, pending, shots


@pytest.mark.rule("6-2", "D31")
class TestFaultAtEveryCall:
    @pytest.mark.parametrize("kind", KINDS)
    def test_ends_where_the_fault_free_run_ends(self, kind):
        """
        Store or storage, before the deed or after it, silent or the process dead: the same copies, registered and decided.
        """
        for call in itertools.count(1):
            interruption, office, complaint = played(kind, call)
            assert ({}, {complaint: shots(*MINE)}) == (office.shelf.held, office.shelf.decided), f"{kind} at call {call}"
            if not interruption.hit:
                break
        assert call > 15


def played(kind, call):
    """
    Register and decide a complaint and deliver what follows, with a fault at one call of the deliveries.
    """
    store = FaultyStore(MemoryStore(next_step=next_step))
    office = Office(store)
    office.open()
    a_disputed_no_show(office)
    complaint = office.complained(About.DEPOSIT, booking="bk_1").resource
    interruption = Interruption(kind, call)
    messages = [message_of(office, complaint)]
    office.ruled(complaint, upheld=False)
    messages += [each for each in pending(office) if each.id != messages[0].id]
    shelf, store.interruption = office.shelf, interruption
    office.shelf = Port(shelf, interruption)
    for message in messages:
        delivered(office, message)
    store.interruption, office.shelf = Interruption(), shelf
    return interruption, office, complaint


def delivered(office, message):
    """
    Deliver one message, as sweeps do: again after each failure.
    """
    for _ in range(MOST_RETRIES):
        try:
            office.hold_photographs(message)
        except (StoreBusyError, ProcessDiedError, NobodyThereError):
            continue
        return
    raise AssertionError("never delivered")
