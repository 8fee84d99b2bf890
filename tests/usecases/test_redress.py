"""
What upholding a complaint sets right: fee, deposit, reschedule, a vehicle that a stranger took (§28, D22).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.complaints import About, Effect
from chalicelib.domain.decisions import Code
from chalicelib.domain.money import DepositState
from tests import factories
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.rules import RULES
from tests.usecases.test_payments import codes

pytestmark = pytest.mark.rule("6-2", "28", "D22")


@pytest.fixture
def office(quick_office):
    """
    An office with users 1 and 2 and the registrar's people.
    """
    quick_office.people_of(1, 2)
    return quick_office


def forfeited(office):
    """
    Bring a booking to a forfeited deposit: the vehicle's second miss.
    """
    first = office.confirmed(1)
    office.cancel_for(first)
    again = office.verified(1, id="bk_again")
    office.take_for(again)
    office.fill("acc_1", FEE)
    office.pay_for(again)
    office.cancel_for(again)
    assert DepositState.FORFEITED == office.booking(again).deposit
    return again


class TestEffects:
    def test_fee_comes_back_once(self, office):
        """
        The fee returns to the wallet; a second complaint finds nothing to return, and the settlement is netted.
        """
        booking = office.confirmed(1)
        office.cancel_for(booking)
        office.ruled(office.complained(About.FEE, booking=booking).resource, upheld=True)
        again = office.complained(About.FEE, booking=booking).resource

        assert (FEE + DEPOSIT, 0) == office.wallet()
        assert [Code.EFFECT_IMPOSSIBLE] == codes(office.ruled(again, upheld=True))
        assert 200 == office.ruled(again, upheld=False).status

    def test_fee_given_back_to_a_running_booking_is_not_given_back_again(self, office):
        """
        Fee returned while the booking runs, then suspended and withdrawn: the fee came back once.
        """
        booking = office.confirmed(1)
        office.ruled(office.complained(About.FEE, booking=booking).resource, upheld=True)
        office.block("acc_1", booking)
        office.clock.move_to(factories.SLOT)
        office.unblock()

        assert (Status.WITHDRAWN, (FEE + DEPOSIT, 0)) == (office.booking(booking).status, office.wallet())

    @pytest.mark.rule("D20")
    def test_forfeited_deposit_is_released_and_the_miss_forgotten(self, office):
        """
        Released: the deposit is the user's, and the vehicle has missed nothing by it.
        """
        booking = forfeited(office)
        before = office.wallet()[0]
        office.ruled(office.complained(About.DEPOSIT, booking=booking).resource, upheld=True)

        assert DepositState.RELEASED == office.booking(booking).deposit
        assert before + DEPOSIT == office.wallet()[0]
        misses = office.store.locks.misses(("plate#KZ#001ABC02",))["plate#KZ#001ABC02"].misses
        assert booking not in misses

    @pytest.mark.rule("D20")
    def test_forfeited_deposit_is_forgiven_and_the_miss_stays(self, office):
        """
        Forgiven: the money comes back, the miss counts on.
        """
        booking = forfeited(office)
        complaint = office.complained(About.DEPOSIT, booking=booking).resource
        office.ruled(complaint, upheld=True, effect=Effect.DEPOSIT_FORGIVEN)

        assert (DepositState.FORGIVEN, RULES.today(office.clock.now())) == (
            office.booking(booking).deposit,
            office.booking(booking).forgiven_on,
        )
        assert booking in office.store.locks.misses(("plate#KZ#001ABC02",))["plate#KZ#001ABC02"].misses

    def test_of_another_subject_is_refused(self, office):
        """
        A complaint about a fee lifts no block; a dismissed one has no effect at all.
        """
        complaint = office.complained(About.FEE, booking=office.confirmed(1)).resource

        assert [Code.EFFECT_IMPOSSIBLE] == codes(office.ruled(complaint, upheld=True, effect=Effect.UNBLOCK))
        assert [Code.EFFECT_IMPOSSIBLE] == codes(office.ruled(complaint, upheld=False, effect=Effect.FEE_RETURNED))

    @pytest.mark.rule("D14")
    def test_reschedule_is_given_back(self, office):
        """
        The free reschedule that was used comes back; an unused one cannot.
        """
        booking = office.confirmed(1)
        complaint = office.complained(About.RESCHEDULE, booking=booking).resource
        assert [Code.EFFECT_IMPOSSIBLE] == codes(office.ruled(complaint, upheld=True))
        office.reschedule_for(booking, factories.SLOT + timedelta(hours=2))
        assert 0 == office.booking(booking).reschedules_left
        office.ruled(complaint, upheld=True)

        assert 1 == office.booking(booking).reschedules_left

    @pytest.mark.rule("D8")
    def test_vehicle_taken_by_a_stranger_is_freed(self, office):
        """
        The stranger's booking is withdrawn with everything back, its locks are free, and the owner takes a place at once.
        """
        stranger = office.confirmed(2, vehicle=factories.vehicle(1))
        own = office.verified(1)
        assert [Code.ACTIVE_BOOKING_EXISTS] == codes(office.take_for(own))
        complaint = office.complained(About.VEHICLE_TAKEN, vehicle="KZ#001ABC02").resource
        rivals = office.complaints_read.one(complaint=complaint).rivals
        office.ruled(complaint, upheld=True, booking=rivals[0].id)

        assert Status.WITHDRAWN == office.booking(stranger).status
        assert (FEE + DEPOSIT, 0) == office.wallet("acc_2")
        assert 200 == office.take_for(own, key="again").status

    def test_frees_nothing_but_the_vehicle_complained_about(self, office):
        """
        A stranger's other truck, or one's own booking, is not ended this way.
        """
        other = office.confirmed(2)
        complaint = office.complained(About.VEHICLE_TAKEN, vehicle="KZ#001ABC02").resource

        assert [Code.EFFECT_IMPOSSIBLE] == codes(office.ruled(complaint, upheld=True, booking=other))
        assert [Code.EFFECT_IMPOSSIBLE] == codes(office.ruled(complaint, upheld=True))
        assert Status.CONFIRMED == office.booking(other).status
