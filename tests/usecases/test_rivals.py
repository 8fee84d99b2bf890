"""
Two at once: one wins, the other gets a clear answer, nothing is half done (§28, §34, D14, D16, D18).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.places import PlaceState
from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.factories import SLOT, beat
from tests.fakes.gathering import at_once
from tests.fakes.interruptions import Interrupted
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.samples import HERE
from tests.usecases.test_race_for_places import until_answered
from tests.usecases.test_reschedule import codes

LATER = SLOT + timedelta(hours=2)
NEXT = SLOT + timedelta(days=1)
CALLS = ["touched", "plan", "place"]
"""Ports' calls of a reschedule between which its rival acts."""


def between(office, call, deed):
    """
    Let a rival act within the next reschedule.
    """
    moving = office.moving
    places = Interrupted(office.store.places, call, deed)
    changed = type(moving)(**{name: getattr(moving, name) for name in moving.__dataclass_fields__} | {"places": places})
    office.__dict__["reschedule"] = type(office.reschedule)(
        **{name: getattr(office.reschedule, name) for name in office.reschedule.__dataclass_fields__} | {"moving": changed}
    )


def placed(office, booking):
    """
    Tell whether the booking's place is sold to it.
    """
    seen = office.booking(booking)
    place = office.store.places.place(seen.checkpoint, seen.day, seen.position)
    return (place.state, place.booking) == (PlaceState.SOLD, booking)


@pytest.mark.rule("28", "D3", "D7", "D14")
class TestLastPlace:
    def test_goes_to_one_of_two_reschedules(self, office):
        """
        On the engine, at once: one is moved, the other reads that it is full and keeps what it had, free reschedule and all.
        """
        office.open(factories.plan(NEXT.date(), rows=("g",) * 24))
        first, second = office.confirmed(1), office.confirmed(2)

        answers = at_once(
            *(
                lambda booking=booking: until_answered(lambda: office.reschedule_for(booking, NEXT, key=f"move-{booking}"))
                for booking in (first, second)
            )
        )

        assert 1 == sum(isinstance(answer, Done) for answer in answers)
        assert [[Code.SLOT_FULL]] == [codes(answer) for answer in answers if isinstance(answer, Refused)]
        assert {(NEXT, 0), (SLOT, 1)} == {(seen.slot_start, seen.reschedules_left) for seen in map(office.booking, (first, second))}
        assert all(placed(office, booking) for booking in (first, second))

    @pytest.mark.parametrize("call", CALLS)
    def test_goes_to_a_buyer_who_was_faster(self, quick_office, call):
        """
        Between any two looks of the reschedule somebody buys the place: it is told so, whatever it saw.
        """
        office = quick_office
        office.open(factories.plan(NEXT.date(), rows=("g",) * 24))
        booking = office.confirmed(1)
        between(office, call, lambda: office.confirmed(2, slot=NEXT))

        assert [Code.SLOT_FULL] == codes(office.reschedule_for(booking, NEXT))
        assert SLOT == office.booking(booking).slot_start
        assert all(placed(office, each) for each in ("bk_1", "bk_2"))


@pytest.mark.parametrize("call", CALLS)
class TestReschedule:
    @pytest.mark.rule("28", "D14")
    def test_against_a_cancellation(self, quick_office, call):
        """
        Cancelled in between, it cannot be moved; both places are free of it.
        """
        booking = quick_office.confirmed()
        between(quick_office, call, lambda: quick_office.cancel_for(booking))

        assert [Code.NOT_CHANGEABLE] == codes(quick_office.reschedule_for(booking, LATER))
        assert Status.CANCELLED == quick_office.booking(booking).status
        assert (DEPOSIT, 0) == quick_office.wallet()

    @pytest.mark.rule("34", "D16")
    def test_against_the_call(self, quick_office, call):
        """
        Called in between, it stays: the call stands, the free reschedule is not used.
        """
        booking = quick_office.confirmed()
        quick_office.clock.move_to(SLOT - timedelta(minutes=151))
        quick_office.time.remind(booking=booking)

        def called():
            quick_office.clock.advance(minutes=1)
            assert quick_office.calling(booking=booking)

        between(quick_office, call, called)

        assert [Code.TOO_LATE] == codes(quick_office.reschedule_for(booking, LATER + timedelta(hours=4)))
        assert (Status.CALLED, SLOT, 1) == (
            (seen := quick_office.booking(booking)).status,
            seen.slot_start,
            seen.reschedules_left,
        )

    @pytest.mark.rule("28", "D14")
    def test_against_another_reschedule_of_it(self, quick_office, call):
        """
        Moved in between, the one free of charge is used: the other is told the fee.
        """
        booking = quick_office.confirmed()
        between(quick_office, call, lambda: quick_office.reschedule_for(booking, SLOT + timedelta(hours=5), key="rival"))

        assert [Code.RESCHEDULE_NEEDS_FEE] == codes(quick_office.reschedule_for(booking, LATER))
        assert SLOT + timedelta(hours=5) == quick_office.booking(booking).slot_start

    @pytest.mark.rule("28", "D30")
    def test_against_the_wallet_being_spent(self, quick_office, call):
        """
        The fee was there when it was asked for, not when it was taken: told what is missing, nothing below zero, nothing moved.
        """
        office = quick_office
        booking, rival = office.confirmed(1), office.held(2, account="acc_1", slot=LATER)
        office.reschedule_for(booking, LATER)
        office.fill("acc_1", FEE + DEPOSIT)
        between(office, call, lambda: office.pay_for(rival))

        assert [Code.INSUFFICIENT_FUNDS] == codes(office.reschedule_for(booking, SLOT, pays=True))
        assert (0, 2 * DEPOSIT) == office.wallet()


class TestCancellation:
    @pytest.mark.rule("28", "34")
    def test_against_the_call_ends_it_either_way(self, office):
        """
        At once on the engine: it is cancelled, called before or not; nobody who gave it up is called afterwards.
        """
        booking = office.confirmed()
        office.clock.move_to(SLOT - timedelta(minutes=150))
        office.time.remind(booking=booking)

        at_once(lambda: until_answered(lambda: office.cancel_for(booking)), lambda: until_answered(lambda: office.calling(booking=booking)))

        kinds = [event.kind for event in office.store.histories.of_aggregate(booking)]
        assert Status.CANCELLED == office.booking(booking).status
        assert ("cancelled", 1) == (kinds[-1], kinds.count("cancelled"))
        assert not office.calling(booking=booking)

    @pytest.mark.rule("28", "35", "D18", "D20")
    def test_against_the_no_show_is_one_miss(self, office):
        """
        At once on the engine: cancelled or annulled, the vehicle has one miss and the deposit one end.
        """
        booking = office.confirmed()
        office.clock.move_to(SLOT - timedelta(minutes=150))
        office.time.remind(booking=booking)
        office.calling(booking=booking)
        office.clock.move_to(SLOT + timedelta(hours=3))
        office.journal.heartbeat(checkpoint=HERE, heartbeat=beat(office.clock.now()))

        at_once(
            lambda: until_answered(lambda: office.cancel_for(booking)),
            lambda: until_answered(lambda: office.annul(booking=booking)),
        )

        seen = office.booking(booking)
        assert seen.status in {Status.CANCELLED, Status.ANNULLED}
        assert (DEPOSIT, 0) == office.wallet()
        assert {1} == {len(record.misses) for record in office.store.locks.misses(("plate#KZ#001ABC02",)).values()}
        assert 1 == sum(event.kind in {"cancelled", "annulled"} for event in office.store.histories.of_aggregate(booking))
