"""
A driver who comes later consents as one of the application does: asked explicitly, never taken for granted (§16, D15).
"""

import pytest

from chalicelib.domain.consents import ConsentStatus, Via
from chalicelib.domain.decisions import Code
from chalicelib.domain.registers import CheckResult
from chalicelib.usecases.outcomes import Done
from tests import factories
from tests.fakes.consent_desk import TEXT
from tests.fakes.consent_service import FOREIGNER, Service
from tests.usecases.test_reschedule import codes

RESIDENT = factories.person(name="Марат Ахметов", iin="900202300456", phone="+77017654321")


@pytest.fixture
def office(quick_office):
    """
    An office with a paid booking that has room for a third driver, and a service of consents that says what it is told.
    """
    quick_office.registers = Service()
    quick_office.confirmed(authorized_drivers=3)
    return quick_office


def given(office):
    """
    List the consents of the account: (via, status, text).
    """
    found = office.store.consents.of_account("acc_1", limit=9, cursor=None).items
    return [(each.via, each.status, each.text) for each in found]


@pytest.mark.rule("16", "D15")
class TestLaterDriver:
    @pytest.mark.parametrize("index", [None, 0])
    @pytest.mark.parametrize("person", [RESIDENT, FOREIGNER], ids=["resident", "foreigner"])
    def test_is_not_taken_without_consent(self, office, person, index):
        """
        Added or put in another's seat without a word of consent: refused with whose is missing; nothing asked, nothing kept.
        """
        refused = office.drivers_for("bk_1", index=index, person=person, consent=False)

        assert ([Code.CONSENT_REQUIRED], "16") == (codes(refused), refused.reasons[0].rule)
        assert {"whose": f"whose:driver:{2 if index is None else index}"} == dict(refused.reasons[0].parameters)
        assert ([], 2) == (office.registers.asked, len(office.booking("bk_1").drivers))
        assert [] == given(office)

    def test_consents_by_agreement_who_is_no_resident(self, office):
        """
        What the request says is the consent, with text and time; the booking knows it.
        """
        assert isinstance(office.drivers_for("bk_1", person=FOREIGNER), Done)

        (kept,) = office.store.consents.of_account("acc_1", limit=9, cursor=None).items
        assert (Via.AGREEMENT, ConsentStatus.GIVEN, TEXT, office.clock.now()) == (kept.via, kept.status, kept.text, kept.answered_at)
        driver = office.booking("bk_1").drivers[-1]
        assert (kept.id, kept.person) == (driver.consent, driver.person)
        assert "consent" not in {each.source for each in office.registers.asked}

    def test_is_asked_by_the_state_service_who_is_a_resident(self, office):
        """
        Not answered yet: refused, asked all the same; repeated once he has answered, the same asking is found given, and he is seated.
        """
        office.registers.says(CheckResult.UNAVAILABLE, "CONSENT_PENDING")
        waiting = office.drivers_for("bk_1", person=RESIDENT)
        assert [Code.CONSENT_REQUIRED] == codes(waiting)
        assert [(Via.STATE_SERVICE, ConsentStatus.PENDING, TEXT)] == given(office)
        office.registers.says(CheckResult.PASSED)

        assert isinstance(office.drivers_for("bk_1", person=RESIDENT), Done)
        assert [(Via.STATE_SERVICE, ConsentStatus.GIVEN, TEXT)] == given(office)
        references = {question.keys["reference"] for question in office.registers.asked if question.source == "consent"}
        assert 1 == len(references)
        answers = {answer.subject: answer.result for answer in office.booking("bk_1").checks if answer.source == "consent"}
        assert CheckResult.PASSED is answers["driver:2"]

    def test_stays_out_when_he_refuses_and_is_asked_anew_the_next_time(self, office):
        """
        Refused in the state service: written down; the next request is another asking.
        """
        office.registers.says(CheckResult.FAILED, "CONSENT_REFUSED")
        assert [Code.CONSENT_REQUIRED] == codes(office.drivers_for("bk_1", person=RESIDENT))
        assert [(Via.STATE_SERVICE, ConsentStatus.REFUSED, TEXT)] == given(office)
        assert 2 == len(office.booking("bk_1").drivers)
        office.registers.says(CheckResult.PASSED)

        assert isinstance(office.drivers_for("bk_1", person=RESIDENT), Done)
        references = [question.keys["reference"] for question in office.registers.asked if question.source == "consent"]
        assert 2 == len(set(references))

    def test_need_not_say_twice_what_he_has_said(self, office):
        """
        Taken off and brought back without the word: his consent stands.
        """
        office.drivers_for("bk_1", person=FOREIGNER)
        office.drivers_for("bk_1", index=2)

        assert isinstance(office.drivers_for("bk_1", person=FOREIGNER, consent=False), Done)
