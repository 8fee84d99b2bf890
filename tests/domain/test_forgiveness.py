"""
One miss of a vehicle in 90 calendar days is forgiven, whoever books it and whatever its plate (§28, D8, D20).
"""

from datetime import date

import pytest

from chalicelib.domain.bookings import Excuse, Status
from chalicelib.domain.money import DepositState
from chalicelib.domain.schedule import forgiveness_again_on
from chalicelib.domain.vehicles import MissRecord, miss_keys
from chalicelib.usecases.ending import verdict_on_giving_up, verdict_on_miss
from tests import factories
from tests.fakes import samples
from tests.fakes.rules import RULES


def judged(missed_on, today, *, judge=verdict_on_miss, **changes):
    """
    Judge a miss today of a vehicle that missed on another day (under its VIN alone).
    """
    booking = samples.booking(**changes)
    plate, vin = miss_keys(booking.vehicle)
    records = [MissRecord(plate, {}, 0), MissRecord(vin, {"bk_0": missed_on} if missed_on else {}, 1)]
    return judge(booking, records, today=today, rules=RULES)


@pytest.mark.rule("28", "D20")
class TestNinetyDays:
    @pytest.mark.parametrize(
        ("missed_on", "today", "outcome"),
        [
            (date(2026, 9, 4), date(2026, 12, 3), DepositState.FORFEITED),
            (date(2026, 9, 3), date(2026, 12, 3), DepositState.FORGIVEN),
            (date(2026, 12, 3), date(2026, 12, 3), DepositState.FORFEITED),
            # through a leap day: 29 February 2028 is a day like any other
            (date(2027, 12, 1), date(2028, 2, 29), DepositState.FORFEITED),
            (date(2027, 12, 1), date(2028, 3, 1), DepositState.FORGIVEN),
            (date(2026, 12, 1), date(2027, 3, 1), DepositState.FORFEITED),
            (date(2026, 12, 1), date(2027, 3, 2), DepositState.FORGIVEN),
            # missed on the leap day itself, and over the year's end
            (date(2028, 2, 29), date(2028, 5, 29), DepositState.FORFEITED),
            (date(2028, 2, 29), date(2028, 5, 30), DepositState.FORGIVEN),
            (date(2026, 12, 31), date(2027, 3, 31), DepositState.FORFEITED),
            (None, date(2026, 12, 3), DepositState.FORGIVEN),
        ],
    )
    def test_are_calendar_days(self, missed_on, today, outcome):
        """
        The ninetieth day after a miss is still within, the ninety-first is free; the view's `again_on` says the same.
        """
        assert outcome is judged(missed_on, today).deposit
        if missed_on:
            assert (outcome is DepositState.FORGIVEN) == (forgiveness_again_on(missed_on, RULES) <= today)

    @pytest.mark.rule("D8")
    def test_follow_the_vin_under_another_plate(self):
        """
        Re-plating is no second chance: the record of the VIN speaks.
        """
        plated_anew = factories.vehicle(9, vin=samples.booking().vehicle.vin)

        assert DepositState.FORFEITED is judged(date(2026, 12, 1), date(2026, 12, 3), vehicle=plated_anew).deposit

    def test_count_no_booking_against_itself(self):
        """
        A miss that is judged twice is one.
        """
        assert DepositState.FORGIVEN is judged(date(2026, 12, 1), date(2026, 12, 3), id="bk_0").deposit

    @pytest.mark.rule("D21")
    @pytest.mark.parametrize(
        ("status", "fee", "rule"),
        [(Status.CONFIRMED, "returned", "D21"), (Status.CALLED, "returned", "D21"), (Status.HELD, "returned", "28")],
    )
    def test_say_nothing_where_it_was_not_his_fault(self, status, fee, rule):
        """
        An excused booking has no miss, whatever came before it; what was never paid is no question of D21.
        """
        excuse = Excuse("closure", "msr_1", samples.NOW)
        verdict = judged(date(2026, 12, 1), date(2026, 12, 3), judge=verdict_on_giving_up, status=status, excuse=excuse)

        assert (fee, DepositState.RELEASED, False, rule) == (verdict.fee, verdict.deposit, verdict.counts_as_miss, verdict.rule)
