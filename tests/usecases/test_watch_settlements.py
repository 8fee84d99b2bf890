"""
The morning's look at settled money: silent while all is on its way, and naming the day, the region and the sum where it is not (§24, D27, D29).
"""

from datetime import date, timedelta

import pytest

from chalicelib.domain.remittance import FileKind
from tests import factories
from tests.factories import SLOT
from tests.fakes import settlements
from tests.fakes.office import FEE
from tests.fakes.rules import RULES

MONDAY = date(2026, 11, 30)
TUESDAY = MONDAY + timedelta(days=1)
"""The day that the tests' clock begins on; money of a Tuesday is due on Friday."""
FRIDAY = TUESDAY + timedelta(days=3)


def morning(office, day):
    """
    Go on to half past nine of a day, closing what is to be closed on the way.
    """
    office.clock.move_to(RULES.at(day, 9 * 60 + 30))
    while office.settle():
        pass
    return office.watch_settlements()


def take(office, day, kind):
    """
    Take a file of a settlement.
    """
    link = office.hand_out.link(account="acc_f", day=day, kind=kind)
    office.hand_out.take(token=link.token)


@pytest.mark.rule("24", "D29")
class TestLate:
    def test_is_a_day_whose_order_nobody_took_on_its_last_business_day(self, quick_office):
        """
        A Tuesday's fee is looked at in peace until Thursday; on Friday, the last day for it, it is late, and stays so until the order is taken.
        """
        quick_office.confirmed()

        for day in (TUESDAY, TUESDAY + timedelta(days=1), FRIDAY - timedelta(days=1)):
            assert () == morning(quick_office, day).late
        assert (TUESDAY,) == morning(quick_office, FRIDAY).late
        assert (TUESDAY,) == morning(quick_office, FRIDAY + timedelta(days=9)).late

    def test_is_none_before_the_afternoon_of_its_only_business_day(self, quick_office):
        """
        Thursday's money can be ordered on Friday alone: nobody is late on Friday morning who is on Friday afternoon.
        """
        quick_office.clock.move_to(RULES.at(FRIDAY - timedelta(days=1), 600))
        quick_office.open(factories.plan(FRIDAY + timedelta(days=1)))
        quick_office.confirmed(slot=SLOT.replace(day=5))
        assert () == morning(quick_office, FRIDAY).late
        quick_office.clock.move_to(RULES.at(FRIDAY, 15 * 60 + 30))

        assert (FRIDAY - timedelta(days=1),) == quick_office.watch_settlements().late

    @pytest.mark.parametrize(("kind", "late"), [(FileKind.PAIN001, False), (FileKind.CLIENT_BANK, False), (FileKind.CSV, True)])
    def test_is_none_whose_order_somebody_took(self, quick_office, kind, late):
        """
        Taking what the bank reads is what counts; a table for people is not.
        """
        quick_office.confirmed()
        morning(quick_office, FRIDAY)
        take(quick_office, TUESDAY, kind)

        found = quick_office.watch_settlements()

        assert ((TUESDAY,) if late else ()) == found.late
        assert (FEE if late else 0) == found.shortfall

    def test_is_a_day_that_was_not_closed(self, quick_office):
        """
        Where no night's work ran, the days are late one after another, whether or not they earned something.
        """
        quick_office.clock.move_to(RULES.at(FRIDAY, 9 * 60 + 30))

        found = quick_office.watch_settlements()

        assert date(2026, 11, 25) == found.late[0]
        assert FRIDAY - timedelta(days=1) == found.late[-1]

    def test_is_no_day_that_owes_nothing(self, quick_office):
        """
        A closed day without revenue needs no order.
        """
        assert () == morning(quick_office, FRIDAY + timedelta(days=30)).late


@pytest.mark.rule("D29")
class TestUnpayable:
    @pytest.mark.parametrize(
        ("today", "days"),
        [
            (date(2026, 12, 4), ()),
            (date(2026, 12, 30), ()),
            (date(2026, 12, 31), (date(2026, 12, 31), date(2027, 1, 1))),
            (date(2026, 3, 20), (date(2026, 3, 20), date(2026, 3, 21), date(2026, 3, 22))),
        ],
    )
    def test_are_the_days_before_holidays_as_long_as_the_term(self, quick_office, today, days):
        """
        An ordinary Friday's money can go on Monday. Before New Year and Nauryz the last business day names what no later one can bring in time.
        """
        quick_office.clock.time = SLOT.replace(year=today.year, month=today.month, day=today.day, hour=9)

        assert days == quick_office.watch_settlements().unpayable


@pytest.mark.rule("D27")
class TestUnconfigured:
    def test_are_the_regions_that_are_owed_something(self, quick_office):
        """
        No bank details for a region that earned: named the next morning, until they are set.
        """
        quick_office.confirmed()
        quick_office.requisites = settlements.requisites("05")
        assert ("19",) == morning(quick_office, TUESDAY + timedelta(days=1)).unconfigured
        quick_office.requisites = None
        assert ("19",) == quick_office.watch_settlements().unconfigured
        quick_office.requisites = settlements.requisites("19")

        assert () == quick_office.watch_settlements().unconfigured
