"""
A fault at every database call on money's way back: a client, a sweep or a provider that tries again ends where the fault-free run ends (T13).
"""

import functools

import pytest

from tests.conftest import open_store
from tests.fakes.scenes import DEFAULT, DYING, LASTING, PASSING, Scene, sweep
from tests.fakes.snapshots import Snapshots

pytestmark = pytest.mark.rule("28", "D30")


def a_topped_up_wallet(office):
    """
    Prepare two payments that can go back.
    """
    office.topped_up(300_000)
    office.topped_up(500_000, key="second")


def a_refund(office):
    """
    Prepare a refund out of both, not yet sent.
    """
    a_topped_up_wallet(office)
    office.refunded(350_000)


def a_sent_refund(office):
    """
    Prepare a refund that the provider has.
    """
    a_refund(office)
    office.send_refunds()


def send(office):
    """
    Deliver what waits.
    """
    office.send_refunds()
    return True


def tell(office, *, failed=False):
    """
    Let the provider tell of both.
    """
    told = [office.told_of_refund(refund, failed=failed) for refund in sorted(office.provider.refunds)]
    return any(told)


SCENES = {
    "refund": (a_topped_up_wallet, lambda office: office.refunded(350_000)),
    "send": (a_refund, send),
    "refunded": (a_sent_refund, tell),
    "refund failed": (a_sent_refund, lambda office: tell(office, failed=True)),
}
QUICK = [("crash_before", 1), ("timeout_after", 5)]


@pytest.fixture(scope="module")
def scenes(engine):
    """
    One store a module: each scene puts its own state there.
    """
    store = open_store(engine)
    states = Snapshots(store)
    return functools.cache(lambda name: Scene(store, states, prepare=SCENES[name][0], act=SCENES[name][1]))


class TestFaultAtEveryCall:
    @pytest.mark.parametrize(("kind", "lasting"), QUICK)
    @pytest.mark.parametrize("name", ["refund", "send", "refund failed"])
    def test_ends_where_the_fault_free_run_ends(self, scenes, name, kind, lasting):
        """
        Wherever a fault strikes, before or after the commit, the end is the same answer, the same rows, the same refunds at the provider.
        """
        assert sweep(scenes(name), kind=kind, lasting=lasting) >= 4

    @pytest.mark.slow
    @pytest.mark.parametrize(("kind", "lasting"), [fault for fault in {*DEFAULT, *PASSING, *DYING, *LASTING} if fault not in QUICK])
    @pytest.mark.parametrize("name", SCENES)
    def test_ends_there_after_every_other_fault(self, scenes, name, kind, lasting):
        """
        The same for all kinds of faults and for the later scenes.
        """
        assert sweep(scenes(name), kind=kind, lasting=lasting) >= 4

    @pytest.mark.parametrize("name", ["send"])
    @pytest.mark.parametrize("kind", ["crash_after", pytest.param("timeout_before", marks=pytest.mark.slow)])
    def test_ends_there_when_the_provider_is_silent_too(self, scenes, name, kind):
        """
        The provider's answer is lost as well: the refund is asked for again under its own id, once.
        """
        assert sweep(scenes(name), kind=kind, lasting=1, lost=1) >= 4
