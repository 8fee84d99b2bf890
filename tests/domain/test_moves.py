"""
A paid booking takes another place: when it may, what it costs, what of it is new (§28, §34, D14, D21).
"""

from datetime import date, timedelta

import pytest

from chalicelib.domain.bookings import Excuse, Happening, Status, Suspension
from chalicelib.domain.decisions import Allowed, Code, Refused
from chalicelib.domain.fees import Tariff
from chalicelib.domain.money import Due
from chalicelib.domain.moves import Berth, Price, class_after, may_choose, may_reschedule, moved, price_of, relocation
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass, Position
from tests.factories import SLOT, minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, NOW

CALL = SLOT - minutes(150)
EXPECTED = {Status.CONFIRMED, Status.ARRIVED, Status.CALLED}
STILL = Suspension("27", "debt", "pay_1", NOW)
TARIFF = Tariff(DAY, 432_500, {PlaceClass.GENERAL: 1, PlaceClass.EXPEDITED: 100}, 3, 20, "x")


@pytest.mark.rule("28", "34", "D14", "D16")
class TestMayReschedule:
    @pytest.mark.parametrize("status", list(Status))
    def test_is_for_who_is_expected(self, status):
        """
        Paid and not admitted; an application has nothing to change yet.
        """
        found = may_reschedule(samples.booking(status=status), now=NOW, rules=RULES)

        assert (Allowed() if status in EXPECTED else Refused.because(Code.NOT_CHANGEABLE, "28", status=status.value)) == found

    @pytest.mark.parametrize(
        ("changes", "now", "refused"),
        [
            ({}, CALL - timedelta(microseconds=1), None),
            ({}, CALL, Refused.because(Code.TOO_LATE, "34", minutes=150)),
            ({"called_at": NOW}, NOW, Refused.because(Code.TOO_LATE, "34", minutes=150)),
            ({"slot_start": SLOT.replace(month=7), "called_at": NOW}, NOW, Refused.because(Code.TOO_LATE, "34", minutes=90)),
            ({"suspended": STILL}, NOW, Refused.because(Code.DEBT, "27", since=NOW.isoformat())),
            ({"slot_start": None}, NOW, Refused.because(Code.NOT_CHANGEABLE, "28", status="confirmed")),
        ],
    )
    def test_closes_when_the_call_is_due(self, changes, now, refused):
        """
        By the season's lead before the booked time, or with the call; not while it stands still.
        """
        assert (refused or Allowed()) == may_reschedule(samples.booking(**changes), now=now, rules=RULES)


@pytest.mark.rule("D21")
class TestMayChoose:
    @pytest.mark.parametrize("status", list(Status))
    def test_is_for_whom_something_befell(self, status):
        """
        Until admission, and only with an excuse that is not used up.
        """
        excused = samples.booking(status=status, excuse=Excuse("closure", "ms_1", NOW), called_at=NOW)
        other = Refused.because(Code.NOT_CHANGEABLE, "D21", status=status.value)

        assert (Allowed() if status in EXPECTED else other) == may_choose(excused)
        assert (Refused.because(Code.NOT_EXCUSED, "D21") if status in EXPECTED else other) == may_choose(samples.booking(status=status))

    def test_is_not_for_who_stands_still(self):
        """
        A suspended booking says why.
        """
        found = may_choose(samples.booking(suspended=STILL, excuse=Excuse("closure", "ms_1", NOW)))

        assert Refused.because(Code.DEBT, "27", since=NOW.isoformat()) == found


@pytest.mark.rule("28", "D14")
class TestPrice:
    @pytest.mark.parametrize(
        ("changes", "tariff", "price"),
        [
            ({"reschedules_left": 1}, TARIFF, Price(0, uses_free=True)),
            ({"reschedules_left": 2}, None, Price(0, uses_free=True)),
            ({"reschedules_left": 0}, TARIFF, Price(432_500, uses_free=False)),
            ({"reschedules_left": 0, "class_": PlaceClass.EXPEDITED}, TARIFF, Price(43_250_000, uses_free=False)),
            ({"reschedules_left": 0, "class_": PlaceClass.EXPEDITED, "pool": Pool.SECONDARY}, TARIFF, Price(432_500, uses_free=False)),
            ({"reschedules_left": 0}, None, Refused.because(Code.FEE_UNKNOWN, "25")),
        ],
    )
    def test_is_nothing_once_then_the_fee_of_the_place_it_looks_for(self, changes, tariff, price):
        """
        The same class; from a secondary place a primary general one.
        """
        assert price == price_of(samples.booking(**changes), tariff=tariff)

    def test_looks_for_the_same_class(self):
        """
        A secondary place leads to a general one.
        """
        found = samples.booking(class_=PlaceClass.PRIORITY_POST)

        assert PlaceClass.PRIORITY_POST is class_after(found)
        assert PlaceClass.GENERAL is class_after(samples.booking(class_=PlaceClass.PRIORITY_POST, pool=Pool.SECONDARY))


