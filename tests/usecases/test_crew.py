"""
Drivers, trailer and a mistyped plate change until admission or call, each verified before it takes effect; VIN and owner never (§16, §19, §36, D15).
"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status, Suspension
from chalicelib.domain.decisions import Code
from chalicelib.domain.records import Event, OutboxMessage, Task
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.vehicles import Party, Trailer
from chalicelib.usecases.outcomes import Done, Missing
from chalicelib.usecases.ports import PersonRecord, Write
from tests import factories
from tests.factories import SLOT, batch, person, seen
from tests.fakes.samples import HERE
from tests.usecases.test_reschedule import codes

NEWCOMER = person(name="Марат Ахметов", iin="900202300456", phone="+77017654321")
DRIVER_SOURCES = {"3", "5", "11", "12", "13", "consent"}


@pytest.fixture
def office(quick_office):
    """
    An office without an engine, in which the named drivers are known.
    """
    quick_office.people.put([PersonRecord(id_, "driver", dict(person().fields, iin=f"88010130012{id_[-1]}")) for id_ in ("per_2", "per_3")])
    for _ in range(9):
        quick_office.chance.id("per")  # whoever comes gets an id of his own
    return quick_office


def admitted(office, booking):
    """
    Let a booking's vehicle in.
    """
    office.journal.batch(checkpoint=HERE, batch=batch(seen(1, "entry-1", booking, at=SLOT)))


def told(office, task):
    """
    List what was asked to follow, of a task.
    """
    return [row.payload for row in office.store._shelves.all(OutboxMessage) if row.task is task]


def listed(office):
    """
    Publish the gate's list: its rows.
    """
    office.clock.move_to(SLOT - timedelta(hours=10))
    office.admissions(checkpoint=HERE)
    return office.link.admissions[-1].rows


@pytest.mark.rule("16.2", "19", "36", "D15")
class TestDrivers:
    def test_one_comes_within_the_number_declared(self, office):
        """
        The registers of a driver are asked about him, and nobody else; his data lie in their room alone.
        """
        booking = office.confirmed(authorized_drivers=3)
        office.registers.asked.clear()

        assert isinstance(office.drivers_for(booking, person=NEWCOMER), Done)

        after = office.booking(booking)
        asked = {(item.source, item.subject) for item in office.registers.asked}
        assert (3, {(source, "driver:2") for source in DRIVER_SOURCES}) == (len(after.drivers), asked)
        assert dict.fromkeys(DRIVER_SOURCES, CheckResult.PASSED) == {
            answer.source: answer.result for answer in after.checks if answer.subject == "driver:2"
        }
        newcomer = after.drivers[2].person
        assert NEWCOMER.fields["iin"] == office.people.get_many([newcomer], purpose="test")[newcomer].fields["iin"]
        assert NEWCOMER.fields["name"] not in json.dumps([repr(event) for event in office.store._shelves.all(Event)], ensure_ascii=False)

    def test_no_more_come_than_were_declared(self, office):
        """
        The number of §16 (2) is kept.
        """
        refused = office.drivers_for(office.confirmed(authorized_drivers=2), person=NEWCOMER)

        assert ([Code.TOO_MANY_DRIVERS], 2) == (codes(refused), refused.reasons[0].parameters["limit"])

    def test_one_takes_anothers_seat_and_the_others_data_are_forgotten(self, office):
        """
        Who went is erased by the outbox, after the commit; his checks go with him.
        """
        booking = office.confirmed(checks=(Answer("5", "driver:1", CheckResult.PASSED, message="OLD"),))

        assert isinstance(office.drivers_for(booking, index=1, person=NEWCOMER), Done)

        after = office.booking(booking)
        assert [Party("per_2", resident=True), 2] == [after.drivers[0], len(after.drivers)]
        assert ["per_3"] == [payload["person"] for payload in told(office, Task.FORGET)]
        assert not [answer for answer in after.checks if answer.message == "OLD"]

    def test_one_goes_and_the_rest_move_up(self, office):
        """
        The checks and the seat of whom the holder applied as move with their driver; the last one stays.
        """
        checks = (Answer("5", "driver:0", CheckResult.PASSED), Answer("5", "driver:1", CheckResult.PASSED, message="SECOND"))
        booking = office.confirmed(checks=checks, acts_as="driver:1")

        assert isinstance(office.drivers_for(booking, index=0), Done)

        after = office.booking(booking)
        assert (["per_3"], "driver:0") == ([driver.person for driver in after.drivers], after.acts_as)
        assert [("driver:0", "SECOND")] == [(answer.subject, answer.message) for answer in after.checks]
        assert [Code.LAST_DRIVER] == codes(office.drivers_for(booking, index=0))

    @pytest.mark.rule("3", "D10")
    def test_whom_the_holder_applied_as_stays(self, office):
        """
        Neither taken off nor replaced by another; with new papers he may come again.
        """
        booking = office.confirmed(acts_as="driver:0")
        same = person(iin="880101300122", phone="+77010000000")

        assert [[Code.NOT_OWNER_OR_DRIVER]] * 2 == [
            codes(office.drivers_for(booking, index=0)),
            codes(office.drivers_for(booking, index=0, person=NEWCOMER)),
        ]
        assert isinstance(office.drivers_for(booking, index=0, person=same), Done)
        assert [] == told(office, Task.FORGET)

    @pytest.mark.rule("20", "D11")
    @pytest.mark.parametrize(
        ("result", "code"),
        [(CheckResult.FAILED, Code.VERIFICATION_FAILED), (CheckResult.UNAVAILABLE, Code.VERIFICATION_UNAVAILABLE)],
    )
    def test_nothing_changes_unless_the_registers_confirm_him(self, office, result, code):
        """
        Denied or silent: the registers are named, the booking stands as it was, the newcomer is forgotten at once.
        """
        booking = office.confirmed(authorized_drivers=3)
        before, known = office.booking(booking), dict(office.people._people)
        office.registers.answers |= {"5": result, "13": result}

        refused = office.drivers_for(booking, person=NEWCOMER)

        assert ([code], "5, 13") == (codes(refused), refused.reasons[0].parameters["sources"])
        assert (before, known) == (office.booking(booking), office.people._people)

    def test_are_changed_once_for_one_key(self, office):
        """
        A repeated removal by place removes nobody else.
        """
        booking = office.confirmed()
        first = office.drivers_for(booking, index=0, key="one")

        assert first == office.drivers_for(booking, index=0, key="one")
        assert ["per_3"] == [driver.person for driver in office.booking(booking).drivers]

    def test_change_until_admission_and_for_the_holder_alone(self, office):
        """
        Called they may change still; admitted, held, suspended or another's they may not; an empty seat is missing.
        """
        booking, held = office.confirmed(1), office.held(2)
        office.clock.move_to(SLOT - timedelta(minutes=150))
        office.time.remind(booking=booking)
        office.time.call(booking=booking)
        assert Status.CALLED == office.booking(booking).status

        assert isinstance(office.drivers_for(booking, index=1, person=NEWCOMER), Done)
        admitted(office, booking)
        assert [[Code.NOT_CHANGEABLE]] * 2 == [codes(office.drivers_for(one, index=1, person=NEWCOMER)) for one in (booking, held)]
        request = factories.request()
        assert Missing() == office.drivers(account="acc_9", booking=booking, index=1, person=NEWCOMER, request=request)
        assert Missing() == office.drivers_for(booking, index=7)

    @pytest.mark.rule("D22", "D28")
    @pytest.mark.parametrize(("reason", "code"), [("false_data", Code.ACCOUNT_BLOCKED), ("debt", Code.DEBT)])
    def test_of_a_suspended_booking_stay(self, office, reason, code):
        """
        What stands still is not changed, and says for what.
        """
        booking = office.confirmed()
        before = office.booking(booking)
        still = replace(before, version=before.version + 1, suspended=Suspension("6-2", reason, "blk_1", office.clock.now()))
        office.store.commit(Write(still, before.version))

        assert [[code]] * 2 == [codes(office.drivers_for(booking, index=0)), codes(office.trailer_for(booking, None))]


@pytest.mark.rule("19", "36", "D15")
class TestTrailer:
    def test_is_changed_and_expected_at_the_gate(self, office):
        """
        It is asked about by its own plate; gate and board are told.
        """
        booking = office.confirmed()
        office.registers.asked.clear()

        assert isinstance(office.trailer_for(booking, Trailer("KZ", "77 XYZ 05")), Done)

        assert {("4", "trailer", "77 XYZ 05"), ("14", "trailer", "77 XYZ 05")} == {
            (item.source, item.subject, item.keys["plate"]) for item in office.registers.asked
        }
        assert ["77XYZ05"] == [row["trailer"] for row in listed(office)]

    def test_comes_with_a_question_about_the_drivers_licences(self, office):
        """
        Where there was none, each resident driver's licence must be good for one.
        """
        booking = office.confirmed(trailer=None)
        office.registers.asked.clear()

        office.trailer_for(booking, Trailer("KZ", "77 XYZ 05"))

        assert {("3", "driver:0", "CE")} == {
            (item.source, item.subject, item.keys["category"]) for item in office.registers.asked if item.source == "3"
        }

    def test_is_uncoupled_without_a_question(self, office):
        """
        Nothing new, nothing to ask; its checks go.
        """
        booking = office.confirmed(checks=(Answer("4", "trailer", CheckResult.PASSED),))
        office.registers.asked.clear()

        assert isinstance(office.trailer_for(booking, None), Done)
        assert (None, (), []) == (office.booking(booking).trailer, office.booking(booking).checks, office.registers.asked)

    def test_that_is_wanted_is_refused(self, office):
        """
        The register is named; the old one stays.
        """
        booking = office.confirmed()
        office.registers.answers["4"] = CheckResult.FAILED

        refused = office.trailer_for(booking, Trailer("KZ", "77 XYZ 05"))
        assert ([Code.VERIFICATION_FAILED], "4") == (codes(refused), refused.reasons[0].parameters["sources"])
        assert Trailer("KZ", "45 ABC 02") == office.booking(booking).trailer

    def test_stays_once_admitted(self, office):
        """
        Inside nothing is coupled any more.
        """
        booking = office.confirmed()
        admitted(office, booking)

        assert [Code.NOT_CHANGEABLE] == codes(office.trailer_for(booking, None))
