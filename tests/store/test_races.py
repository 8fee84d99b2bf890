"""
Many threads at once on the engine on disk: nothing lost, nothing sold twice, nothing half done.
"""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import places
from chalicelib.domain.money import Wallet
from chalicelib.domain.places import Place, PlaceState
from chalicelib.domain.plans import DayPlan, PlaceClass, Position
from chalicelib.store.store import Store
from chalicelib.usecases.ports import Committed, StoreBusyError, Write
from tests.conftest import settings_of
from tests.fakes import samples
from tests.fakes.rules import next_step
from tests.fakes.samples import DAY, HERE, NOW

PLAN = DayPlan(HERE, DAY, 60, 0, ("g" * 10,))


def at_once(count, act):
    """
    Let many threads act from one moment on; give their answers.
    """
    gate = threading.Barrier(count)

    def one(number):
        gate.wait()
        return act(number)

    with ThreadPoolExecutor(count) as crew:
        return list(crew.map(one, range(count)))


def until_done(act):
    """
    Do it again while the store says it is busy, as clients do.
    """
    while True:
        try:
            return act()
        except StoreBusyError:
            time.sleep(random.uniform(0, 0.05))


def raise_wallet(store, times):
    """
    Add one to a wallet a number of times, each on the version seen.
    """
    for _ in range(times):
        while True:
            seen = store.ledger.wallet("acc_1")
            raised = replace(seen, available=seen.available + 1, version=seen.version + 1)
            if until_done(lambda seen=seen, raised=raised: store.commit(Write(raised, seen.version))) == Committed():
                break


def buy(store, number):
    """
    Take any free place of the slot with booking and event in one transaction; none: `full`.
    """
    for tries in range(60):
        touched = store.places.touched(HERE, DAY, consistent=True)
        free = [position for position in PLAN.positions(0) if position not in touched]
        if not free:
            return "full"
        position = places.attempt_order(free, tries=tries, draw=random.random())
        place = Place(HERE, DAY, position, PlaceClass.GENERAL, PlaceState.SOLD, secondary=False, sales=1, version=1, booking=f"bk_{number}")
        booking = samples.booking(id=f"bk_{number}", position=position)
        answer = until_done(
            lambda place=place, booking=booking: store.commit(Write(place), Write(booking), Write(samples.event(aggregate=booking.id)))
        )
        if answer == Committed():
            return position
    return "unlucky"


class TestRaces:
    def test_loses_no_increment_of_32_threads(self, disk_store):
        """
        32 threads raise one counter by version, eight times each: every increment counts.
        """
        at_once(32, lambda _: raise_wallet(disk_store, 8))

        assert Wallet("acc_1", available=256, version=256) == disk_store.ledger.wallet("acc_1")

    @pytest.mark.rule("D3", "D7")
    def test_sells_the_last_ten_places_once_each(self, disk_store):
        """
        40 buyers at once for ten places: ten different places sold, each to one booking, everyone else told it is full.
        """
        answers = at_once(40, lambda number: buy(disk_store, number))

        sold = {position: f"bk_{number}" for number, position in enumerate(answers) if isinstance(position, Position)}
        touched = disk_store.places.touched(HERE, DAY, consistent=True)
        assert 10 == len(sold)
        assert 30 == answers.count("full")
        assert sold == {position: place.booking for position, place in touched.items()}
        assert all(disk_store.bookings.get(booking).position == position for position, booking in sold.items())

    def test_never_shows_half_a_transaction(self, disk_store):
        """
        Two wallets move in opposite directions in one transaction; whatever was committed keeps their sum.
        """
        put = [Wallet("a", 100, version=1), Wallet("b", 100, version=1)]
        disk_store.commit(*map(Write, put))

        def move(_):
            for _ in range(5):
                one, two = disk_store.ledger.wallet("a"), disk_store.ledger.wallet("b")
                moved = (
                    Write(replace(one, available=one.available - 1, version=one.version + 1), one.version),
                    Write(replace(two, available=two.available + 1, version=two.version + 1), two.version),
                )
                until_done(lambda moved=moved: disk_store.commit(*moved))

        at_once(16, move)

        one, two = disk_store.ledger.wallet("a"), disk_store.ledger.wallet("b")
        assert 200 == one.available + two.available
        assert one.version == two.version == 101 - one.available

    def test_keeps_stores_of_one_process_apart(self, disk_engine):
        """
        Two stores with prefixes of their own, used by the same threads, never see each other's rows.
        """
        stores = [Store(settings_of(disk_engine), next_step=next_step) for _ in range(2)]
        for store in stores:
            store.create_tables()

        at_once(8, lambda number: stores[number % 2].commit(Write(Wallet(f"acc_{number}", number + 1, version=1))))

        for number in range(8):
            assert number + 1 == stores[number % 2].ledger.wallet(f"acc_{number}").available
            assert Wallet(f"acc_{number}") == stores[(number + 1) % 2].ledger.wallet(f"acc_{number}")


@pytest.mark.slow
class TestPowerCut:
    def test_keeps_every_acknowledged_commit(self, disk_engine, disk_store):
        """
        The engine is killed under load three times: what was acknowledged is there whole, what was not is there whole or not at all.
        """
        attempted, acknowledged, stop = set(), [], threading.Event()

        def write(worker):
            number = 0
            while not stop.is_set():
                id_ = f"{worker}-{number}"
                event = samples.event(aggregate=id_)
                attempted.add(id_)
                try:
                    disk_store.commit(Write(Wallet(id_, 1, version=1)), Write(event))
                except StoreBusyError:
                    continue  # the same once more: its rows say whether it was done
                acknowledged.append(id_)
                number += 1

        crew = [threading.Thread(target=write, args=(worker,)) for worker in range(8)]
        for thread in crew:
            thread.start()
        for _ in range(3):
            time.sleep(1)
            disk_engine.kill()
            time.sleep(0.2)
            disk_engine.start()
        time.sleep(0.5)
        stop.set()
        for thread in crew:
            thread.join()

        assert len(acknowledged) > 50
        kept = {id_ for id_ in attempted if disk_store.ledger.wallet(id_).version == 1}
        assert kept == {id_ for id_ in attempted if disk_store.histories.event(samples.event(aggregate=id_).id) is not None}
        assert set(acknowledged) <= kept

    def test_finds_everything_after_a_clean_stop(self, disk_engine, disk_store):
        """
        A stop and a start forget nothing, tables included.
        """
        disk_store.commit(Write(samples.booking()), Write(samples.request(at=NOW + timedelta(hours=1))))
        disk_engine.stop()
        disk_engine.start()
        disk_store.create_tables()

        assert samples.booking() == disk_store.bookings.get("bk_1")
