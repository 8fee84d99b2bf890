"""
The fees in force on the day of payment count, whatever day is booked and whatever a place cost when it was held (§25, D27).
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.jurisdictions import jurisdiction
from tests import factories
from tests.fakes.office import DEPOSIT, FEE, TARIFF
from tests.fakes.samples import ALMATY
from tests.usecases.test_payments import codes

pytestmark = pytest.mark.rule("25", "D27")
TOTAL = FEE + DEPOSIT
NEW_MCI = 450_000
NEW_TOTAL = 21 * NEW_MCI
TURN = date(2026, 12, 2)
BEFORE = datetime(2026, 12, 1, 23, 55, tzinfo=ALMATY)
"""Five minutes before another index comes into force; the booked day lies behind it."""


@pytest.fixture
def office(quick_office):
    """
    An office five minutes before the index changes.
    """
    quick_office.people_of(1)
    change(quick_office, replace(TARIFF, since=TURN, mci=NEW_MCI))
    quick_office.clock.move_to(BEFORE)
    return quick_office


def change(office, later):
    """
    Let another tariff, or none, be in force from the turn.
    """

    def tariff_on(day):
        return TARIFF if day < TURN else later

    decreed(office, tariff_on)


class TestDayOfPayment:
    def test_counts_not_the_booked_day(self, office):
        """
        December's payment for January is at December's index.
        """
        booking = office.held()
        office.fill("acc_1", TOTAL)

        office.pay_for(booking)

        assert ((FEE, DEPOSIT), (0, DEPOSIT)) == ((office.booking(booking).due.fee, office.booking(booking).due.deposit), office.wallet())

    def test_counts_not_the_day_of_the_hold(self, office):
        """
        Held before midnight and paid after it from the balance: fee and deposit are the new ones.
        """
        booking = office.held()
        assert FEE == office.booking(booking).due.fee
        office.fill("acc_1", NEW_TOTAL)
        office.clock.advance(minutes=6)

        office.pay_for(booking)

        assert (Status.CONFIRMED, NEW_MCI) == (office.booking(booking).status, office.booking(booking).due.fee)
        assert (0, 20 * NEW_MCI) == office.wallet()

    def test_is_told_where_the_old_sum_no_longer_suffices(self, office):
        """
        The answer names what is missing to the new sum.
        """
        booking = office.held()
        office.fill("acc_1", TOTAL)
        office.clock.advance(minutes=6)

        outcome = office.pay_for(booking)

        assert ([Code.INSUFFICIENT_FUNDS], NEW_TOTAL - TOTAL) == (codes(outcome), outcome.reasons[0].parameters["missing"])

    def test_of_a_card_is_the_day_on_which_its_payment_was_opened(self, office):
        """
        The sum that the payer was shown is what he owes: opened before midnight and paid after it, it confirms at the old index.
        """
        booking = office.held()
        attempt = office.pay_for(booking, by_card=True).answer["attempt"]
        office.clock.advance(minutes=6)
        assert attempt == office.pay_for(booking, by_card=True, key="again").answer["attempt"]

        office.receive(event=office.provider.succeeded(attempt))

        assert (Status.CONFIRMED, FEE, (0, DEPOSIT)) == (office.booking(booking).status, office.booking(booking).due.fee, office.wallet())

    def test_of_a_card_opened_after_midnight_is_the_new_day(self, office):
        """
        Held before midnight, its payment begun after it: the card is asked for the new sum.
        """
        booking = office.held()
        office.clock.advance(minutes=6)

        attempt = office.pay_for(booking, by_card=True).answer["attempt"]

        assert NEW_TOTAL == office.provider.intents[f"pi_{attempt}"]

    def test_without_known_fees_takes_no_payment(self, office):
        """
        The index of the new year is not decreed: the held place cannot be paid, and nothing is moved.
        """
        change(office, None)
        booking = office.held()
        office.fill("acc_1", NEW_TOTAL)
        office.clock.advance(minutes=6)

        assert [Code.FEE_UNKNOWN] == codes(office.pay_for(booking))
        assert ((NEW_TOTAL, 0), Status.HELD) == (office.wallet(), office.booking(booking).status)

    @pytest.mark.rule("28")
    def test_leaves_a_deposit_as_it_was_paid(self, office):
        """
        A deposit is not topped up when the index rises, and comes back as it came.
        """
        booking = office.held()
        office.fill("acc_1", TOTAL)
        office.pay_for(booking)
        office.clock.advance(minutes=6)

        office.cancel_for(booking)

        assert (DEPOSIT, 0) == office.wallet()


class TestYearsEnd:
    """
    By the jurisdiction's own figures: 3,932 ₸ until 31 December 2025, 4,325 ₸ from 1 January 2026, nothing decreed for 2027.
    """

    OLD, NEW = 393_200, 432_500
    EVE = datetime(2025, 12, 31, 23, 55, tzinfo=ALMATY)

    @pytest.fixture
    def eve(self, quick_office):
        """
        An office five minutes before the year ends, with a place of the third day of the new one held.
        """
        quick_office.people_of(1)
        decreed(quick_office, jurisdiction().tariff_on)
        return held_on(quick_office, self.EVE)

    def test_paid_after_midnight_costs_the_new_years_fee(self, eve):
        """
        Held on 31 December and paid on 1 January: fee and deposit by 2026's index, told where the old sum was ready.
        """
        assert self.OLD == eve.booking("bk_1").due.fee
        eve.fill("acc_1", 21 * self.OLD)
        eve.clock.advance(minutes=6)

        refused = eve.pay_for("bk_1")
        eve.fill("acc_1", 21 * (self.NEW - self.OLD))
        eve.pay_for("bk_1", key="again")

        assert [Code.INSUFFICIENT_FUNDS] == codes(refused)
        assert (self.NEW, (0, 20 * self.NEW)) == (eve.booking("bk_1").due.fee, eve.wallet())

    def test_paid_before_midnight_costs_the_old_years(self, eve):
        """
        However late in the new year the slot is.
        """
        eve.fill("acc_1", 21 * self.OLD)
        eve.pay_for("bk_1")

        assert (Status.CONFIRMED, self.OLD, (0, 20 * self.OLD)) == (eve.booking("bk_1").status, eve.booking("bk_1").due.fee, eve.wallet())

    def test_without_a_decreed_index_takes_nothing(self, quick_office):
        """
        Held on 31 December 2026: on 1 January 2027 nobody knows the fee, and nothing is taken.
        """
        quick_office.people_of(1)
        decreed(quick_office, jurisdiction().tariff_on)
        office = held_on(quick_office, self.EVE.replace(year=2026))
        office.fill("acc_1", 21 * self.NEW)
        office.clock.advance(minutes=6)

        assert [Code.FEE_UNKNOWN] == codes(office.pay_for("bk_1"))
        assert ((21 * self.NEW, 0), Status.HELD) == (office.wallet(), office.booking("bk_1").status)


def decreed(office, tariff_on):
    """
    Let these fees be in force.
    """
    for name in ("take", "pay"):
        office.__dict__[name] = replace(getattr(office, name), tariff_on=tariff_on)


def held_on(office, moment):
    """
    Hold a place of three days later at a moment: the office.
    """
    office.clock.move_to(moment)
    slot = (moment + timedelta(days=3)).replace(hour=14, minute=0)
    office.open(factories.plan(slot.date()))
    office.held(slot=slot)
    return office
