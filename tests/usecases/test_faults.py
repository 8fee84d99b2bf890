"""
A fault at every database call of place, payment and cancel: a client that retries ends where the fault-free run ends (T13).
"""

import functools
import itertools

import pytest

from chalicelib.domain.payments import UnableToReachProviderError
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import StoreBusyError
from tests import factories
from tests.conftest import open_store
from tests.fakes import faults
from tests.fakes.card_house import CardHouse
from tests.fakes.office import DEPOSIT, FEE, Office
from tests.fakes.outside import CountingChance, StandingClock
from tests.fakes.snapshots import Snapshots

TOTAL = FEE + DEPOSIT
MOST_RETRIES = 10
PASSING = [(kind, 1) for kind in ("unreachable", "refuse", "conflict", "throttle", "timeout_before", "timeout_after")]
DYING = [("crash_before", 1), ("crash_after", 1)]
LASTING = [(kind, 5) for kind in ("throttle", "conflict", "timeout_before", "timeout_after", "refuse")]
DEFAULT = [("refuse", 1), ("crash_before", 1), ("crash_after", 1), ("timeout_after", 5)]
RARER = [fault for fault in PASSING + DYING + LASTING if fault not in DEFAULT]


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


class Scene:
    """
    A prepared state and what is done to it, repeated with a fault at one call after another.
    """

    def __init__(self, store, states, name):
        prepare, self._act = SCENES[name]
        self._store, self._states = store, states
        self._states.clear()
        first = self._office({})
        first.open()
        prepare(first)
        self._intents, self._now = dict(first.provider.intents), first.clock.time
        self._before = self._states.take()

    def _office(self, intents):
        provider = CardHouse()
        provider.intents = dict(intents)
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
        return put_in.hit, (answer, self._states.plain(self._states.take()), sorted(office.provider.intents.values()))

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
    return answer.status, answer.resource, sorted(name if name == "attempt" else (name, answer.answer[name]) for name in answer.answer)


def sweep(scene, *, kind, lasting):
    """
    Put a fault at every call in turn until none is reached; give how many calls there were.
    """
    _, wanted = scene.play()
    for call in itertools.count(1):
        hit, got = scene.play((kind, call, lasting))
        if not hit:
            return call - 1
        assert wanted == got, f"{kind} ×{lasting} at call {call}"
    return 0


@pytest.fixture(scope="module")
def scenes(engine):
    """
    One store a module: each scene puts its own state there.
    """
    store = open_store(engine)
    states = Snapshots(store)
    return functools.cache(lambda name: Scene(store, states, name))


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
