"""
A mistyped plate is corrected once before the call; its lock goes along, the VIN stays (§21, §36, D8, D15).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.decisions import Code
from chalicelib.domain.records import Task
from chalicelib.domain.registers import CheckResult
from chalicelib.domain.vehicles import Party, lock_keys
from chalicelib.usecases.correct_plate import Correction
from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.factories import SLOT
from tests.usecases.test_crew import listed, told
from tests.usecases.test_reschedule import codes


@pytest.fixture
def office(quick_office):
    """
    An office without an engine.
    """
    return quick_office


@pytest.mark.rule("36", "D15")
class TestPlate:
    @pytest.mark.rule("21", "D8")
    def test_is_corrected_with_its_lock_and_at_the_gate(self, office):
        """
        The lock goes over in the same transaction, the VIN's stays; the gate expects the right plate; the user is told.
        """
        booking = office.confirmed()

        assert isinstance(office.correct_for(booking, "777 AAA 02"), Done)

        after = office.booking(booking)
        old, new = (lock_keys(factories.vehicle(plate=plate), toward="CN") for plate in ("001 ABC 02", "777 AAA 02"))
        locks = office.store.locks.locks((*old, *new))
        assert (None, booking, booking) == (locks[old[0]].booking, locks[new[0]].booking, locks[new[1]].booking)
        assert (True, "WDB9634031L000001") == (after.plate_corrected, after.vehicle.vin)
        assert ["plate_corrected"] == [payload["template"] for payload in told(office, Task.NOTIFY) if payload["template"] != "confirmed"]
        assert ["777AAA02"] == [row["plate"] for row in listed(office)]

    def test_is_confirmed_by_the_register_of_vehicles(self, office):
        """
        Source 2 is asked with the new plate and the old VIN; denied or silent, nothing changes.
        """
        booking = office.confirmed()
        office.registers.asked.clear()
        office.registers.answers["2"] = CheckResult.FAILED
        refused = office.correct_for(booking, "777 AAA 02")

        question = next(item for item in office.registers.asked if item.source == "2")
        assert ("777 AAA 02", "WDB9634031L000001") == (question.keys["plate"], question.keys["vin"])
        assert [Code.VERIFICATION_FAILED] == codes(refused)
        office.registers.answers["2"] = CheckResult.UNAVAILABLE
        assert [Code.VERIFICATION_UNAVAILABLE] == codes(office.correct_for(booking, "777 AAA 02"))
        assert not office.booking(booking).plate_corrected

    @pytest.mark.rule("21")
    def test_of_another_active_booking_is_not_taken(self, office):
        """
        A vehicle that is booked under the right plate cannot be booked twice by a correction.
        """
        office.confirmed(2)
        booking = office.confirmed(1)

        assert [Code.ACTIVE_BOOKING_EXISTS] == codes(office.correct_for(booking, "002 ABC 02"))

    def test_is_corrected_once(self, office):
        """
        A second correction, or one that changes nothing, is refused.
        """
        booking = office.confirmed()
        assert [Code.PLATE_CORRECTED] == codes(office.correct_for(booking, "001abc02"))
        office.correct_for(booking, "777 AAA 02")

        assert [Code.PLATE_CORRECTED] == codes(office.correct_for(booking, "001 ABC 02"))

    @pytest.mark.rule("34")
    def test_is_corrected_before_the_call(self, office):
        """
        At the lead of the call it closes.
        """
        booking = office.confirmed()
        office.clock.move_to(SLOT - timedelta(minutes=150))

        assert [Code.TOO_LATE] == codes(office.correct_for(booking, "777 AAA 02"))

    @pytest.mark.parametrize("change", [{"vehicle": factories.vehicle(country="CN")}, {"owner": Party("per_1", resident=False)}])
    def test_of_a_foreign_vehicle_is_corrected_by_the_registrar_from_papers(self, office, change):
        """
        No register of ours knows it: the registrar does it, wanted vehicles are asked about all the same.
        """
        booking = office.confirmed(**change)
        assert [Code.PAPERS_NEEDED] == codes(office.correct_for(booking, "777 AAA 02"))
        office.registers.asked.clear()
        correction = Correction("777 AAA 02", reason="Техпаспорт", papers=True)

        done = office.plate.of_any(by="registrar:acc_r", booking=booking, correction=correction, request=factories.request("r"))

        assert isinstance(done, Done)
        asked = {item.source for item in office.registers.asked}
        assert ("2" in asked, "4" in asked) == (False, True)
        last = office.store.histories.of_aggregate(booking)[-1]
        assert ("plate_corrected", "registrar:acc_r", "Техпаспорт") == (last.kind, last.by, last.detail["reason"])

    @pytest.mark.rule("28", "D20")
    def test_keeps_the_misses_with_the_vehicle(self, office):
        """
        A miss under the right plate counts, one of the stranger whose plate was typed does not.
        """
        office.cancel_for(office.confirmed(7, vehicle=factories.vehicle(7)))
        stranger = factories.vehicle(8)
        office.cancel_for(office.confirmed(8, vehicle=stranger))
        mistyped = factories.vehicle(7, plate=stranger.plate, vin="WDB9634031L000099")
        first = office.confirmed(1, vehicle=mistyped, slot=SLOT + timedelta(hours=1))
        assert "forfeited" == office.cancel.preview(account="acc_1", booking=first).answer["deposit"]

        office.correct_for(first, "999 ZZZ 02")
        assert "forgiven" == office.cancel.preview(account="acc_1", booking=first).answer["deposit"]

        second = office.confirmed(2, vehicle=factories.vehicle(2), slot=SLOT + timedelta(hours=1))
        office.correct_for(second, factories.vehicle(7).plate)
        assert "forfeited" == office.cancel.preview(account="acc_2", booking=second).answer["deposit"]
