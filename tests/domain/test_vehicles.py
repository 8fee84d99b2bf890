"""
Vehicles: who must book, how plates and VINs are compared, what binds and what is remembered (§3, §21, D8, D9, D20).
"""

from datetime import date

import pytest

from chalicelib.domain.decisions import Allowed, Code
from chalicelib.domain.payments import AttemptState
from chalicelib.domain.records import HoldCount, OutboxMessage, Task
from chalicelib.domain.vehicles import Category, MissRecord, VehicleLock, hold_keys, lock_keys, miss_keys, must_book
from tests import factories
from tests.factories import minutes
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW


@pytest.mark.rule("3")
class TestMustBook:
    @pytest.mark.parametrize("category", list(Category))
    def test_lets_only_trucks_and_tractor_units_book(self, category):
        """
        Cars, buses and motorcycles are refused, saying that they need no booking.
        """
        decision = must_book(category)

        if category in {Category.TRUCK, Category.TRACTOR_UNIT}:
            assert Allowed() == decision
        else:
            assert [(Code.NOT_A_TRUCK, "3")] == [(reason.code, reason.rule) for reason in decision.reasons]


@pytest.mark.rule("D9")
class TestComparison:
    @pytest.mark.parametrize("printed", ["123 ABC 02", "123abc02", "123-АВС-02", "１２３ABC02", " 123.ABC/02 ", "123\u00a0авс\u200b02"])
    def test_sees_one_plate_behind_its_spellings(self, printed):
        """
        Case, separators, full-width forms and Cyrillic look-alikes do not make another truck.
        """
        assert "KZ#123ABC02" == factories.vehicle(plate=printed).plate_key

    def test_keeps_countries_and_chinese_provinces_apart(self):
        """
        The same letters of another country are another plate; a province's character stays.
        """
        assert "KG#123ABC02" == factories.vehicle(plate="123ABC02", country="KG").plate_key
        assert "CN#新A12345" == factories.vehicle(plate="新A·12345", country="CN").plate_key

    def test_compares_vins_alike(self):
        """
        Case and blanks do not make another VIN.
        """
        assert "WDB9634031L000001" == factories.vehicle(vin=" wdb 9634031l-000001").vin_key


@pytest.mark.rule("21", "D8")
class TestLocks:
    def test_are_two_a_country(self):
        """
        One of the plate, one of the VIN, toward one neighboring country.
        """
        assert ("CN#plate#KZ#001ABC02", "CN#vin#WDB9634031L000001") == lock_keys(factories.vehicle(), toward="CN")
        assert not set(lock_keys(factories.vehicle(), toward="CN")) & set(lock_keys(factories.vehicle(), toward="KG"))

    def test_bind_until_they_lapse(self):
        """
        A hold's lock ends with it; a confirmed booking's does not; nobody is bound by his own or by a released one.
        """
        held = VehicleLock("k", "b", "c", 1, until=NOW)

        assert held.binds(other_than="x", now=NOW - minutes(1))
        assert not held.binds(other_than="x", now=NOW)
        assert VehicleLock("k", "b", "c", 1).binds(other_than="x", now=NOW + minutes(10**6))
        assert not VehicleLock("k", "b", "c", 1).binds(other_than="b", now=NOW)
        assert not VehicleLock("k", None, "c", 1).binds(other_than="x", now=NOW)


@pytest.mark.rule("28", "D20")
class TestMisses:
    def test_are_counted_by_day_without_the_booking_itself(self):
        """
        Other bookings' misses on or after a day.
        """
        record = MissRecord("k", {"a": date(2026, 1, 1), "b": date(2026, 1, 2), "me": date(2026, 1, 3)}, 1)

        assert [2, 1, 0] == [record.others(booking="me", since=date(2026, 1, day)) for day in (1, 2, 3)]
        assert [date(2026, 1, 2), date(2026, 1, 2), None] == [record.latest(booking="me", since=date(2026, 1, day)) for day in (1, 2, 3)]
        assert ("plate#KZ#001ABC02", "vin#WDB9634031L000001") == miss_keys(factories.vehicle())


@pytest.mark.rule("D11")
class TestHoldCounts:
    def count(self, **changes):
        """
        A running hold of the account since today.
        """
        fields = {"key": "k", "day": RULES.today(NOW), "lapsed": 1, "booking": "b", "until": NOW, "paying": False, "version": 1}
        return HoldCount(**{**fields, **changes})

    def test_are_the_accounts_and_the_vehicles(self):
        """
        By plate and by VIN, where it has one: another plate begins no new count.
        """
        keys = ("account#acc_1", "plate#KZ#001ABC02", "vin#WDB9634031L000001")

        assert keys == hold_keys(factories.vehicle(), account="acc_1")
        assert keys[:2] == hold_keys(factories.vehicle(vin="-"), account="acc_1")

    def test_count_the_current_hold_once_it_lapsed_unpaid(self):
        """
        Not while it runs, not where a payment was tried, not where none runs.
        """
        assert [1, 2] == [self.count().lapsed_today(moment, RULES) for moment in (NOW - minutes(1), NOW)]
        assert [1, 1] == [self.count(**more).lapsed_today(NOW, RULES) for more in ({"paying": True}, {"booking": None, "until": None})]

    def test_count_each_lapse_on_its_own_day(self):
        """
        A hold of yesterday that lapsed today counts today, one that lapsed yesterday does not.
        """
        midnight = RULES.midnight(RULES.today(NOW))
        yesterday = RULES.today(midnight - minutes(1))

        assert 1 == self.count(day=yesterday, until=midnight).lapsed_today(NOW, RULES)
        assert 0 == self.count(day=yesterday, until=midnight - minutes(1)).lapsed_today(NOW, RULES)

    def test_tell_anothers_running_hold(self):
        """
        Another booking's, while it runs.
        """
        assert self.count().runs(other_than="x", now=NOW - minutes(1))
        assert not self.count().runs(other_than="b", now=NOW - minutes(1))
        assert not self.count().runs(other_than="x", now=NOW)


class TestOutboxMessage:
    def test_is_tried_ever_later_and_parked_after_ten_tries(self):
        """
        2, 4, 8 … seconds, five minutes at most; the tenth failure parks it.
        """
        message = OutboxMessage("m", Task.NOTIFY, "a", 1, NOW, NOW, {})
        waits = []
        for _ in range(10):
            message = message.failed(NOW)
            waits.append(int((message.due_at - NOW).total_seconds()))

        assert [2, 4, 8, 16, 32, 64, 128, 256, 300, 300] == waits
        assert (True, 10, 11) == (message.parked, message.tries, message.version)
        assert "canceled" == AttemptState.CANCELED
