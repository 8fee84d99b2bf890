"""
What is new in a paid booking is verified before it takes effect: asked at once, in parallel; a silent register is named, a pass never invented (§19, D15).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Booking
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.verification import Check, Source, checks_of, merged
from chalicelib.usecases.ask_registers import AskRegisters

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
        planned = [(check, result) for check, result in checks_of(after, self.sources(), inapplicable=self.inapplicable) if concerns(check)]
        asked = self.ask(booking=after, checks=[check for check, result in planned if result is None], now=now).answers
        refused = _refusal(asked)
        if refused is not None:
            return refused
        settled = [Answer(check.source, check.subject, result) for check, result in planned if result is not None]
        return merged([*settled, *asked], after.checks)


def _refusal(answers: Sequence[Answer]) -> Refused | None:
    for result, code in ((CheckResult.FAILED, Code.VERIFICATION_FAILED), (CheckResult.UNAVAILABLE, Code.VERIFICATION_UNAVAILABLE)):
        sources = dict.fromkeys(answer.source for answer in answers if answer.result is result)
        if sources:
            return Refused.because(code, "20", sources=", ".join(sources))
    return None
