"""
Consents asked for with an application, apart from one, refused, taken back (§16).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.consents import ConsentStatus, Via
from chalicelib.domain.decisions import Code
from chalicelib.domain.registers import CheckResult
from chalicelib.domain.verification import Source
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import Write
from chalicelib.usecases.request_booking import Person
from tests import factories
from tests.fakes import samples
from tests.fakes.consent_desk import TEXT
from tests.fakes.consent_service import FOREIGNER, agreed, apply, verified

OTHER = factories.person(iin="850615300129", phone="+77770000001")
HOLDER = Source("1", "user", residents=True, non_residents=True, before_place=True)


@pytest.fixture
def office(quick_office):
    """
    An office whose account has signed the agreement.
    """
    return agreed(quick_office)


def mine(office):
    """
    List the account's consents: (subject, via, status).
    """
    found = office.consents.keep.mine(account="acc_1", limit=9, cursor=None).items
    return sorted((each.subject, each.via.value, each.status.value) for each in found)


def checks(booking):
    """
    Give the consents among a booking's checks.
    """
    return {answer.subject: (answer.result.value, answer.message) for answer in booking.checks if answer.source == "consent"}


@pytest.mark.rule("16")
class TestWithAnApplication:
    def test_are_asked_of_residents_by_the_service_and_taken_of_others_by_agreement(self, office):
        """
        One application: the owner and a driver are residents, the other driver is none; version, text and time are kept.
        """
        booking = verified(office, owner=OTHER, drivers=(factories.person(), FOREIGNER))

        assert Status.VERIFIED is booking.status
        assert [("driver", "agreement", "given"), ("driver", "state_service", "given"), ("owner", "state_service", "given")] == mine(office)
        assert {"owner": ("passed", None), "driver:0": ("passed", None), "driver:1": ("passed", None)} == checks(booking)
        kept = office.store.consents.consent("acc_1", booking.drivers[1].consent)
        assert (TEXT, office.clock.now(), Via.AGREEMENT) == (kept.text, kept.answered_at, kept.via)

    def test_tell_the_service_an_iin_and_the_text_and_no_more(self, office):
        """
        Reference, version with fingerprint, IIN; the vehicle is the relay's own record.
        """
        verified(office)

        (question,) = [each for each in office.registers.asked if each.source == "consent"]
        assert {"reference", "text", "iin"} == set(question.keys) - {"plate", "country", "vin"}

    def test_hold_up_the_verification_while_they_are_awaited(self, office):
        """
        Not answered yet: `verifying`, shown as a check; given later: verified.
        """
        office.registers.says(CheckResult.UNAVAILABLE, "CONSENT_PENDING")
        booking = verified(office)
        assert (Status.VERIFYING, {"owner": ("unavailable", "CONSENT_PENDING")}) == (booking.status, checks(booking))

        office.registers.says(CheckResult.PASSED)
        office.clock.move_to(booking.verify_at)
        office.verify(booking=booking.id)
        assert Status.VERIFIED is office.booking(booking.id).status

    @pytest.mark.parametrize(("message", "status"), [("CONSENT_REFUSED", "refused"), ("CONSENT_WITHDRAWN", "withdrawn")])
    def test_refuse_the_application_once_refused_and_are_asked_for_anew_with_the_next(self, office, message, status):
        """
        The refusal names §16's code; another application asks under another reference.
        """
        office.registers.says(CheckResult.FAILED, message)
        booking = verified(office)
        assert (Status.REFUSED, "CONSENT_REQUIRED") == (booking.status, booking.refusal)
        assert [("owner", "state_service", status)] == mine(office)

        office.registers.says(CheckResult.PASSED)
        assert Status.VERIFIED is verified(office, "again").status
        references = {each.keys["reference"] for each in office.registers.asked if each.source == "consent"}
        assert 2 == len(references)

    def test_awaited_for_a_day_are_why_it_is_refused(self, office):
        """
        Nobody answered the service's request: that is no silent register.
        """
        office.registers.says(CheckResult.UNAVAILABLE, "CONSENT_PENDING")
        booking = apply(office).resource
        office.clock.advance(hours=24)
        office.verify(booking=booking)

        assert "CONSENT_REQUIRED" == office.booking(booking).refusal

    @pytest.mark.rule("20")
    def test_do_not_hide_what_a_register_refuses(self, office):
        """
        A failed register beside an awaited consent is a failed register.
        """
        office.registers.says(CheckResult.UNAVAILABLE, "CONSENT_PENDING")
        office.verify = replace(office.verify, sources=lambda: [HOLDER], ask=replace(office.verify.ask, registers=lambda: Refusing(office)))
        booking = verified(office)

        assert (Status.REFUSED, "VERIFICATION_FAILED") == (booking.status, booking.refusal)

    def test_are_named_where_they_are_missing(self, office):
        """
        An application that does not ask for them and does not find them given: whose.
        """
        outcome = apply(office, consent=False, drivers=(OTHER, FOREIGNER))

        (reason,) = outcome.reasons
        assert (Code.CONSENT_REQUIRED, "16", "whose:owner, whose:driver:0, whose:driver:1") == (
            reason.code,
            reason.rule,
            reason.parameters["whose"],
        )

    def test_given_before_need_no_further_asking(self, office):
        """
        Asked for apart by IIN: then the application passes without `consent`.
        """
        office.consents.keep.request(account="acc_1", subject="880101300123")

        booking = verified(office, consent=False)
        assert Status.VERIFIED is booking.status

    def test_are_not_asked_of_a_company(self, office):
        """
        A legal owner has no personal data; its drivers have.
        """
        company = Person(resident=True, kind="legal", fields={"name": "LLP", "bin": "990140000123"})
        booking = verified(office, owner=company, drivers=(OTHER,))

        assert (None, {"driver:0"}) == (booking.owner.consent, set(checks(booking)))

    def test_taken_back_meanwhile_refuse_an_application_and_leave_a_confirmed_booking(self, office):
        """
        D10's agreement of a foreigner withdrawn while a register is silent.
        """
        booking = apply(office, owner=FOREIGNER, drivers=(FOREIGNER,)).resource
        consent = office.booking(booking).owner.consent
        office.consents.keep.withdraw(account="acc_1", consent=consent)
        office.verify(booking=booking)

        assert (Status.REFUSED, "CONSENT_REQUIRED") == (office.booking(booking).status, office.booking(booking).refusal)


class Refusing:
    """
    The service as it is, and a register that refuses.
    """

    def __init__(self, office):
        self._office = office

    def ask(self, questions):
        """
        Answer each question.
        """
        answers = self._office.registers.ask(questions)
        return [replace(each, result=CheckResult.FAILED) if each.source == "1" else each for each in answers]


@pytest.mark.rule("16")
class TestApart:
    def test_is_asked_for_in_the_background_until_it_is_answered(self, office):
        """
        202 pending; asked of the service with back-off; given when it says so, asked no more.
        """
        office.registers.says(CheckResult.UNAVAILABLE, "CONSENT_PENDING")
        consent = office.consents.keep.request(account="acc_1", subject="880101300123")
        assert ConsentStatus.PENDING is consent.status
        assert office.consents.keep.ask(account="acc_1", consent=consent.id)
        waiting = [
            row
            for shard in range(8)
            for row in office.store.outbox.pending(shard=shard, until=office.clock.now() + timedelta(hours=1), limit=9)
        ]
        assert 2 == len([row for row in waiting if row.task == "consent"])

        office.registers.says(CheckResult.PASSED)
        assert office.consents.keep.ask(account="acc_1", consent=consent.id)
        assert not office.consents.keep.ask(account="acc_1", consent=consent.id)
        assert [("driver", "state_service", "given")] == mine(office)

    def test_is_waited_for_a_day_at_most(self, office):
        """
        After 24 hours nobody asks any more by himself.
        """
        office.registers.says(CheckResult.UNAVAILABLE)
        consent = office.consents.keep.request(account="acc_1", subject="user")
        for _ in range(100):
            office.clock.advance(minutes=30)
            office.consents.keep.ask(account="acc_1", consent=consent.id)
        due = [office.store.outbox.next_due(shard=shard) for shard in range(8)]

        assert max(moment for moment in due if moment) <= consent.asked_at + timedelta(hours=24)

    def test_asked_twice_is_asked_once(self, office):
        """
        The same consent again, the same version.
        """
        first, second = (office.consents.keep.request(account="acc_1", subject="880101300123") for _ in range(2))

        assert first == second

    def test_of_a_foreign_holder_is_given_at_once(self, office):
        """
        A non-resident account consents by agreement.
        """
        office.store.commit(Write(replace(samples.account(person="per_me"), id="acc_2", person="per_2", resident=False)))
        consent = office.consents.keep.request(account="acc_2", subject="user")

        assert (Via.AGREEMENT, ConsentStatus.GIVEN) == (consent.via, consent.status)

    def test_of_another_account_is_unknown(self, office):
        """
        Neither read nor taken back by anybody else.
        """
        consent = office.consents.keep.request(account="acc_1", subject="user")

        assert Missing() == office.consents.keep.withdraw(account="acc_2", consent=consent.id)

    def test_says_nothing_of_who_it_is(self, office):
        """
        The queue's tables hold a hash and an id; IIN and phone are in the personal data store.
        """
        consent = office.consents.keep.request(account="acc_1", subject="880101300123")

        assert "880101300123" not in repr(consent)
        assert {"880101300123"} == {each.fields["iin"] for each in office.people.get_many([consent.person], purpose="test").values()}
