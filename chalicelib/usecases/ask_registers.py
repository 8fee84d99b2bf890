"""
One round of questions to the state registers about a booking: what each is told comes from the personal data store, and is not kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.questions import keys_of
from chalicelib.domain.registers import Answer, CheckResult, Question
from chalicelib.domain.verification import Check, weighed
from chalicelib.usecases.ports import PersonalDataStore, PersonalDataUnavailableError, Registers

PERSONAL_DATA_AWAY: Final = "PERSONAL_DATA_AWAY"
People = Mapping[str, Mapping[str, Any]]
"""People's fields by id."""


@dataclass(frozen=True, slots=True)
class Round:
    """
    What a round brought: answers in the checks' order, and the people's fields by id; none where their store was away.
    """

    answers: Sequence[Answer]
    people: People = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskRegisters:
    """
    All checks at once. A silent register is `unavailable`, and so is every one while the personal data store is away (D11).
    """

    people: PersonalDataStore
    registers: Callable[[], Registers]

    def __call__(self, *, booking: Booking, checks: Sequence[Check], now: datetime) -> Round:
        """
        Ask.
        """
        return self.knowing(self.people_of([booking]), booking=booking, checks=checks, now=now) if checks else Round(())

    def people_of(self, bookings: Sequence[Booking]) -> People | None:
        """
        Read the fields of everybody whom questions about bookings may name; none while their store is away.
        """
        parties = [party.person for booking in bookings for party in (booking.owner, *booking.drivers, booking.holder)]
        try:
            records = self.people.get_many(list(dict.fromkeys(parties)), purpose="verification")
        except PersonalDataUnavailableError:
            return None
        return {id_: record.fields for id_, record in records.items()}

    def knowing(self, people: People | None, *, booking: Booking, checks: Sequence[Check], now: datetime) -> Round:
        """
        Ask with what is known of people already.
        """
        if not checks:
            return Round(())
        if people is None:
            return Round(
                [Answer(each.source, each.subject, CheckResult.UNAVAILABLE, message=PERSONAL_DATA_AWAY, at=now) for each in checks]
            )
        questions = [Question(check.source, check.subject, keys_of(booking, check, people)) for check in checks]
        by_key = {(check.source, check.subject): check for check in checks}
        answers = [weighed(answer, by_key[answer.source, answer.subject]) for answer in self.registers().ask(questions)]
        return Round([replace(answer, at=now) if answer.result is CheckResult.UNAVAILABLE else answer for answer in answers], people)
