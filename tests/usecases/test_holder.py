"""
The account's holder: he must be owner or named driver, by what source 1 has proved about him, once and for good (§3, §18.1, D10).
"""

from dataclasses import replace

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.holders import NUMBERS
from chalicelib.domain.registers import CheckResult
from chalicelib.jurisdictions import jurisdiction
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import PersonRecord, Write
from chalicelib.usecases.request_booking import Person
from tests import factories
from tests.fakes import samples
from tests.fakes.office import AGREEMENT

MINE = "880101300123"
STRANGERS = factories.person(iin="850615300129", phone="+77770000001")


@pytest.fixture
def office(quick_office):
    """
    An office and an account that has signed the agreement and is known by its phone alone.
    """
    quick_office.store.commit(Write(samples.account(person="per_me", agreement_version=AGREEMENT)))
    quick_office.people.put([PersonRecord("per_me", "account", {"phone": "+77010000000"})])
    return quick_office


def apply(office, key="k", **changes):
    """
    Apply.
    """
    return office.request(account="acc_1", application=factories.application(**changes), request=factories.request(key))


def verified(office, key="k", **changes):
    """
    Apply and be verified: the booking.
    """
    booking = apply(office, key, **changes).resource
    office.verify(booking=booking)
    return office.booking(booking)


@pytest.mark.rule("3", "18.1", "D10")
class TestHolder:
    def test_is_who_source_1_confirmed_from_then_on(self, office):
        """
        The first application proves his IIN; the second may name him as a driver, the third must not leave him out.
        """
        first = verified(office)
        account = office.store.accounts.account("acc_1")
        as_driver = apply(office, "two", owner=STRANGERS)
        left_out = apply(office, "three", owner=STRANGERS, drivers=(STRANGERS,))

        assert (Status.VERIFIED, first.owner.person) == (first.status, account.identity)
        assert "driver:0" == office.booking(as_driver.resource).acts_as
        assert [Code.NOT_OWNER_OR_DRIVER] == [reason.code for reason in left_out.reasons]
        assert ["3"] == [reason.rule for reason in left_out.reasons]

    def test_may_act_for_a_company_whose_member_source_1_says_he_is(self, office):
        """
        A proved person applies for a company, no driver himself: the register is asked about his IIN and its BIN together, and decides; the account
        stays his own.
        """
        (persons,) = [source for source in jurisdiction().verification_sources() if source.id == "1"]
        office.verify = replace(office.verify, sources=lambda: (persons,))
        mine = verified(office)
        company = replace(factories.person(), kind="legal", fields={"name": "LLP", "bin": "990140000123"})
        firms = verified(office, "two", owner=company, drivers=(STRANGERS,))

        assert ("member", Status.VERIFIED) == (firms.acts_as, firms.status)
        asked = [question.keys for question in office.registers.asked if question.source == "1"]
        numbers = [{name: value for name, value in keys.items() if name in NUMBERS} for keys in asked]
        assert [{"iin": MINE}, {"iin": MINE, "bin": "990140000123"}] == numbers
        assert mine.owner.person == office.store.accounts.account("acc_1").identity

        office.registers.answers["1"] = CheckResult.FAILED
        assert Status.REFUSED == verified(office, "three", owner=company, drivers=(STRANGERS,)).status

    def test_stays_unproved_while_a_register_does_not_confirm(self, office):
        """
        A refused or silent verification proves nothing: the next application may be another's.
        """
        office.registers.answers["1"] = CheckResult.FAILED
        verified(office)
        office.registers.answers["1"] = CheckResult.UNAVAILABLE
        verified(office, "two", owner=STRANGERS)

        assert office.store.accounts.account("acc_1").identity is None

    def test_is_proved_once(self, office):
        """
        Two applications as different people, verified one after the other: the first proof stays.
        """
        bookings = [apply(office).resource, apply(office, "two", owner=STRANGERS, drivers=(STRANGERS,)).resource]
        for booking in bookings:
            office.verify(booking=booking)

        assert office.booking(bookings[0]).owner.person == office.store.accounts.account("acc_1").identity

    def test_is_compared_by_what_a_signature_proved_too(self, office):
        """
        An IIN that lies with the account itself (EDS) counts as proved.
        """
        office.people.put([PersonRecord("per_me", "account", {"phone": "+77010000000", "iin": MINE})])

        assert isinstance(apply(office), Done)
        assert [Code.NOT_OWNER_OR_DRIVER] == [reason.code for reason in apply(office, "two", owner=STRANGERS, drivers=(STRANGERS,)).reasons]
        verified(office, "three")
        assert office.store.accounts.account("acc_1").identity is None

    @pytest.mark.rule("19")
    def test_without_iin_is_asked_about_by_document_and_proves_no_number(self, office):
        """
        A foreign driver who books for himself passes 1 on his document; his account has no number to compare.
        """
        driver = Person(resident=False, kind="natural", fields={"name": "Li", "phone": "+77010000000", "document": {"number": "E1"}})
        owner = Person(resident=False, kind="legal", fields={"name": "Logistics"})
        booking = verified(office, owner=owner, drivers=(driver,))

        assert (Status.VERIFIED, "driver:0", False) == (booking.status, booking.acts_as, booking.user.resident)
        assert office.store.accounts.account("acc_1").identity is None
