"""
Another date and time at the same checkpoint: once free of charge, then for the fee; never onto a secondary place (§28, D14).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status, Suspension
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.money import LedgerAccount
from chalicelib.domain.places import PlaceState, Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.usecases.outcomes import Done, Missing
from chalicelib.usecases.ports import Write
from tests import factories
from tests.factories import SLOT
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.samples import DAY, HERE

LATER = SLOT + timedelta(hours=2)
NEXT = SLOT + timedelta(days=1)


def codes(outcome):
    """
    Name what stood against it.
    """
    assert isinstance(outcome, Refused), outcome
    return [reason.code for reason in outcome.reasons]


@pytest.fixture
def office(quick_office):
    """
    An office without an engine, two days open.
    """
    quick_office.open(factories.plan(NEXT.date()))
    return quick_office


def place_of(office, booking):
    """
    Read the place a booking names.
    """
    seen = office.booking(booking)
    return office.store.places.place(seen.checkpoint, seen.day, seen.position)


def messages(office, booking, version):
    """
    List what must follow one version of a booking.
    """
    return [row for row in office.store._shelves.all(OutboxMessage) if (row.aggregate, row.aggregate_version) == (booking, version)]


@pytest.mark.rule("28", "D14", "D7")
class TestReschedule:
    def test_moves_place_number_and_slot_at_once(self, office):
        """
        The new place is sold and named by the new number; the old one is secondary for good, on sale again after its wait (D5).
        """
        booking = office.confirmed()
        old = office.booking(booking)

        assert "NZH-261204-14-01" == office.reschedule_for(booking, NEXT).answer["number"]

        new = office.booking(booking)
        assert (Status.CONFIRMED, NEXT, "NZH-261204-14-01", 0) == (new.status, new.slot_start, new.number, new.reschedules_left)
        assert (PlaceState.SOLD, booking, 1) == ((place := place_of(office, booking)).state, place.booking, place.sales)
        freed = office.store.places.place(HERE, DAY, old.position)
        assert (PlaceState.FREE, True, None) == (freed.state, freed.secondary, freed.booking)
        assert office.clock.now() < freed.on_sale_from
        assert (0, DEPOSIT) == office.wallet()

    def test_keeps_the_old_number_in_the_timeline(self, office):
        """
        The event tells both numbers; its ground is §28.
        """
        booking = office.confirmed()
        office.reschedule_for(booking, NEXT)

        last = office.store.histories.of_aggregate(booking)[-1]
        assert ("rescheduled", "28", "user") == (last.kind, last.ground, last.by)
        assert {"from": "NZH-261203-14-01", "to": "NZH-261204-14-01"} == {name: last.detail[name] for name in ("from", "to")}

    @pytest.mark.parametrize(("slot", "loads"), [(LATER, 1), (NEXT, 2)])
    def test_tells_gate_board_user_and_the_load_of_both_days(self, office, slot, loads):
        """
        Within one day the load is asked for once, between two days for each.
        """
        booking = office.confirmed()
        office.reschedule_for(booking, slot)

        tasks = [row.task for row in messages(office, booking, office.booking(booking).version)]
        assert sorted([Task.ADMISSIONS, Task.BOARD, Task.NOTIFY, *[Task.LOAD] * loads]) == sorted(tasks)

    @pytest.mark.rule("29")
    @pytest.mark.parametrize(("hours", "reminded"), [(24, True), (25, False)])
    def test_has_the_notice_of_arrival_given_anew_when_it_is_farther_than_that(self, office, hours, reminded):
        """
        A slot more than 24 hours off is reminded of again; one inside them was told of by the notice of the move.
        """
        booking = office.confirmed()
        office.clock.move_to(SLOT - timedelta(hours=23))
        assert office.time.remind(booking=booking)

        office.reschedule_for(booking, office.clock.now() + timedelta(hours=hours))

        assert reminded == (office.booking(booking).reminded_at is not None)

    @pytest.mark.rule("2.8")
    def test_of_a_secondary_place_leads_to_a_primary_general_one(self, office):
        """
        No difference is returned, and it is the free one.
        """
        office.cancel_for(office.confirmed(1))
        office.clock.advance(minutes=31)
        booking = office.confirmed(2, pool=Pool.SECONDARY)
        paid = office.booking(booking).due.fee

        assert isinstance(office.reschedule_for(booking, NEXT), Done)

        after = office.booking(booking)
        assert (Pool.PRIMARY, PlaceClass.GENERAL, paid, 0) == (after.pool, after.class_, after.due.fee, after.reschedules_left)
        assert (100 * FEE, (0, DEPOSIT)) == (paid, office.wallet("acc_2"))

    def test_is_done_once_for_one_key(self, office):
        """
        The same request again gives the first answer and moves nothing.
        """
        booking = office.confirmed()
        first = office.reschedule_for(booking, NEXT, key="one")
        before = office.booking(booking)

        assert first == office.reschedule_for(booking, NEXT, key="one")
        assert before == office.booking(booking)

    def test_of_a_truck_in_the_waiting_area_keeps_it_arrived(self, office):
        """
        It stands there still (D17); it is not called yet.
        """
        booking = office.confirmed()
        office.journal.batch(checkpoint=HERE, batch=factories.batch(factories.seen(1, "wa-in", booking, at=office.clock.now())))

        office.reschedule_for(booking, LATER)

        assert (Status.ARRIVED, LATER) == (office.booking(booking).status, office.booking(booking).slot_start)


@pytest.mark.rule("28", "25", "D14", "D27")
class TestSecondReschedule:
    def moved_once(self, office, number=1, **changes):
        """
        Bring a booking to where the free one is used.
        """
        booking = office.confirmed(number, **changes)
        office.reschedule_for(booking, NEXT)
        return booking

    def test_needs_the_fee_and_says_so(self, office):
        """
        Without agreement nothing moves: the fee, what the wallet has, and how to agree.
        """
        booking = self.moved_once(office)
        office.fill("acc_1", FEE - 1)
        refused = office.reschedule_for(booking, LATER)

        assert ([Code.RESCHEDULE_NEEDS_FEE], {"fee": FEE, "available": FEE - 1}) == (codes(refused), refused.reasons[0].parameters)
        assert [Code.INSUFFICIENT_FUNDS] == codes(lacking := office.reschedule_for(booking, LATER, pays=True))
        assert {"missing": 1} == lacking.reasons[0].parameters
        assert NEXT == office.booking(booking).slot_start

    def test_takes_the_fee_out_of_the_wallet(self, office):
        """
        One posting of revenue in the same transaction; the deposit stays held.
        """
        booking = self.moved_once(office)
        office.fill("acc_1", FEE + 7)

        assert isinstance(office.reschedule_for(booking, LATER, pays=True), Done)

        assert ((7, DEPOSIT), 2 * FEE) == (office.wallet(), office.booking(booking).due.fee)
        posting = next(item for item in office.store.ledger.postings("acc_1", limit=50, cursor=None).items if item.kind == "reschedule_fee")
        assert (FEE, "general", HERE) == (posting.change_of(LedgerAccount.FEE_REVENUE), posting.place_class, posting.checkpoint)

    def test_is_free_again_for_no_one(self, office):
        """
        The count never falls below zero: the third costs as the second did.
        """
        booking = self.moved_once(office)
        office.fill("acc_1", 2 * FEE)
        office.reschedule_for(booking, LATER, pays=True)

        assert [Code.RESCHEDULE_NEEDS_FEE] == codes(office.reschedule_for(booking, NEXT + timedelta(hours=1)))
        assert 0 == office.booking(booking).reschedules_left

    def test_agreed_to_too_early_costs_nothing(self, office):
        """
        Whoever agrees to pay while the free one is left is not charged.
        """
        booking = office.confirmed()
        office.fill("acc_1", FEE)

        assert isinstance(office.reschedule_for(booking, NEXT, pays=True), Done)
        assert (FEE, DEPOSIT) == office.wallet()


class TestRefusal:
    @pytest.mark.rule("28")
    def test_never_gives_a_secondary_place(self, office):
        """
        Where only given-back places are left it says so; where none at all, that it is full; waiting ones count for nothing.
        """
        booking = office.confirmed(1)
        rivals = [office.confirmed(number, slot=NEXT) for number in (2, 3)]
        assert [Code.SLOT_FULL] == codes(office.reschedule_for(booking, NEXT))
        office.cancel_for(rivals[0])
        assert [Code.SLOT_FULL] == codes(office.reschedule_for(booking, NEXT))
        office.clock.advance(minutes=31)

        refused = office.reschedule_for(booking, NEXT)
        assert ([Code.SECONDARY_PLACE], "28") == (codes(refused), refused.reasons[0].rule)
        assert SLOT == office.booking(booking).slot_start

    @pytest.mark.rule("34", "D16")
    @pytest.mark.parametrize(("minutes", "open_"), [(151, True), (150, False), (10, False)])
    def test_comes_with_the_call_of_its_own_slot(self, office, minutes, open_):
        """
        At the lead before the booked time its reschedule closes, whether or not the step has called it yet.
        """
        booking = office.confirmed()
        office.clock.move_to(SLOT - timedelta(minutes=minutes))

        outcome = office.reschedule_for(booking, NEXT)
        assert open_ == isinstance(outcome, Done)
        assert open_ or [Code.TOO_LATE] == codes(outcome)

    @pytest.mark.rule("34", "22", "D16")
    @pytest.mark.parametrize(
        ("slot", "code"),
        [
            (SLOT - timedelta(days=2, hours=6), Code.SLOT_PAST),
            (SLOT - timedelta(days=2, hours=3), Code.TOO_LATE),
            (SLOT + timedelta(days=88), Code.OUTSIDE_HORIZON),
            (SLOT + timedelta(minutes=7), Code.SLOT_UNKNOWN),
            (SLOT + timedelta(days=3), Code.CHECKPOINT_CLOSED),
            (SLOT, Code.SAME_SLOT),
        ],
    )
    def test_of_a_slot_that_is_not_on_sale(self, office, slot, code):
        """
        The new slot must be one that a buyer could take, and another than the present one.
        """
        assert [code] == codes(office.reschedule_for(office.confirmed(), slot))

    @pytest.mark.rule("28")
    def test_of_what_is_not_paid_or_is_over(self, office):
        """
        A held place, a cancelled and an admitted booking cannot be moved; another's is missing.
        """
        held, over, inside = office.held(1), office.confirmed(2), office.confirmed(3, slot=LATER)
        office.cancel_for(over)
        office.journal.batch(checkpoint=HERE, batch=factories.batch(factories.seen(1, "entry-1", inside, at=SLOT)))

        assert [[Code.NOT_CHANGEABLE]] * 3 == [codes(office.reschedule_for(booking, NEXT)) for booking in (held, over, inside)]
        request = factories.request()
        assert Missing() == office.reschedule(account="acc_9", booking=over, wish=None, request=request)

    @pytest.mark.rule("27", "6-2", "D22", "D28")
    def test_of_a_debtor_and_of_a_suspended_booking(self, office):
        """
        A debt closes it; so does a suspension, with its own ground.
        """
        first, second = office.confirmed(1), office.confirmed(2)
        wallet = office.store.ledger.wallet("acc_1")
        office.store.commit(Write(replace(wallet, debt=5, version=wallet.version + 1), wallet.version))
        seen = office.booking(second)
        standing_still = replace(seen, version=seen.version + 1, suspended=Suspension("6-2", "false_data", "blk_1", office.clock.now()))
        office.store.commit(Write(standing_still, seen.version))

        assert [Code.DEBT] == codes(office.reschedule_for(first, NEXT))
        assert [Code.ACCOUNT_BLOCKED] == codes(office.reschedule_for(second, NEXT))

    @pytest.mark.rule("25")
    def test_where_the_fee_of_the_day_is_not_known(self, office):
        """
        The second reschedule cannot be priced without a tariff; the first needs none.
        """
        office.reschedule = replace(office.reschedule, tariff_on=lambda _: None)
        booking = office.confirmed()
        assert isinstance(office.reschedule_for(booking, NEXT), Done)

        assert [Code.FEE_UNKNOWN] == codes(office.reschedule_for(booking, LATER, pays=True))
