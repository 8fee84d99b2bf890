"""
Consents asked for with an application, apart from one, refused, taken back; identity sessions instead of a register (§16, §18.12, D10).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.consents import ConsentStatus, Via
from chalicelib.domain.decisions import Code
from chalicelib.domain.identity import SessionStatus
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.verification import Source
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import IdentityProviderSilentError, PersonRecord, Write
from chalicelib.usecases.request_booking import Person
from tests import factories
from tests.fakes import samples
from tests.fakes.consent_desk import TEXT
from tests.fakes.office import AGREEMENT

FOREIGNER = Person(resident=False, kind="natural", fields={"name": "Li", "phone": "+86130", "document": {"country": "CN", "number": "E1"}})
OTHER = factories.person(iin="850615300129", phone="+77770000001")
FACES = Source("12", "driver", residents=True, non_residents=False, before_place=True)
HOLDER = Source("1", "user", residents=True, non_residents=True, before_place=True)


class Service:
    """
    Registers in which everyone is found; the service of consents says what it is told, by message.
    """

    def __init__(self):
        self.result, self.message = CheckResult.PASSED, None
        self.asked = []

    def ask(self, questions):
        """
        Answer each question.
        """
        self.asked.extend(questions)
        return [
            Answer(each.source, each.subject, self.result, message=self.message)
            if each.source == "consent"
            else Answer(each.source, each.subject, CheckResult.PASSED)
            for each in questions
        ]

    def says(self, result, message=None):
        """
        Let the service of consents say something else from now on.
        """
        self.result, self.message = result, message


@pytest.fixture
def office(quick_office):
    """
    An office and an account that has signed the agreement.
    """
    quick_office.registers = Service()
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
    Apply and be verified once: the booking.
    """
    booking = apply(office, key, **changes).resource
    office.verify(booking=booking)
    return office.booking(booking)


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


@pytest.mark.rule("18.12")
class TestIdentity:
    @pytest.fixture
    def faces(self, office):
        """
        The same office, asking only about faces.
        """
        office.verify = replace(office.verify, sources=lambda: [FACES])
        return office

    def driver(self, office, status, subject="880101300123"):
        """
        A driver with a session in a status.
        """
        session = office.consents.identity.open(account="acc_1", subject=subject)
        office.camera.statuses[session.id] = status
        return replace(factories.person(), identity_session=session.id), session

    def asked(self, office):
        """
        Tell whether source 12 was asked of the register.
        """
        return "12" in {each.source for each in office.registers.asked}

    def test_session_that_is_complete_stands_for_the_register(self, faces):
        """
        Passed without asking; the provider's word is kept.
        """
        driver, session = self.driver(faces, SessionStatus.COMPLETED)
        booking = verified(faces, drivers=(driver,))

        assert (Status.VERIFIED, False) == (booking.status, self.asked(faces))
        assert CheckResult.PASSED in {answer.result for answer in booking.checks if answer.source == "12"}
        assert SessionStatus.COMPLETED is faces.store.consents.session(session.id).status

    @pytest.mark.parametrize("status", [SessionStatus.PENDING, SessionStatus.FAILED])
    def test_session_that_proves_nothing_leaves_it_to_the_register(self, faces, status):
        """
        Not finished, or another face: the register is asked as for everybody.
        """
        driver, _ = self.driver(faces, status)
        booking = verified(faces, drivers=(driver,))

        assert (Status.VERIFIED, True) == (booking.status, self.asked(faces))

    def test_session_that_is_too_old_leaves_it_to_the_register(self, faces):
        """
        A month later the face is looked at again.
        """
        driver, session = self.driver(faces, SessionStatus.COMPLETED)
        faces.consents.identity.read(account="acc_1", session=session.id)
        faces.clock.advance(days=31)
        verified(faces, drivers=(driver,))

        assert self.asked(faces)

    def test_provider_that_is_away_leaves_it_to_the_register(self, faces):
        """
        A silent provider says nothing of a session; none can be opened there.
        """
        driver, session = self.driver(faces, SessionStatus.COMPLETED)
        faces.camera.away = True
        verified(faces, drivers=(driver,))

        assert self.asked(faces)
        assert SessionStatus.PENDING is faces.consents.identity.read(account="acc_1", session=session.id).status
        with pytest.raises(IdentityProviderSilentError):
            faces.consents.identity.open(account="acc_1", subject="user")

    def test_session_belongs_to_one_account_and_one_person(self, faces):
        """
        Neither another account's nor another person's counts.
        """
        _, session = self.driver(faces, SessionStatus.PENDING)
        belongs = faces.consents.identity.belongs

        assert belongs(account="acc_1", session=session.id, iin="880101300123")
        assert not belongs(account="acc_1", session=session.id, iin="850615300129")
        assert not belongs(account="acc_2", session=session.id, iin="880101300123")
        assert Missing() == faces.consents.identity.read(account="acc_2", session=session.id)

    @pytest.mark.rule("18.1", "D10")
    def test_of_a_foreign_holder_verifies_his_document_for_source_1(self, office):
        """
        Without IIN he passes 1 on his account's verified document: nobody is asked.
        """
        office.verify = replace(office.verify, sources=lambda: [HOLDER])
        office.store.commit(Write(replace(office.store.accounts.account("acc_1"), resident=False, version=2), 1))
        session = office.consents.identity.open(account="acc_1", subject="user")
        office.camera.statuses[session.id] = SessionStatus.COMPLETED
        booking = verified(office, owner=FOREIGNER, drivers=(FOREIGNER,))

        assert Status.VERIFIED is booking.status
        assert [] == [each for each in office.registers.asked if each.source == "1"]