THERE = samples.place(checkpoint="dostyk", day=date(2026, 12, 9), position=Position(3, 2))
START = SLOT + timedelta(days=6)
BERTH = Berth(THERE, START, START + minutes(60), "DST-1", PlaceClass.EXPEDITED, "e_1", (30, START + minutes(600)))
USED = {
    "pool": Pool.SECONDARY,
    "called_at": NOW,
    "leave_by": NOW,
    "ready_at": NOW,
    "annul_not_before": NOW,
    "rechecked_at": NOW,
    "recheck_attempts": 3,
    "excuse": Excuse("closure", "ms_1", NOW),
    "demoted": True,
    "arrived_at": NOW,
    "left_area_at": NOW,
    "reminded_at": NOW,
    "status": Status.ARRIVED,
    "reschedules_left": 2,
    "due": Due(10, 70, 30, 50),
}


@pytest.mark.rule("28", "29", "D7", "D14", "D21")
class TestMoved:
    def test_has_the_new_place_and_nothing_left_of_the_old(self):
        """
        Place, time, number, class, what is ordered there; a call, checks and an excuse are of the old place and gone.
        """
        before = samples.booking(**USED)
        after = moved(before, BERTH, happening=Happening.RESCHEDULED, price=Price(5, uses_free=True), now=NOW, rules=RULES)

        expected = {
            **USED,
            "version": 2,
            "checkpoint": "dostyk",
            "class_": PlaceClass.EXPEDITED,
            "pool": Pool.PRIMARY,
            "day": THERE.day,
            "position": THERE.position,
            "slot_start": START,
            "slot_end": START + minutes(60),
            "number": "DST-1",
            "due": Due(15, 70, 35, 50),
            "reschedules_left": 1,
            "shift_minutes": 30,
            "valid_until": START + minutes(600),
            "listed": "e_1",
            "recheck_attempts": 0,
            "demoted": False,
        } | dict.fromkeys(
            ("reminded_at", "called_at", "leave_by", "ready_at", "annul_not_before", "rechecked_at", "excuse", "left_area_at"),
        )
        assert samples.booking(**expected) == after

    @pytest.mark.parametrize(
        ("ahead", "told"), [(timedelta(hours=24), NOW), (timedelta(hours=24, microseconds=1), None), (timedelta(hours=1), NOW)]
    )
    def test_is_told_of_its_arrival_anew_where_there_is_time(self, ahead, told):
        """
        A slot farther than 24 hours; a nearer one was told of.
        """
        berth = Berth(THERE, NOW + ahead, NOW + ahead + minutes(60), "DST-1", PlaceClass.GENERAL)

        after = moved(
            samples.booking(**USED), berth, happening=Happening.RESCHEDULED, price=Price(0, uses_free=False), now=NOW, rules=RULES
        )

        assert told == after.reminded_at
        assert (2, USED["due"], 0, None) == (after.reschedules_left, after.due, after.shift_minutes, after.listed)

    def test_of_nothing_due_costs_nothing(self):
        """
        A booking without a price stays without one.
        """
        after = moved(
            samples.booking(**{**USED, "due": None}),
            BERTH,
            happening=Happening.RESCHEDULED,
            price=Price(5, uses_free=False),
            now=NOW,
            rules=RULES,
        )

        assert after.due is None

    @pytest.mark.parametrize(
        ("changes", "checkpoint", "happening", "arrived"),
        [
            ({"arrived_at": NOW}, "nur-zholy", Happening.RELOCATED_IN_AREA, NOW),
            ({"arrived_at": NOW}, "dostyk", Happening.RELOCATED, None),
            ({"arrived_at": NOW, "left_area_at": NOW}, "nur-zholy", Happening.RELOCATED, None),
            ({}, "nur-zholy", Happening.RELOCATED, None),
        ],
    )
    def test_by_choice_stays_in_the_waiting_area_where_it_stands(self, changes, checkpoint, happening, arrived):
        """
        Only where it is there and the place is the same checkpoint's (D17).
        """
        before = samples.booking(**{"status": Status.ARRIVED, **changes})
        named = relocation(before, checkpoint=checkpoint)

        assert happening is named
        assert arrived == moved(before, BERTH, happening=named, price=Price(0, uses_free=False), now=NOW, rules=RULES).arrived_at
