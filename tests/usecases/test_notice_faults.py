"""
A fault at every database call between a notice and the phones: whoever is told is told once, and nobody is forgotten (T13, §29, §34).
"""

import contextlib
import itertools
import threading

import pytest

from chalicelib.domain.records import Task
from chalicelib.usecases.ports import PersonRecord, Remove, StoreBusyError, Write
from tests.conftest import open_store
from tests.fakes import faults, samples
from tests.fakes.mailroom import Mailroom, Phones
from tests.fakes.office import Office
from tests.fakes.snapshots import Snapshots

PHONES = {"per_1": "+77011234567", "per_2": "+79161234567", "per_3": "+8613812345678"}
USUAL = ["refuse", "crash_after"]
RARER = ["unreachable", "timeout_after", "conflict", "throttle", "timeout_before", "crash_before"]


class Scene:
    """
    A confirmed booking whose notice waits, told again and again with a fault at one call after another.
    """

    def __init__(self, store):
        self.store, self.states = store, Snapshots(store, tables=("outbox", "notifications", "driver_links", "link_tokens"))
        self.office = Office(store)
        self.office.open()
        self.office.people.put([PersonRecord(id_, "account", {"phone": phone}) for id_, phone in PHONES.items()])
        store.commit(Write(samples.account()))
        self.office.confirmed()
        for row in (row for shard in range(8) for row in store.outbox.pending(shard=shard, until=self.office.clock.now(), limit=50)):
            if row.task is not Task.NOTIFY:
                store.commit(Remove(row, row.version))
        self.before = self.states.take()

    def play(self, call, kind):
        """
        Tell with a fault at a call, then without: what arrived, how many lines the cabinet has, whether the fault was reached.
        """
        self.states.put_back(self.before)
        phones = Phones()
        with faults.at(self.store, call=call, kind=kind) as fault:
            counted = fault.strikes
            # looking for what waits changes nothing: only calls about one message are worth a fault
            fault.strikes = lambda operation: operation != "Query" and counted(operation)
            self.sweeps(phones, 2)
        self.sweeps(phones, 3)
        lines = self.store.notifications.of_account("acc_1", now=self.office.clock.now(), limit=9, cursor=None).items
        return phones, lines, fault.hit

    def sweeps(self, phones, times):
        """
        Sweep, each time in another process, later each time.
        """
        for _ in range(times):
            room = Mailroom(self.office.rebuilt(), phones=phones)
            with contextlib.suppress(StoreBusyError, faults.ProcessDiedError):
                room.sweep()
            self.office.clock.advance(seconds=5)


@pytest.fixture(scope="module")
def scene(engine):
    """
    One store for all plays.
    """
    return Scene(open_store(engine))


def check(scene, kind):
    """
    Put a fault at every call in turn until none is reached.
    """
    for call in itertools.count(1):
        phones, lines, hit = scene.play(call, kind)
        assert sorted(PHONES.values()) == sorted(to for _, to, _ in phones.texts), f"{kind} at call {call}"
        assert 1 == len(lines), f"{kind} at call {call}"
        if not hit:
            return call - 1
    return 0


class TestFaultAtEveryCall:
    @pytest.mark.rule("29", "34")
    @pytest.mark.parametrize("kind", USUAL)
    def test_tells_everybody_once(self, scene, kind):
        """
        Before or after a commit, by silence or by death: user and drivers have one text each, the cabinet one line.
        """
        assert check(scene, kind) >= 10

    @pytest.mark.slow
    @pytest.mark.rule("29", "34")
    @pytest.mark.parametrize("kind", RARER)
    def test_tells_everybody_once_after_rarer_faults(self, scene, kind):
        """
        The same for the other kinds of fault.
        """
        assert check(scene, kind) >= 10


class TestTwoSweeps:
    @pytest.mark.rule("29", "34")
    def test_at_once_tell_everybody_once(self, scene):
        """
        Two processes sweep the same outbox at the same time: one text a phone, one line in the cabinet, nothing left.
        """
        scene.states.put_back(scene.before)
        phones = Phones()
        rooms = [Mailroom(scene.office.rebuilt(), phones=phones) for _ in range(2)]
        for _ in range(4):
            threads = [threading.Thread(target=room.sweep) for room in rooms]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        assert sorted(PHONES.values()) == sorted(to for _, to, _ in phones.texts)
        assert rooms[0].sweep.next_due() is None
        assert 1 == len(scene.store.notifications.of_account("acc_1", now=scene.office.clock.now(), limit=9, cursor=None).items)
