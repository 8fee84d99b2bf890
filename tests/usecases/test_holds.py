"""
Holds: who may keep a place while he pays, how long, and how often he may let it lapse (D5, D11).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.places import PlaceState, Pool
from chalicelib.domain.records import HoldCount
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import Write
from tests import factories
from tests.factories import SLOT
from tests.fakes.interruptions import Interrupted
from tests.fakes.office import DEPOSIT, FEE, MCI
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE


def codes(outcome):
    """
    Name the reasons of a refusal.
    """
    return [reason.code for reason in outcome.reasons]


@pytest.mark.rule("D5", "D11")
class TestLapsedHold:
    def test_frees_the_place_after_its_wait_as_what_it_was(self, office):
        """
        Ten minutes, then the random wait: the place is primary again and its first sale is still to come, whether tidied or not.
        """
        booking = office.held()
        position = office.booking(booking).position
        office.clock.advance(minutes=10, seconds=59)
        assert Status.EXPIRED == office.booking(booking).status_at(office.clock.now(), RULES)
        assert not office.store.places.place(HERE, DAY, position).is_on_sale(office.clock.now())
        office.clock.advance(seconds=1)

        assert office.time.tidy(booking=booking)

        place = office.store.places.place(HERE, DAY, position)
        assert (PlaceState.FREE, False, 0) == (place.state, place.secondary, place.sales)
        assert place.is_on_sale(office.clock.now())
        assert position == office.booking(office.held(2)).position

    def test_waits_no_longer_because_it_was_tidied_late(self, office):
        """
        Tidied an hour later it is on sale at once: its wait is over.
        """
        booking = office.held()
        office.clock.advance(hours=1)
        office.time.tidy(booking=booking)

        assert office.store.places.place(HERE, DAY, office.booking(booking).position).is_on_sale(office.clock.now())

    def test_that_another_has_taken_since_is_left_alone(self, office):
        """
        Untidied, lapsed, and sold to somebody else: tidying the first changes its booking only.
        """
        office.open(factories.plan(DAY + timedelta(days=1), rows=["g"] * 24))
        slot = SLOT + timedelta(days=1)
        first = office.held(1, slot=slot)
        office.clock.advance(minutes=12)
        second = office.confirmed(2, slot=slot)
        before = office.store.places.place(HERE, DAY + timedelta(days=1), office.booking(second).position)

        assert office.time.tidy(booking=first)

        assert before == office.store.places.place(HERE, before.day, before.position)
        assert [Status.EXPIRED, Status.CONFIRMED] == [office.booking(id_).status for id_ in (first, second)]

    def test_frees_the_vehicle_without_being_tidied(self, office):
        """
        Its locks lapse with it: the vehicle may be booked again at once, by anybody who may.
        """
        office.held(1)
        office.clock.advance(minutes=10)

        assert Done(200, "bk_2") == office.take_for(office.verified(2, vehicle=factories.vehicle(1)))

    def test_is_not_tidied_before_its_time_nor_twice(self, office):
        """
        A step that comes early or again does nothing.
        """
        booking = office.held()

        assert not office.time.tidy(booking=booking)
        office.clock.advance(minutes=10)
        assert [True, False] == [office.time.tidy(booking=booking) for _ in range(2)]


@pytest.mark.rule("21", "D8")
class TestSlowPayer:
    """
    A process that looked before the hold's end and acts after it, when the vehicle has another place already.
    """

    def overtaken(self, office, port, call):
        """
        Let the hold lapse, and another application of the vehicle take a place, in the middle of a use case.
        """

        def overtake():
            office.clock.advance(minutes=30)
            assert Done(200, "bk_2") == office.rebuilt().take_for(
                office.verified(2, vehicle=factories.vehicle(1)), slot=SLOT.replace(hour=20)
            )

        return Interrupted(port, call, overtake, afterwards=True)

    def test_does_not_confirm_from_the_balance(self, office):
        """
        The answer is `HOLD_EXPIRED`: one vehicle never has two bookings toward a country.
        """
        booking = office.held(1)
        office.fill("acc_1", FEE + DEPOSIT)
        slow = replace(office.pay, bookings=self.overtaken(office, office.store.bookings, "get"))

        outcome = slow(account="acc_1", booking=booking, by_card=False, request=factories.request("slow"))

        assert [Code.HOLD_EXPIRED] == codes(outcome)
        assert (FEE + DEPOSIT, 0) == office.wallet()

    def test_does_not_confirm_by_the_webhook(self, office):
        """
        The card's money is on the wallet instead.
        """
        booking = office.held(1)
        attempt = office.pay_for(booking, by_card=True).answer["attempt"]
        slow = replace(office.receive, bookings=self.overtaken(office, office.store.bookings, "get"))

        assert slow(event=office.provider.succeeded(attempt))

        assert Status.HELD == office.booking(booking).status
        assert (FEE + DEPOSIT, 0) == office.wallet()


SAME = {
    "account": lambda _: {"account": "acc_9"},
    "vehicle": lambda _: {"vehicle": factories.vehicle(9)},
    "vin": lambda number: {"vehicle": factories.vehicle(9, plate=f"{number:03d} XYZ 02")},
    "plate": lambda number: {"vehicle": factories.vehicle(9, vin=f"WDB9634031L00{number:04d}")},
}
"""What applications of different accounts have in common: whoever changes one of plate and VIN keeps the other."""


@pytest.mark.rule("D8", "D11")
class TestHoldLimit:
    @pytest.mark.parametrize("tidied", [True, False])
    @pytest.mark.parametrize("same", SAME)
    def test_closes_the_day_after_two_lapses(self, office, tidied, same):
        """
        Two holds of an account, or of a vehicle by its plate or its VIN, lapsed unpaid: none more that day, tidied or not; the next day again.
        """
        for number in (1, 2):
            booking = office.held(number, **SAME[same](number))
            office.clock.advance(minutes=12)
            if tidied:
                assert office.time.tidy(booking=booking)
        third = office.verified(3, **SAME[same](3))

        assert [Code.HOLD_LIMIT] == codes(office.take_for(third))
        office.clock.move_to(SLOT.replace(day=2, hour=8))
        assert Done(200, third) == office.take_for(third)

    def test_does_not_count_a_hold_with_a_payment_attempt(self, office):
        """
        Who tried to pay did not keep the place for nothing.
        """
        for number in (1, 2, 3):
            booking = office.held(number, account="acc_9")
            office.pay_for(booking, by_card=True)
            office.clock.advance(minutes=22)
            assert office.time.tidy(booking=booking)

        assert Done(200, "bk_4") == office.take_for(office.verified(4, account="acc_9"))


@pytest.mark.rule("D11", "D32")
class TestHoldCount:
    def test_counts_a_lapse_on_the_day_it_lapsed(self, office):
        """
        A hold taken before midnight that lapses after it counts on the new day, tidied or not; two of them close that day.
        """
        office.open(*(factories.plan(DAY + timedelta(days=offset)) for offset in (1, 2)))
        office.clock.move_to(SLOT.replace(day=2, hour=23, minute=55))
        slot = SLOT + timedelta(days=2)
        first = office.held(1, slot=slot)
        office.clock.move_to(SLOT.replace(day=3, hour=0, minute=6))
        office.time.tidy(booking=first)
        second = office.held(2, account="acc_1", slot=slot)
        office.clock.advance(minutes=10)

        refused = office.take_for(office.verified(3, account="acc_1"), slot=slot)

        assert ["HOLD_LIMIT"] == [reason.code for reason in refused.reasons]
        assert "expired" == office.booking(second).status_at(office.clock.now(), RULES)

    def test_starts_anew_the_next_day(self, office):
        """
        Yesterday's two lapses close nothing today.
        """
        office.open(factories.plan(DAY + timedelta(days=1)))
        yesterday = RULES.today(office.clock.now()) - timedelta(days=1)
        office.store.commit(Write(HoldCount("account#acc_1", yesterday, 2, None, None, paying=False, version=1)))

        assert office.held(1) == office.store.places.place(HERE, DAY, office.booking("bk_1").position).booking


@pytest.mark.rule("2.8", "28", "D5")
class TestSecondaryPlace:
    def test_is_taken_only_by_asking_for_it(self, office):
        """
        A place given back after its sale is secondary for good: the primary pool does not show it, the secondary one sells it dearer, as `-2`.
        """
        office.open(factories.plan(DAY + timedelta(days=1), rows=["g"] * 24))
        slot = SLOT + timedelta(days=1)
        first = office.confirmed(1, slot=slot)
        office.cancel_for(first)
        later = office.verified(2)
        assert [Code.SLOT_FULL] == codes(office.take_for(later, slot=slot, pool=Pool.SECONDARY))
        office.clock.advance(minutes=1)

        assert [Code.SLOT_FULL] == codes(office.take_for(later, slot=slot))
        assert Done(200, later) == office.take_for(later, slot=slot, pool=Pool.SECONDARY)

        due = office.booking(later).due
        assert 100 * MCI == due.fee > FEE
        office.fill("acc_2", due.to_pay)
        office.pay_for(later)
        assert "NZH-261204-14-01-2" == office.booking(later).number
