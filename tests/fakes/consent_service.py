"""
An office whose registers all agree and whose service of consents says what it is told.
"""

from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.usecases.ports import PersonRecord, Write
from chalicelib.usecases.request_booking import Person
from tests import factories
from tests.fakes import samples
from tests.fakes.office import AGREEMENT

FOREIGNER = Person(resident=False, kind="natural", fields={"name": "Li", "phone": "+86130", "document": {"country": "CN", "number": "E1"}})


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


def agreed(office):
    """
    Give an office that service, and an account that has signed the agreement.
    """
    office.registers = Service()
    office.store.commit(Write(samples.account(person="per_me", agreement_version=AGREEMENT)))
    office.people.put([PersonRecord("per_me", "account", {"phone": "+77010000000"})])
    return office


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
