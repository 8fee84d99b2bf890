"""
A fault at every database call of place, payment and cancel: a client that retries ends where the fault-free run ends (T13).
"""

import functools
import itertools

import pytest

from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import StoreBusyError
from tests import factories
from tests.conftest import open_store
from tests.fakes import faults
from tests.fakes.office import DEPOSIT, FEE, Office
from tests.fakes.scenes import DEFAULT, DYING, LASTING, PASSING, RARER, Scene, sweep
from tests.fakes.snapshots import Snapshots

TOTAL = FEE + DEPOSIT


def a_verified_application(office):
    """
    Prepare what a place is taken for.
    """
    office.verified()


def a_held_place(office):
    """
    Prepare what is paid for, with a wallet that has a part.
    """
    office.held()
    office.fill("acc_1", 1_000_000)


def a_rich_holder(office):
    """
    Prepare what the balance pays for.
    """
    office.held()
    office.fill("acc_1", TOTAL + 5)


def an_open_payment(office):
    """
    Prepare what the webhook tells of.
    """
    a_held_place(office)
    office.pay_for("bk_1", by_card=True)


def a_lapsed_payment(office):
    """
    Prepare what the webhook tells of too late.
    """
    an_open_payment(office)
    office.clock.advance(minutes=25)


def a_missed_one_before(office):
    """
    Prepare a booking whose vehicle has missed before, so that the deposit is lost.
    """
    office.confirmed()
    office.cancel_for("bk_1")
    office.clock.advance(minutes=1)
    office.confirmed(2, vehicle=factories.vehicle(1))


def tell(office):
    """
    Let the provider tell that the card paid.
    """
    attempt = office.booking("bk_1").attempt
    return office.receive(event=office.provider.succeeded(attempt))


SCENES = {
    "place": (a_verified_application, lambda office: office.take_for("bk_1")),
    "balance": (a_rich_holder, lambda office: office.pay_for("bk_1")),
    "card": (a_held_place, lambda office: office.pay_for("bk_1", by_card=True)),
    "webhook": (an_open_payment, tell),
    "late webhook": (a_lapsed_payment, tell),
    "cancel while paying": (an_open_payment, lambda office: office.cancel_for("bk_1")),
    "cancel with a miss": (a_missed_one_before, lambda office: office.cancel_for("bk_2")),
    "tidy": (a_lapsed_payment, lambda office: any(office.time.tidy(booking="bk_1") for _ in range(2))),
}
FEWER = ("place", "balance", "card", "webhook", "cancel while paying", "cancel with a miss")


@pytest.fixture(scope="module")
def scenes(engine):
    """
    One store a module: each scene puts its own state there.
    """
    store = open_store(engine)
    states = Snapshots(store)
    return functools.cache(lambda name: Scene(store, states, prepare=SCENES[name][0], act=SCENES[name][1]))


class TestFaultAtEveryCall:
    @pytest.mark.rule("20", "23", "28", "D8", "D30")
    @pytest.mark.parametrize(("kind", "lasting"), DEFAULT)
    @pytest.mark.parametrize("name", FEWER)
    def test_ends_where_the_fault_free_run_ends(self, scenes, name, kind, lasting):
        """
        Wherever a fault strikes, before or after the commit, the client's retries end in the same answer, the same rows, the same intents.
        """
        assert sweep(scenes(name), kind=kind, lasting=lasting) >= 5

    @pytest.mark.slow
    @pytest.mark.parametrize(("kind", "lasting"), RARER)
    @pytest.mark.parametrize("name", FEWER)
    def test_ends_there_after_rarer_faults(self, scenes, name, kind, lasting):
        """
        The same for the other kinds, and for those that outlast the store's own tries.
        """
        assert sweep(scenes(name), kind=kind, lasting=lasting) >= 5

    @pytest.mark.slow
    @pytest.mark.parametrize(("kind", "lasting"), PASSING + DYING + LASTING)
    @pytest.mark.parametrize("name", [name for name in SCENES if name not in FEWER])
    def test_ends_there_in_later_scenes(self, scenes, name, kind, lasting):
        """
        The same for what comes late: the webhook after the hold lapsed, and its tidying.
        """
        assert sweep(scenes(name), kind=kind, lasting=lasting) >= 5

    @pytest.mark.rule("23")
    @pytest.mark.parametrize("kind", ["crash_after", pytest.param("timeout_before", marks=pytest.mark.slow)])
    def test_ends_there_when_the_provider_is_silent_too(self, scenes, kind):
        """
        The provider's answer is lost as well: the attempt resumes under its own id, one intent is open.
        """
        scene = scenes("card")
        _, wanted = scene.play()
        for call in itertools.count(1):
            hit, got = scene.play((kind, call, 1), lost=1)
            assert wanted == got, f"{kind} at call {call}"
            if not hit:
                break


class TestForgottenToken:
    @pytest.mark.rule("D30")
    @pytest.mark.parametrize("name", ["place", "cancel", "payment"])
    def test_does_nothing_twice(self, disk_engine, disk_store, name):
        """
        All answers are lost, the engine restarts and forgets its request tokens, and the client asks again eleven minutes later from
        another process: our own record, in the same transaction, gives the first answer; nothing is done twice.
        """
        office = Office(disk_store)
        office.open()
        act = {
            "place": lambda office: office.take_for("bk_1"),
            "cancel": lambda office: office.cancel_for("bk_1"),
            "payment": lambda office: office.pay_for("bk_1"),
        }[name]
        office.verified() if name == "place" else a_rich_holder(office)
        lose_the_commit(disk_store, lambda: act(office))
        after = Snapshots(disk_store).take()

        disk_engine.stop()
        disk_engine.start()
        office.clock.advance(minutes=11)
        answer = act(office.rebuilt())

        assert isinstance(answer, Done)
        assert after == Snapshots(disk_store).take()


def lose_the_commit(store, act):
    """
    Lose every answer of the transaction, though it is done: the client is told to try again.
    """
    with faults.at(store, call=1, kind="timeout_after", lasting=99) as fault:
        fault.strikes = lambda operation: operation == "TransactWriteItems"
        with pytest.raises(StoreBusyError):
            act()
