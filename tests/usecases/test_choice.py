"""
Something befell a booking through no fault of its user: he takes another place toward the country, or everything back (D21).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.money import DepositState
from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.domain.vehicles import lock_keys
from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.factories import SLOT, batch, seen
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.samples import DAY, HERE
from tests.usecases.test_reschedule import codes

NEXT = SLOT + timedelta(days=1)
THERE = "dostyk"


@pytest.fixture
def office(quick_office):
    """
    An office without an engine; two days open here, one at the neighboring checkpoint, one toward another country.
    """
    plans = [factories.plan(NEXT.date()), factories.plan(checkpoint=THERE), factories.plan(checkpoint="kordai")]
    quick_office.open(*plans)
    return quick_office


def called(office, booking):
    """
    Let a booking be reminded and called.
    """
    office.clock.move_to(SLOT - timedelta(minutes=150))
    office.time.remind(booking=booking)
    assert office.time.call(booking=booking)


@pytest.mark.rule("D21")
class TestOtherPlace:
    def test_is_free_and_not_the_free_reschedule(self, office):
        """
        Nothing is paid, nothing counted; the excuse is used up.
        """
        booking = office.confirmed()
        office.excused(booking)

        done = office.relocate_for(booking, NEXT)

        after = office.booking(booking)
        assert {"checkpoint": HERE, "class": "general", "number": after.number, "rule": "D21"}.items() <= done.answer.items()
        assert (NEXT, 1, None, Status.CONFIRMED) == (after.slot_start, after.reschedules_left, after.excuse, after.status)
        assert (0, DEPOSIT) == office.wallet()
        assert [Code.NOT_EXCUSED] == codes(office.relocate_for(booking, SLOT))

    def test_may_be_at_another_checkpoint_of_the_country(self, office):
        """
        The number is of there, the locks name it, gate and load of both are told; the event keeps the old number.
        """
        booking = office.confirmed()
        office.excused(booking)

        office.relocate_for(booking, SLOT, checkpoint=THERE)

        after = office.booking(booking)
        assert (THERE, "DOS-261203-14-01", "CN") == (after.checkpoint, after.number, after.toward)
        locks = office.store.locks.locks(lock_keys(after.vehicle, toward="CN")).values()
        assert {(booking, THERE)} == {(lock.booking, lock.checkpoint) for lock in locks}
        told = [row for row in office.store._shelves.all(OutboxMessage) if row.aggregate_version == after.version]
        both = sorted((row.task, row.payload["checkpoint"]) for row in told if row.task is not Task.NOTIFY)
        assert sorted((task, place) for task in (Task.ADMISSIONS, Task.BOARD, Task.LOAD) for place in (HERE, THERE)) == both
        assert "NZH-261203-14-01" == office.store.histories.of_aggregate(booking)[-1].detail["from"]

    def test_is_none_toward_another_country(self, office):
        """
        The vehicle's locks are toward the country (§21): another one is another booking.
        """
        booking = office.confirmed()
        office.excused(booking)

        assert [Code.OTHER_COUNTRY] == codes(office.relocate_for(booking, SLOT, checkpoint="kordai"))
        assert [Code.SAME_SLOT] == codes(office.relocate_for(booking, SLOT))

    @pytest.mark.rule("D17")
    @pytest.mark.parametrize(("checkpoint", "status", "arrived"), [(HERE, Status.ARRIVED, True), (THERE, Status.CONFIRMED, False)])
    def test_is_possible_until_admission(self, office, checkpoint, status, arrived):
        """
        Called and in the waiting area it may be chosen still: it waits on there, or is awaited anew at the other checkpoint.
        """
        booking = office.confirmed()
        office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "wa-in", booking, at=office.clock.now())))
        called(office, booking)
        office.excused(booking)

        assert isinstance(office.relocate_for(booking, SLOT + timedelta(hours=4), checkpoint=checkpoint), Done)

        after = office.booking(booking)
        assert (status, arrived, None, None) == (after.status, after.arrived_at is not None, after.called_at, after.leave_by)

    def test_is_refused_once_admitted(self, office):
        """
        Whoever is inside has been served.
        """
        booking = office.confirmed()
        office.excused(booking)
        office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "entry-1", booking, at=SLOT)))

        assert [Code.NOT_CHANGEABLE] == codes(office.relocate_for(booking, NEXT))
        assert [Code.NOT_CANCELLABLE] == codes(office.withdraw_for(booking))

    @pytest.mark.rule("6", "6-1")
    @pytest.mark.parametrize(("row", "class_"), [("ge", PlaceClass.EXPEDITED), ("gg", PlaceClass.GENERAL)])
    def test_is_of_the_class_or_else_general(self, office, row, class_):
        """
        The class goes along where the slot has a place of it.
        """
        day = NEXT.date() + timedelta(days=1)
        office.open(factories.plan(day, rows=(row,) * 24))
        office.open(factories.plan(DAY + timedelta(days=3), rows=("ge",) * 24))
        booking = office.confirmed(class_=PlaceClass.EXPEDITED, slot=SLOT + timedelta(days=3))
        office.excused(booking)

        done = office.relocate_for(booking, SLOT + timedelta(days=2))

        assert (class_, class_.value) == (office.booking(booking).class_, done.answer["class"])

    def test_previewed_is_what_is_done(self, office):
        """
        It says where and in which class, and changes nothing.
        """
        booking = office.confirmed()
        office.excused(booking)
        before = office.booking(booking)

        told = office.preview_relocation(booking, NEXT)

        assert before == office.booking(booking)
        assert told.answer.items() <= office.relocate_for(booking, NEXT).answer.items()


@pytest.mark.rule("D21")
class TestRescheduleOfAnExcusedBooking:
    def test_is_the_choice(self, office):
        """
        Free of charge, the free one kept, and possible after the call.
        """
        booking = office.confirmed()
        office.excused(booking, ground="delay")
        called(office, booking)

        assert isinstance(office.reschedule_for(booking, NEXT), Done)

        after = office.booking(booking)
        assert (1, NEXT, None) == (after.reschedules_left, after.slot_start, after.excuse)
        assert ("relocated", "D21") == ((last := office.store.histories.of_aggregate(booking)[-1]).kind, last.ground)


@pytest.mark.rule("D21", "D29", "28")
class TestEverythingBack:
    @pytest.mark.parametrize("way", ["withdraw", "cancel"])
    def test_returns_fee_and_deposit_and_counts_nothing(self, office, way):
        """
        By its own name or as a cancellation: revenue is reversed, the deposit released, the vehicle has no miss, the place is secondary.
        """
        booking = office.confirmed()
        office.excused(booking)

        done = office.withdraw_for(booking) if way == "withdraw" else office.cancel_for(booking)

        assert {"fee": "returned", "deposit": "released", "rule": "D21"} == done.answer
        after = office.booking(booking)
        assert (Status.WITHDRAWN, DepositState.RELEASED, None) == (after.status, after.deposit, after.forgiven_on)
        assert (FEE + DEPOSIT, 0) == office.wallet()
        assert {} == office.store.locks.misses(("plate#KZ#001ABC02", "vin#WDB9634031L000001"))
        place = office.store.places.place(HERE, DAY, after.position)
        assert (PlaceState.FREE, True) == (place.state, place.secondary)
        assert all(lock.booking is None for lock in office.store.locks.locks(lock_keys(after.vehicle, toward="CN")).values())

    def test_returns_every_fee_that_was_paid(self, office):
        """
        The fee of a second reschedule comes back, too.
        """
        booking = office.confirmed()
        office.reschedule_for(booking, NEXT)
        office.fill("acc_1", FEE)
        office.reschedule_for(booking, SLOT + timedelta(hours=2), pays=True)
        office.excused(booking)

        office.withdraw_for(booking)

        assert (2 * FEE + DEPOSIT, 0) == office.wallet()

    @pytest.mark.rule("24")
    def test_is_netted_from_the_day_settled(self, office):
        """
        The day's row counts the fee earned and the fee returned.
        """
        office.confirmed(2)
        booking = office.confirmed(1)
        office.excused(booking)
        office.withdraw_for(booking)
        today = office.clock.now().date()
        office.clock.advance(days=1)

        office.settle()

        settled = office.store.ledger.settlement(today)
        assert [(HERE, FEE, 1)] == [(row.checkpoint, row.fees, row.fee_count) for row in settled.rows]

    def test_is_not_given_without_its_ground(self, office):
        """
        Who asks for everything back without an excuse is refused and loses nothing; a miss is never counted by mistake.
        """
        booking = office.confirmed()

        assert [Code.NOT_EXCUSED] == codes(office.withdraw_for(booking))
        assert [Code.NOT_EXCUSED] == codes(office.cancel.preview_withdrawal(account="acc_1", booking=booking))
        assert Status.CONFIRMED == office.booking(booking).status
