"""
A fault at every database and provider call of paying by a link: whoever tries again ends where the fault-free run ends (T13, decision 0039).
"""

import functools
import itertools

import pytest

from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.conftest import open_store
from tests.fakes.scenes import DYING, LASTING, PASSING, Scene, sweep
from tests.fakes.snapshots import Snapshots


def a_held_place(office):
    """
    Prepare what is paid for, with a wallet that has a part.
    """
    office.held()
    office.fill("acc_1", 1_000_000)


def a_link(office):
    """
    Prepare what another person opens.
    """
    a_held_place(office)
    office.link_for("bk_1")


def a_users_payment(office):
    """
    Prepare a user who has begun to pay, and gives a link.
    """
    a_held_place(office)
    office.pay_for("bk_1", by_card=True)
    office.link_for("bk_1")


def an_open_payment(office):
    """
    Prepare a payer whose card is asked.
    """
    a_link(office)
    start(office)


def a_late_payment(office):
    """
    Prepare a payer whose card pays too late.
    """
    an_open_payment(office)
    office.clock.advance(minutes=25)


def give(office):
    """
    Give the link.
    """
    return office.share_payment.give(account="acc_1", booking="bk_1", request=factories.request("give"))


def start(office):
    """
    Open the payment by the link.
    """
    return office.by_link.start(token=office.share_payment._token("bk_1", 1), request=factories.request("start"))


def revoke(office):
    """
    Take the link back.
    """
    assert office.share_payment.revoke(account="acc_1", booking="bk_1") is None
    return Done(204, "bk_1")


def tell(office):
    """
    Let the provider tell that the payer's card paid.
    """
    return office.receive(event=office.provider.succeeded(office.booking("bk_1").attempt))


SCENES = {
    "give": (a_held_place, give, 4),
    "start": (a_link, start, 9),
    "take over": (a_users_payment, start, 9),
    "webhook": (an_open_payment, tell, 5),
    "late webhook": (a_late_payment, tell, 4),
    "revoke": (an_open_payment, revoke, 5),
}
USUAL = [("start", ("refuse", 1)), ("start", ("crash_after", 1)), ("take over", ("crash_after", 1)), ("revoke", ("crash_after", 1))]
REST = [(name, fault) for name in SCENES for fault in PASSING + DYING + LASTING if (name, fault) not in USUAL]


@pytest.fixture(scope="module")
def scenes(engine):
    """
    One store a module: each scene puts its own state there.
    """
    store = open_store(engine)
    states = Snapshots(store)
    return functools.cache(lambda name: Scene(store, states, prepare=SCENES[name][0], act=SCENES[name][1]))


@pytest.mark.rule("23", "D30")
class TestFaultAtEveryCall:
    @pytest.mark.parametrize(("name", "fault"), USUAL)
    def test_ends_where_the_fault_free_run_ends(self, scenes, name, fault):
        """
        The same answer, the same rows, the same intents.
        """
        kind, lasting = fault
        assert sweep(scenes(name), kind=kind, lasting=lasting) >= SCENES[name][2]

    @pytest.mark.slow
    @pytest.mark.parametrize(("name", "fault"), REST)
    def test_ends_there_after_every_other_fault(self, scenes, name, fault):
        """
        The same for all kinds in all scenes: the link given, opened, taken back, the webhook in time and too late.
        """
        kind, lasting = fault
        assert sweep(scenes(name), kind=kind, lasting=lasting) >= SCENES[name][2]

    @pytest.mark.slow
    @pytest.mark.parametrize("name", ["start", "take over"])
    def test_ends_there_when_the_provider_is_silent_too(self, scenes, name):
        """
        The provider's answer is lost as well: the attempt resumes under its own id, one intent is open.
        """
        scene = scenes(name)
        _, wanted = scene.play()
        for call in itertools.count(1):
            hit, got = scene.play(("crash_after", call, 1), lost=1)
            assert wanted == got, f"crash_after at call {call}"
            if not hit:
                break
