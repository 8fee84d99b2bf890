"""
Identity sessions instead of a register, and for a foreigner instead of an IIN (§18.12, D10).
"""

from dataclasses import replace

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.identity import SessionStatus
from chalicelib.domain.registers import CheckResult
from chalicelib.domain.verification import Source
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import IdentityProviderSilentError, Write
from tests import factories
from tests.fakes.consent_service import FOREIGNER, agreed, verified

FACES = Source("12", "driver", residents=True, non_residents=False, before_place=True)
HOLDER = Source("1", "user", residents=True, non_residents=True, before_place=True)


@pytest.fixture
def office(quick_office):
    """
    An office whose account has signed the agreement.
    """
    return agreed(quick_office)


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
