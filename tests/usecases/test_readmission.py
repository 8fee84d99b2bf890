"""
A passage decided on a list then valid overrides a cancellation or annulment made meanwhile; money follows by postings (D24).
"""

from dataclasses import replace

import pytest

from chalicelib.domain.bookings import Happening, Status
from chalicelib.domain.money import DepositState, LedgerAccount, Posting, transfer
from chalicelib.domain.places import PlaceState, Pool, give_back
from chalicelib.domain.plans import Position
from chalicelib.usecases.bonds import bonds_of
from chalicelib.usecases.ending import Verdict, ending_writes
from chalicelib.usecases.ports import Committed, Write
from tests import factories
from tests.factories import SLOT, batch, minutes, seen
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.rules import RULES
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
        Meanwhile the place went to another: it stays his, both are served; the truck inside is on the gate's list and board all the same.
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
        office.clock.move_to(slot)
        office.admissions(checkpoint=HERE)
        office.board.publish(checkpoint=HERE)
        assert {booking, rival} == {row["booking"] for row in office.link.admissions[-1].rows}
        admit(office, booking, sequence=2, lane="exit-1")
        office.admissions(checkpoint=HERE)
        assert [rival] == [row["booking"] for row in office.link.admissions[-1].rows]

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


def rescheduled(office, booking, *, hour):
    """
    Move a booking to another hour of its day, as a reschedule does: its place, its number.
    """
    seen = office.booking(booking)
    old = office.store.places.place(HERE, DAY, seen.position)
    position = Position(hour, 1)
    new = replace(old, position=position, sales=1, version=1)
    slot = {"slot_start": SLOT.replace(hour=hour), "slot_end": SLOT.replace(hour=hour + 1)}
    after = seen.after(Happening.RESCHEDULED, position=position, number=f"NZH-261203-{hour}-01", reschedules_left=0, **slot)
    office.store.commit(
        Write(after, seen.version), Write(new), Write(give_back(old, now=office.clock.now(), cool_down=minutes(1)), old.version)
    )
    return seen


@pytest.mark.rule("28", "D24")
class TestReadmissionOfTheMoved:
    def admit(self, office, before, *, lane="entry-1"):
        """
        Report that the gate let it in under the number on its list.
        """
        entry = seen(1, lane, before.id, at=ENTRY)
        named = replace(entry, decision=replace(entry.decision, booking_number=before.number))
        office.journal.batch(checkpoint=HERE, batch=batch(named))

    def test_stands_on_the_old_number(self, office):
        """
        Rescheduled while the gate was cut off, and let in at the old hour: old number, hour and place are its own, the new place is free.
        """
        before = rescheduled(office, office.confirmed(1), hour=20)

        self.admit(office, before)

        done = office.booking(before.id)
        assert (Status.ADMITTED, before.number, before.slot_start) == (done.status, done.number, done.slot_start)
        assert (before.position, 1) == (done.position, done.reschedules_left)
        places = [office.store.places.place(HERE, DAY, position) for position in (before.position, Position(20, 1))]
        assert [(PlaceState.SOLD, before.id), (PlaceState.FREE, None)] == [(place.state, place.booking) for place in places]

    def test_is_none_for_a_look_into_the_waiting_area(self, office):
        """
        Having been there at the old hour says nothing about the new one.
        """
        before = rescheduled(office, office.confirmed(1), hour=20)

        self.admit(office, before, lane="wa-in")

        assert (Status.CONFIRMED, None) == (office.booking(before.id).status, office.booking(before.id).arrived_at)


@pytest.mark.rule("27", "D24", "D28")
class TestReadmissionOfTheWithdrawn:
    def withdrawn(self, office):
        """
        End a booking through no fault of its user, as the steps do: fee and deposit back.
        """
        booking = office.confirmed(1)
        seen = office.booking(booking)
        bonds = bonds_of(seen, places_=office.store.places, locks=office.store.locks, ledger=office.store.ledger)
        after = seen.after(Happening.WITHDRAWN, deposit=DepositState.RELEASED)
        verdict = Verdict("returned", DepositState.RELEASED, counts_as_miss=False)
        writes = ending_writes(
            seen=seen, ended=after, bonds=bonds, verdict=verdict, now=office.clock.now(), cool_down=minutes(1), rules=RULES
        )
        assert Committed() == office.store.commit(Write(after, seen.version), *writes)
        assert (FEE + DEPOSIT, 0) == office.wallet()
        return booking

    def test_takes_the_returned_fee_again(self, office):
        """
        It was inside all the time: the fee is owed, the deposit stays released.
        """
        booking = self.withdrawn(office)

        admit(office, booking)

        assert (Status.ADMITTED, (DEPOSIT, 0)) == (office.booking(booking).status, office.wallet())

    def test_leaves_a_debt_where_the_wallet_lacks_it(self, office):
        """
        The money is spent meanwhile: what is missing of the fee is a debt (§27).
        """
        booking = self.withdrawn(office)
        wallet = office.store.ledger.wallet("acc_1")
        rest = 1000
        legs = transfer(LedgerAccount.WALLET_AVAILABLE, LedgerAccount.PROVIDER, wallet.available - rest)
        spent = Posting("spent", "acc_1", "refund", office.clock.now(), DAY, legs)
        office.store.commit(Write(spent), Write(wallet.after([spent]), wallet.version))

        admit(office, booking)

        after = office.store.ledger.wallet("acc_1")
        assert (0, FEE - rest) == (after.available, after.debt)
