"""
The ground of a priority is missing at the gate: the officer sets the class to general (D13).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.decisions import Code
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.usecases.outcomes import Done, Missing
from tests import factories
from tests.factories import SLOT, batch, seen
from tests.fakes.office import DEPOSIT
from tests.fakes.samples import FOUND, HERE
from tests.usecases.test_reschedule import codes

LATER = SLOT + timedelta(days=1)


@pytest.fixture
def office(quick_office):
    """
    An office without an engine, with a day on which each interval has a place for goods and an expedited one.
    """
    quick_office.open(factories.plan(LATER.date(), rows=("ggoe",) * 24))
    return quick_office


def demote(office, booking, *, checkpoints=frozenset({HERE})):
    """
    Let an officer set the class to general.
    """
    return office.demote(officer="acc_o", checkpoints=checkpoints, booking=booking, reason="Груз смешанный", request=factories.request("d"))


@pytest.mark.rule("6", "6.2", "D13")
class TestClassChange:
    def test_keeps_place_fee_and_deposit(self, office):
        """
        The class is general, the mark tells its turn; who did it and why stand in the event; the user is told.
        """
        booking = office.confirmed(class_=PlaceClass.PRIORITY_GOODS, checks=FOUND, slot=LATER)
        before = office.booking(booking)

        assert isinstance(demote(office, booking), Done)

        after = office.booking(booking)
        assert (PlaceClass.GENERAL, True, before.number, before.due) == (after.class_, after.demoted, after.number, after.due)
        assert (0, DEPOSIT) == office.wallet()
        last = office.store.histories.of_aggregate(booking)[-1]
        assert ("class_changed", "D13", "officer:acc_o") == (last.kind, last.ground, last.by)
        assert {"from": "priority_goods", "to": "general", "reason": "Груз смешанный"} == dict(last.detail)
        rows = [row for row in office.store._shelves.all(OutboxMessage) if row.aggregate_version == after.version]
        assert {Task.NOTIFY, Task.BOARD, Task.ADMISSIONS} == {row.task for row in rows}

    def test_is_for_priority_alone(self, office):
        """
        Whoever paid for expedition, or goes in the general queue, has no ground to lose; a second time there is none left.
        """
        general, fast = office.confirmed(1, slot=LATER), office.confirmed(2, slot=LATER, class_=PlaceClass.EXPEDITED)
        goods = office.confirmed(3, slot=LATER, class_=PlaceClass.PRIORITY_GOODS, checks=FOUND)

        assert [[Code.NOT_PRIORITY]] * 2 == [codes(demote(office, booking)) for booking in (general, fast)]
        demote(office, goods)
        again = office.demote(officer="acc_o", checkpoints=frozenset({HERE}), booking=goods, reason="x", request=factories.request("again"))
        assert [Code.NOT_PRIORITY] == codes(again)

    def test_is_of_his_own_checkpoint_before_the_entry(self, office):
        """
        Another officer's booking is missing; inside the class means nothing.
        """
        booking = office.confirmed(class_=PlaceClass.PRIORITY_GOODS, checks=FOUND, slot=LATER)
        assert Missing() == demote(office, booking, checkpoints=frozenset({"dostyk"}))
        office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "entry-1", booking, at=LATER)))

        assert [Code.NOT_CHANGEABLE] == codes(demote(office, booking))

    @pytest.mark.rule("28", "D14")
    def test_leaves_a_reschedule_to_a_general_place(self, office):
        """
        On its new place it is a general booking like any other.
        """
        booking = office.confirmed(class_=PlaceClass.PRIORITY_GOODS, checks=FOUND, slot=LATER)
        demote(office, booking)

        assert isinstance(office.reschedule_for(booking, LATER + timedelta(hours=2)), Done)
        assert (PlaceClass.GENERAL, False) == (office.booking(booking).class_, office.booking(booking).demoted)
