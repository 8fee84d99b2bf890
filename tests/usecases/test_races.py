"""
Two at once, time after time, on the engine: one wins, the other gets a clear answer, and no place, money or vehicle is lost between them.
"""

from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.places import PlaceState
from chalicelib.domain.vehicles import lock_keys
from chalicelib.usecases.outcomes import Done
from tests.factories import SLOT
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.outside import StandingClock
from tests.fakes.rounds import Aftermath, codes, named, open_days, prepared, raced, slot_of, told
from tests.fakes.samples import DAY

DAYS = [DAY + timedelta(days=number) for number in range(5)]
LATER = [day + timedelta(days=5) for day in DAYS]
HOUR = 14


def parted(pair, answers, refused):
    """
    Tell winner and loser of a pair, of whom one was done and the other refused for one clear reason.
    """
    assert [[], [refused]] == sorted(map(codes, answers))
    return pair if isinstance(answers[0], Done) else pair[::-1]


class TestRace:
    """
    Whoever of two comes first.
    """

    @pytest.mark.rule("20", "22", "D3", "D7", "D8")
    def test_of_two_buyers_goes_to_one(self, store, rounds):
        """
        One holds it; the other reads `SLOT_FULL`, is as free as before, and so is his truck.
        """

        def prepare(office):
            open_days(office, DAYS)
            for number in range(2 * rounds):
                office.verified(number)

        office, won, losers, pairs = prepared(store, prepare), Counter(), set(), named(2 * rounds)
        before = Aftermath(office, pairs, DAYS).bookings
        for number in range(rounds):
            pair, slot = pairs[2 * number : 2 * number + 2], slot_of(number)
            answers = raced(number, *(lambda buyer=buyer, slot=slot: office.take_for(buyer, slot=slot) for buyer in pair))
            winner, loser = parted(pair, answers, Code.SLOT_FULL)
            won[winner == pair[0]] += 1
            losers.add(loser)

        told(won, rounds)
        after = Aftermath(office, pairs, DAYS)
        assert set(pairs) - losers == after.seated()
        assert {before[loser] for loser in losers} == {after.bookings[loser] for loser in losers}
        keys = [key for loser in losers for key in lock_keys(before[loser].vehicle, toward=before[loser].toward)]
        assert {} == office.store.locks.locks(keys)

    @pytest.mark.rule("28", "D5", "D7", "D14")
    def test_of_two_reschedules_onto_one_place_goes_to_one(self, store, rounds):
        """
        One is moved, and its old place comes back as a secondary one; the other reads `SLOT_FULL` and keeps place and free reschedule.
        """

        def prepare(office):
            open_days(office, [DAY], rows=("g" * 10,) * 24)
            open_days(office, LATER)
            for number in range(2 * rounds):
                office.confirmed(number, slot=slot_of(number % 24))

        office, won, losers, pairs = prepared(store, prepare), Counter(), set(), named(2 * rounds)
        before = Aftermath(office, pairs, [DAY])
        for number in range(rounds):
            pair, slot = pairs[2 * number : 2 * number + 2], slot_of(number, first=LATER[0])
            answers = raced(
                number, *(lambda rival=rival, slot=slot: office.reschedule_for(rival, slot, key=f"move-{rival}") for rival in pair)
            )
            winner, loser = parted(pair, answers, Code.SLOT_FULL)
            won[winner == pair[0]] += 1
            losers.add(loser)

        told(won, rounds)
        after = Aftermath(office, pairs, [DAY, *LATER])
        assert set(pairs) == after.seated()
        assert {before.bookings[loser] for loser in losers} == {after.bookings[loser] for loser in losers}
        for winner in set(pairs) - losers:
            left = after.places[DAY, before.bookings[winner].position]
            assert (PlaceState.FREE, True, None) == (left.state, left.secondary, left.booking)
            assert 0 == after.bookings[winner].reschedules_left

    @pytest.mark.rule("28", "31", "34", "D16", "D20")
    def test_of_a_cancellation_and_the_call_ends_cancelled(self, store, rounds):
        """
        Called or not, it ends cancelled, once, with one miss and the deposit settled once; whoever gave up first is never called.
        """

        def prepare(office):
            open_days(office, [DAY], rows=("",) * HOUR + ("g" * rounds,) + ("",) * 9)
            for number in range(rounds):
                office.confirmed(number)
            office.clock.move_to(SLOT - timedelta(minutes=150))
            for booking in named(rounds):
                assert office.time.remind(booking=booking)

        office, won, calls, bookings = prepared(store, prepare), Counter(), {}, named(rounds)
        for number, booking in enumerate(bookings):
            cancelled, called = raced(
                number,
                lambda booking=booking: office.cancel_for(booking),
                lambda booking=booking: office.calling(booking=booking),
                lead_s=0.03,
            )
            assert Done(200, booking, {"fee": "kept", "deposit": "forgiven", "rule": "§28"}) == cancelled
            calls[booking] = called
            won["called first" if called else "cancelled first"] += 1

        told(won, rounds)
        assert not any(office.calling(booking=booking) for booking in bookings)
        after = Aftermath(office, bookings, [DAY])
        assert set() == after.seated()
        assert {(DEPOSIT, 0)} == set(after.wallets.values())
        misses = office.store.locks.misses([f"plate#{seen.vehicle.plate_key}" for seen in after.bookings.values()])
        assert {(booking,) for booking in bookings} == {tuple(record.misses) for record in misses.values()}
        for booking, called in calls.items():
            assert ["reminded", *(["called"] if called else []), "cancelled"] == after.kinds[booking]
            seen = after.bookings[booking]
            assert (Status.CANCELLED, called) == (seen.status, seen.called_at is not None)

    @pytest.mark.rule("20", "23", "D5", "D11", "D30", "D32")
    def test_of_a_payment_and_the_end_of_its_hold_loses_no_money(self, store, rounds):
        """
        Paid just in time: confirmed, place, fee and deposit in order, the step has nothing to do. A moment late: expired, the whole money on the
        wallet and the user told; never a place without money, nor money that nobody knows of.
        """

        def prepare(office):
            open_days(office, [DAY], rows=("g" * 5,) * 24)
            for number in range(rounds):
                office.held(number, slot=slot_of(number % 24))
                assert isinstance(office.pay_for(f"bk_{number}", by_card=True), Done)
            office.clock.move_to(office.booking("bk_0").hold_expires_at)

        office, won, paid, bookings = prepared(store, prepare), Counter(), set(), named(rounds)
        teller = office.rebuilt()
        teller.clock = StandingClock(office.clock.now() - timedelta(microseconds=1))
        events = {booking: office.provider.succeeded(office.booking(booking).attempt) for booking in bookings}
        for number, booking in enumerate(bookings):
            received, tidied = raced(
                number,
                lambda booking=booking: teller.receive(event=events[booking]),
                lambda booking=booking: office.time.tidy(booking=booking),
            )
            assert received
            paid |= set() if tidied else {booking}
            won["expired" if tidied else "paid"] += 1

        told(won, rounds)
        assert not any(teller.receive(event=events[booking]) or office.time.tidy(booking=booking) for booking in bookings[:10])
        after = Aftermath(office, bookings, [DAY])
        after.check_money()
        assert paid == after.seated()
        for booking, seen in after.bookings.items():
            just = booking in paid
            assert (Status.CONFIRMED if just else Status.EXPIRED) == seen.status
            assert ((PlaceState.SOLD, booking) if just else (PlaceState.FREE, None)) == after.place_of(booking)
            assert ((0, DEPOSIT) if just else (FEE + DEPOSIT, 0)) == after.wallets[seen.account]
            assert (booking, "confirmed" if just else "payment_late") in after.notices
