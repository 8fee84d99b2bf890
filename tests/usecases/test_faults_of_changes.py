"""
A fault at every database call of a change: reschedule, another place, everything back, drivers, trailer, plate, class (T13, D13–D15, D21).
"""

import functools
from datetime import timedelta

import pytest

from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.vehicles import Trailer
from tests import factories
from tests.conftest import open_store
from tests.factories import SLOT
from tests.fakes.office import FEE
from tests.fakes.samples import FOUND, HERE
from tests.fakes.scenes import DYING, LASTING, PASSING, Scene, sweep
from tests.fakes.snapshots import Snapshots

NEXT = SLOT + timedelta(days=1)
LATER = SLOT + timedelta(hours=2)


def a_second_reschedule(office):
    """
    Prepare a booking whose free reschedule is used, and money for the next.
    """
    office.open(factories.plan(NEXT.date()))
    office.confirmed()
    office.reschedule_for("bk_1", NEXT)
    office.fill("acc_1", FEE + 3)


def an_excuse(office):
    """
    Prepare a booking that something befell, and a day at the neighboring checkpoint.
    """
    office.open(factories.plan(checkpoint="dostyk"))
    office.confirmed()
    office.excused("bk_1")


def a_priority(office):
    """
    Prepare a booking of goods.
    """
    office.open(factories.plan(NEXT.date(), rows=("go",) * 24))
    office.confirmed(class_=PlaceClass.PRIORITY_GOODS, checks=FOUND, slot=NEXT)


def demote(office):
    """
    Let the officer set it to general.
    """
    return office.demote(officer="acc_o", checkpoints={HERE}, booking="bk_1", reason="x", request=factories.request("demote"))


SCENES = {
    "reschedule": (a_second_reschedule, lambda office: office.reschedule_for("bk_1", LATER, pays=True, key="move")),
    "relocate": (an_excuse, lambda office: office.relocate_for("bk_1", SLOT, checkpoint="dostyk", key="move")),
    "withdraw": (an_excuse, lambda office: office.withdraw_for("bk_1")),
    "drivers": (
        lambda office: office.confirmed(),
        lambda office: office.drivers_for("bk_1", index=1, person=factories.person(), key="crew"),
    ),
    "driver off": (lambda office: office.confirmed(), lambda office: office.drivers_for("bk_1", index=0, key="crew")),
    "trailer": (lambda office: office.confirmed(), lambda office: office.trailer_for("bk_1", Trailer("KZ", "77XYZ05"), key="trailer")),
    "plate": (lambda office: office.confirmed(), lambda office: office.correct_for("bk_1", "777 AAA 02", key="plate")),
    "class": (a_priority, demote),
}
OFTEN = [("reschedule", "crash_after"), ("relocate", "crash_after"), ("driver off", "crash_after"), ("plate", "crash_after")]
OFTEN += [("reschedule", "refuse"), ("withdraw", "timeout_after")]


@pytest.fixture(scope="module")
def scenes(engine):
    """
    One store a module: each scene puts its own state there.
    """
    store = open_store(engine)
    states = Snapshots(store)
    return functools.cache(lambda name: Scene(store, states, prepare=SCENES[name][0], act=SCENES[name][1]))


@pytest.mark.rule("28", "36", "D13", "D14", "D15", "D21", "D30")
class TestFaultAtEveryCall:
    @pytest.mark.parametrize(("name", "kind"), OFTEN)
    def test_ends_where_the_fault_free_run_ends(self, scenes, name, kind):
        """
        Wherever a fault strikes, before or after the commit, the client's retries end in the same answer and the same rows.
        """
        assert sweep(scenes(name), kind=kind, lasting=1) >= 3

    @pytest.mark.slow
    @pytest.mark.parametrize(("kind", "lasting"), PASSING + DYING + LASTING)
    @pytest.mark.parametrize("name", SCENES)
    def test_ends_there_after_every_fault(self, scenes, name, kind, lasting):
        """
        The same for every change and every kind of fault, those that outlast the store's own tries too.
        """
        assert sweep(scenes(name), kind=kind, lasting=lasting) >= 3
