"""
Choosing a place: which slots may be had, by whom, and why not (§6, §20, §22, §27, §34, D1, D4, D16); the horizon's days (§22, D3).
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.money import Wallet
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.usecases.outcomes import Done, Missing
from chalicelib.usecases.ports import Write
from chalicelib.usecases.take_place import Choice
from tests import factories
from tests.factories import SLOT, minutes
from tests.fakes.gathering import at_once
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.rules import RULES
from tests.fakes.samples import ALMATY, DAY, HERE


def codes(outcome):
    """
    Name the reasons of a refusal.
    """
    return [reason.code for reason in outcome.reasons]


def first_free(office, booking, *, after=None, pool=Pool.PRIMARY, key="first"):
    """
    Ask for the first free place.
    """
    account = office.booking(booking).account
    return office.take(account=account, booking=booking, choice=Choice(None, after, pool), request=factories.request(key))


class TestNamedSlot:
    @pytest.mark.rule("20", "22", "D7")
    def test_is_held_with_what_it_costs(self, office):
        """
        Ten minutes, the lowest position, fee and deposit, less what the wallet has.
        """
        office.fill("acc_1", 1_000_000)
        booking = office.booking(office.held())

        assert (Status.HELD, 1, SLOT, SLOT + minutes(60)) == (booking.status, booking.position.index, booking.slot_start, booking.slot_end)
        assert (FEE, DEPOSIT, 1_000_000) == (booking.due.fee, booking.due.deposit, booking.due.from_wallet)
        assert office.clock.now() + minutes(10) == booking.hold_expires_at

    @pytest.mark.parametrize(
        ("slot", "code"),
        [
            (SLOT.replace(month=11), Code.SLOT_PAST),
            (SLOT + minutes(1), Code.SLOT_UNKNOWN),
            (SLOT + timedelta(days=1), Code.CHECKPOINT_CLOSED),
            pytest.param(SLOT + timedelta(days=90), Code.OUTSIDE_HORIZON, marks=pytest.mark.rule("22", "D1")),
            (datetime(2199, 1, 1, tzinfo=ALMATY), Code.OUTSIDE_HORIZON),
        ],
    )
    def test_is_refused_where_there_is_none(self, office, slot, code):
        """
        The past, a moment that starts no slot, a day without a plan, a day beyond the horizon.
        """
        booking = office.verified()

        assert [code] == codes(office.take_for(booking, slot=slot))
        assert Status.VERIFIED == office.booking(booking).status

    @pytest.mark.rule("34", "D16")
    def test_is_sold_until_its_call(self, office):
        """
        150 minutes before its start in winter it closes, to the second.
        """
        office.clock.move_to(SLOT - minutes(150))
        late = office.verified(1)
        assert [Code.TOO_LATE] == codes(office.take_for(late))
        office.clock.advance(seconds=-1)

        assert Done(200, late) == office.take_for(late)

    @pytest.mark.rule("6", "D4")
    def test_of_a_priority_class_opens_to_all_on_its_day(self, office):
        """
        The evening before a general applicant reads full; at midnight the unsold priority place is his at the general fee.
        """
        office.open(factories.plan(DAY + timedelta(days=1), rows=["p"] * 24))
        slot = SLOT + timedelta(days=1)
        office.clock.move_to(RULES.midnight(slot.date()) - minutes(1))
        booking = office.verified()
        assert [Code.SLOT_FULL] == codes(office.take_for(booking, slot=slot))
        office.clock.advance(minutes=1)

        assert Done(200, booking) == office.take_for(booking, slot=slot)
        assert FEE == office.booking(booking).due.fee

    @pytest.mark.rule("6-1", "D4")
    def test_of_the_expedited_class_is_never_released(self, office):
        """
        An expedited place stays one on its day; the expedited applicant pays its fee.
        """
        office.open(factories.plan(DAY + timedelta(days=1), rows=["e"] * 24))
        slot = SLOT + timedelta(days=1)
        office.clock.move_to(RULES.midnight(slot.date()) + minutes(60))
        general, expedited = office.verified(1), office.verified(2, class_=PlaceClass.EXPEDITED)

        assert [Code.SLOT_FULL] == codes(office.take_for(general, slot=slot))
        assert Done(200, expedited) == office.take_for(expedited, slot=slot)
        assert 100 * FEE == office.booking(expedited).due.fee

    @pytest.mark.rule("20", "27")
    def test_is_for_verified_applicants_without_debt(self, office):
        """
        Not verified, somebody else's, in debt: refused each for its reason.
        """
        verifying, mine = office.verified(1, status=Status.VERIFYING), office.verified(2)
        office.store.commit(Write(Wallet("acc_2", debt=1, version=1)))

        assert [Code.NOT_VERIFIED] == codes(office.take_for(verifying))
        assert [Code.DEBT] == codes(office.take_for(mine))
        choice = Choice(SLOT, None, Pool.PRIMARY)
        assert Missing() == office.take(account="acc_9", booking=mine, choice=choice, request=factories.request())

    @pytest.mark.rule("25", "D27")
    def test_is_not_sold_without_a_known_fee(self, office):
        """
        For a year whose index is unknown nothing is sold.
        """
        booking = office.verified()
        take = replace(office.take, tariff_on=lambda _: None)

        refused = take(account="acc_1", booking=booking, choice=Choice(SLOT, None, Pool.PRIMARY), request=factories.request())
        assert [Code.FEE_UNKNOWN] == codes(refused)

    def test_goes_to_its_own_checkpoint(self, office):
        """
        Another checkpoint's plan of the same day sells nothing here.
        """
        booking = office.verified(checkpoint="dostyk")

        assert [Code.CHECKPOINT_CLOSED] == codes(office.take_for(booking))


@pytest.mark.rule("16")
class TestFirstFree:
    def test_walks_over_full_hours_and_days(self, office):
        """
        The first slot of the class and pool not before the wanted moment; the next day where the day is full.
        """
        office.open(factories.plan(DAY + timedelta(days=1)))
        for number in (1, 2):
            office.held(number, slot=SLOT.replace(hour=23))
        booking = office.verified(3)

        assert Done(200, booking) == first_free(office, booking, after=SLOT.replace(hour=22, minute=30))
        assert RULES.midnight(DAY + timedelta(days=1)) == office.booking(booking).slot_start

    def test_says_when_there_is_none(self, office):
        """
        No secondary place anywhere, nothing after the last day.
        """
        booking = office.verified()

        assert [Code.NO_FREE_PLACE] == codes(first_free(office, booking, pool=Pool.SECONDARY))
        after = SLOT + timedelta(days=100)
        assert [Code.NO_FREE_PLACE] == codes(first_free(office, booking, after=after))
        shown = office.find.first_free(checkpoint=HERE, after=after, class_=PlaceClass.GENERAL, pool=Pool.PRIMARY)
        assert [Code.NO_FREE_PLACE] == codes(shown)


@pytest.mark.rule("22", "D3")
class TestOpenDays:
    def test_fills_the_horizon_once(self, office):
        """
        Ninety plans less the one that is there; again: nothing; the next day: one, with its classes.
        """
        office.ceilings = {PlaceClass.PRIORITY_GOODS: 5}

        assert [89, 0] == [office.opening(checkpoint=HERE) for _ in range(2)]
        office.clock.advance(days=1)
        assert 1 == office.opening(checkpoint=HERE)
        plans = office.store.places.plans(HERE, first=DAY, last=DAY + timedelta(days=200))
        assert (48, 2) == (plans[-1].capacity, "".join(plans[-1].layout).count("o"))

    def test_opens_nothing_where_nobody_works(self, office):
        """
        A checkpoint that is not worked has no plans.
        """
        office.unworked = frozenset({"kordai"})

        assert 0 == office.opening(checkpoint="kordai")

    def test_writes_each_plan_once_for_two_at_once(self, office):
        """
        Two runs at once open ninety days between them, and never over one another.
        """
        opened = at_once(*([lambda: office.opening(checkpoint="dostyk")] * 2))

        assert 90 == sum(opened)
        assert {1} == {plan.version for plan in office.store.places.plans("dostyk", first=DAY, last=DAY + timedelta(days=60))}

    def test_never_changes_a_plan_that_is_there(self, office):
        """
        Capacity data changed after the day was opened: the day stays as it was sold.
        """
        before = office.store.places.plan(HERE, DAY)
        office.opening(checkpoint=HERE)

        assert before == office.store.places.plan(HERE, DAY)
