"""
A passage decided on a list then valid overrides a cancellation or annulment made meanwhile; money follows by postings (D24).
"""

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.money import DepositState
from chalicelib.domain.places import PlaceState, Pool
from tests import factories
from tests.factories import SLOT, batch, minutes, seen
from tests.fakes.office import DEPOSIT
from tests.fakes.samples import DAY, HERE

ENTRY = SLOT.replace(minute=5)


def admit(office, booking, *, sequence=1, lane="entry-1"):
    """
    Report that the gate let it in, long ago.
    """
    office.journal.batch(checkpoint=HERE, batch=batch(seen(sequence, lane, booking, at=ENTRY + minutes(sequence))))


def missed_before(office):
    """
    Use the vehicle's forgiveness up, then cancel a second booking of it: its deposit is forfeited.
    """
    office.cancel_for(office.confirmed(1))
    booking = office.confirmed(1, id="bk_2", account="acc_2", slot=SLOT.replace(hour=16))
    office.cancel_for(booking)
    assert DepositState.FORFEITED == office.booking(booking).deposit
    return booking


@pytest.mark.rule("D20", "D24")
class TestReadmission:
    def test_gives_a_forfeited_deposit_back(self, office):
        """
        Cancelled and forfeited while the gate was cut off and let the truck in: the deposit is held again, and released on crossing.
        """
        booking = missed_before(office)
        assert (0, 0) == office.wallet("acc_2")

        admit(office, booking)
        inside = office.booking(booking)
        assert (Status.ADMITTED, DepositState.HELD, (0, DEPOSIT)) == (inside.status, inside.deposit, office.wallet("acc_2"))
        admit(office, booking, sequence=2, lane="exit-1")

        done = office.booking(booking)
        assert (Status.CROSSED, DepositState.RELEASED, (DEPOSIT, 0)) == (done.status, done.deposit, office.wallet("acc_2"))
        assert "D24" in {event.ground for event in office.store.histories.of_aggregate(booking)}

    def test_is_no_miss(self, office):
        """
        Who came has not missed: the vehicle's next cancellation is forgiven.
        """
        booking = office.confirmed(1)
        office.cancel_for(booking)
        assert (DEPOSIT, 0) == office.wallet()

        admit(office, booking)
        admit(office, booking, sequence=2, lane="exit-1")
        assert (DEPOSIT, 0) == office.wallet()
        assert (DepositState.RELEASED, None) == (office.booking(booking).deposit, office.booking(booking).forgiven_on)

        again = office.confirmed(1, id="bk_2", account="acc_2", slot=SLOT.replace(hour=20))
        assert "forgiven" == office.cancel_for(again).answer["deposit"]

    def test_takes_its_place_and_locks_again_where_nobody_has_them(self, office):
        """
        The place it gave back is its own again, so that list, board and live view know it; the vehicle is bound until it has left.
        """
        booking = office.confirmed(1)
        office.cancel_for(booking)

        admit(office, booking)

        place = office.store.places.place(HERE, DAY, office.booking(booking).position)
        assert (PlaceState.SOLD, booking, 1) == (place.state, place.booking, place.sales)
        refused = office.take_for(office.verified(2, vehicle=factories.vehicle(1)))
        assert ["ACTIVE_BOOKING_EXISTS"] == [reason.code for reason in refused.reasons]
        office.admissions(checkpoint=HERE)
        assert [booking] == [row["booking"] for row in office.link.admissions[-1].rows]
        admit(office, booking, sequence=2, lane="exit-1")
        assert "held" == office.booking(office.held(3, vehicle=factories.vehicle(1), slot=SLOT.replace(hour=20))).status

    def test_leaves_a_resold_place_sold(self, office):
        """
        Meanwhile the place went to another: it stays his, both are served.
        """
        rows = ["g"] * 24
        day = DAY.replace(day=4)
        office.open(factories.plan(day, rows=rows))
        slot = SLOT.replace(day=4)
        booking = office.confirmed(1, slot=slot)
        office.cancel_for(booking)
        office.clock.advance(minutes=1)
        rival = office.confirmed(2, slot=slot, pool=Pool.SECONDARY)

        admit(office, booking)

        assert Status.ADMITTED == office.booking(booking).status
        assert rival == office.store.places.place(HERE, day, office.booking(rival).position).booking

    def test_is_none_for_what_was_never_on_a_list(self, office):
        """
        A booking given up before it was paid cannot have been let in as booked: the passage is kept, the booking stays cancelled.
        """
        booking = office.held(1)
        office.cancel_for(booking)

        admit(office, booking)

        assert Status.CANCELLED == office.booking(booking).status
        assert 1 == office.store.passages.gateway(HERE).stored_upto

    def test_overrides_an_annulment_too(self, office):
        """
        Annulled as a no-show, then the gate's report shows it inside.
        """
        booking = office.confirmed(1)
        for moment, step in ((SLOT - minutes(150), office.time.remind), (SLOT - minutes(150), office.time.call)):
            office.clock.move_to(moment)
            assert step(booking=booking)
        office.clock.move_to(SLOT + minutes(121))
        office.journal.heartbeat(checkpoint=HERE, heartbeat=factories.beat(SLOT + minutes(121)))
        assert office.time.annul(booking=booking)
        assert (Status.ANNULLED, DepositState.FORGIVEN) == (office.booking(booking).status, office.booking(booking).deposit)

        admit(office, booking)

        assert Status.ADMITTED == office.booking(booking).status
