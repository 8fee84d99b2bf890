"""
What is new in a paid booking is verified before it takes effect: asked at once, in parallel; a silent register is named, a pass never invented (§19, D15).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Booking
from chalicelib.domain.consents import CONSENT
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.verification import Check, Source, checks_of, merged
from chalicelib.usecases.ask_registers import AskRegisters
from chalicelib.usecases.gather_proofs import Proofs, lacks_consent

Concerns = Callable[[Check], bool]
"""Tells which checks a change touches."""


@dataclass(frozen=True, slots=True)
class VerifyChange:
    """
    One round of questions about a booking as it would be.
    """

    ask: AskRegisters
    sources: Callable[[], Sequence[Source]]
    inapplicable: Callable[[str, Booking], bool]

    def __call__(self, after: Booking, *, concerns: Concerns, now: datetime) -> tuple[Answer, ...] | Refused:
        """
        Ask what the change touches: all checks of the booking after it, or the registers that denied it or kept silent.
        """
        return self.hear(after, concerns=concerns, now=now).checks(after)

    def hear(self, after: Booking, *, concerns: Concerns, now: datetime, proofs: Proofs | None = None) -> "Heard":
        """
        Ask what the change touches and what `proofs` leaves open, beside what it knows without asking (§16, §18.12).
        """
        known = proofs or Proofs()
        planned = [(check, result) for check, result in checks_of(after, self.sources(), inapplicable=self.inapplicable) if concerns(check)]
        named = {(check.source, check.subject) for check, _ in planned}
        proved = [answer for key, answer in known.answers.items() if answer.source == CONSENT or key in named]
        open_ = [check for check, result in planned if result is None and (check.source, check.subject) not in known.answers]
        settled = [Answer(check.source, check.subject, result) for check, result in planned if result is not None]
        return Heard((*settled, *proved), tuple(self.ask(booking=after, checks=[*open_, *known.checks], now=now).answers))


@dataclass(frozen=True, slots=True)
class Heard:
    """
    What was known beforehand and what the registers said.
    """

    settled: tuple[Answer, ...]
    asked: tuple[Answer, ...]

    def checks(self, after: Booking) -> tuple[Answer, ...] | Refused:
        """
        Give all checks of the booking after the change, or why it is refused: a consent that alone is missing says whose.
        """
        every = [*self.settled, *self.asked]
        if lacks_consent(every):
            whose = [answer.subject for answer in every if answer.source == CONSENT and answer.result is not CheckResult.PASSED]
            return Refused.because(Code.CONSENT_REQUIRED, "16", whose=", ".join(f"whose:{subject}" for subject in whose))
        return _refusal(every) or merged(every, after.checks)


def _refusal(answers: Sequence[Answer]) -> Refused | None:
    for result, code in ((CheckResult.FAILED, Code.VERIFICATION_FAILED), (CheckResult.UNAVAILABLE, Code.VERIFICATION_UNAVAILABLE)):
        sources = dict.fromkeys(answer.source for answer in answers if answer.result is result)
        if sources:
            return Refused.because(code, "20", sources=", ".join(sources))
    return None
