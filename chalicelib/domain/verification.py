"""
Which registers are asked about whom, and what their answers come to (§17–20, D10–D12).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.bookings import Booking
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class Source:
    """
    One register of §18: about whom it is asked, whose residency says whether (§19, D10), what it may be told, and when it is asked.

    `residency_of` is `owner`, `driver` or `user`; of a vehicle none other than its owner's counts. `recheck`: asked again before the slot (D11).
    """

    id: str
    subject: str
    residents: bool
    non_residents: bool
    before_place: bool
    notice_only_for_residents: bool = False
    residency_of: str | None = None
    keys: tuple[str, ...] = ()
    recheck: bool = False

    def applies_to(self, *, resident: bool) -> bool:
        """
        Tell whether §19 lists it for a resident or a non-resident.
        """
        return self.residents if resident else self.non_residents


@dataclass(frozen=True, slots=True)
class Check:
    """
    A source to be asked about a subject (`owner`, `user`, `vehicle`, `trailer`, `driver:<n>`), the keys it may be told, those given at once.
    """

    source: str
    subject: str
    notice_only: bool = False
    keys: tuple[str, ...] = ()
    given: tuple[tuple[str, str], ...] = ()


class Verdict(StrEnum):
    """
    What all answers together come to.
    """

    PASSED = "passed"
    FAILED = "failed"
    WAITING = "waiting"
    OVERDUE = "overdue"


def checks_of(
    booking: Booking, sources: Sequence[Source], *, inapplicable: Callable[[str, Booking], bool]
) -> Sequence[tuple[Check, CheckResult | None]]:
    """
    List every check of a booking with the result known without asking: `later`, `not_applicable` (D12), or none (to be asked).
    """
    found: list[tuple[Check, CheckResult | None]] = []
    for source in sources:
        for subject, resident in _subjects(source, booking):
            if source.applies_to(resident=resident):
                lenient = resident and source.notice_only_for_residents
                result = CheckResult.LATER if not source.before_place else None
                if result is None and inapplicable(source.id, booking):
                    result = CheckResult.NOT_APPLICABLE
                found.append((Check(source.id, subject, notice_only=lenient, keys=source.keys), result))
    return found


def _subjects(source: Source, booking: Booking) -> Iterable[tuple[str, bool]]:
    if source.subject == "driver":
        return [(f"driver:{index}", driver.resident) for index, driver in enumerate(booking.drivers)]
    if source.subject == "trailer" and booking.trailer is None:
        return []
    whose = source.residency_of or source.subject
    return [(source.subject, (booking.holder if whose == "user" else booking.owner).resident)]


def still_open(planned: Sequence[tuple[Check, CheckResult | None]], answers: Iterable[Answer]) -> list[Check]:
    """
    List the checks that have no final answer yet; silence is none.
    """
    final = {(answer.source, answer.subject) for answer in answers if answer.result is not CheckResult.UNAVAILABLE}
    return [check for check, result in planned if result is None and (check.source, check.subject) not in final]


def weighed(answer: Answer, check: Check) -> Answer:
    """
    Turn a failure into a notice where the subject is only to be told (§19: residents, sources 10 and 17).
    """
    if check.notice_only and answer.result is CheckResult.FAILED:
        return replace(answer, result=CheckResult.NOTICE)
    return answer


def merged(answers: Iterable[Answer], earlier: Iterable[Answer]) -> tuple[Answer, ...]:
    """
    Lay new answers over earlier ones; silence never overwrites a final result, and lasts since it began.
    """
    known: dict[tuple[str, str], Answer] = {(answer.source, answer.subject): answer for answer in earlier}
    for answer in answers:
        key = (answer.source, answer.subject)
        before = known.get(key)
        if answer.result is not CheckResult.UNAVAILABLE or before is None:
            known[key] = answer
        elif before.result is CheckResult.UNAVAILABLE:
            known[key] = replace(answer, at=before.at or answer.at)
    return tuple(known[key] for key in sorted(known, key=_order))


def _order(key: tuple[str, str]) -> tuple[int, int, str]:
    number, _, part = key[0].partition("-")
    return int(number) if number.isdigit() else 0, int(part or 0), key[1]


def judge(booking: Booking, answers: Sequence[Answer], *, now: datetime, rules: Rules) -> Verdict:
    """
    Weigh all answers: one failure refuses (§20), silence waits and is overdue after 24 h, a pass is never invented (D11).
    """
    results = {answer.result for answer in answers}
    if CheckResult.FAILED in results:
        return Verdict.FAILED
    if CheckResult.UNAVAILABLE not in results:
        return Verdict.PASSED
    return Verdict.OVERDUE if now >= booking.created_at + rules.application_validity else Verdict.WAITING


def retry_after(attempts: int, rules: Rules) -> timedelta:
    """
    Wait twice as long after each try, at most half an hour.
    """
    return min(rules.verification_retry * (1 << min(attempts, 10)), timedelta(minutes=30))
