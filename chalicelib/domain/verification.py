"""
Which registers are asked about whom, and what their answers come to (§17–20, D10–D12).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.bookings import Booking
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class Source:
    """
    One register of §18: about whom it is asked, for whom it applies (§19), and whether before the place or later.
    """

    id: str
    subject: str
    residents: bool
    non_residents: bool
    before_place: bool
    notice_only_for_residents: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """
    A source to be asked about a subject (`owner`, `user`, `vehicle`, `driver:<n>`).
    """

    source: str
    subject: str
    notice_only: bool = False


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
        for subject, resident in _subjects(source.subject, booking):
            if source.residents if resident else source.non_residents:
                lenient = resident and source.notice_only_for_residents
                result = CheckResult.LATER if not source.before_place else None
                if result is None and inapplicable(source.id, booking):
                    result = CheckResult.NOT_APPLICABLE
                found.append((Check(source.id, subject, notice_only=lenient), result))
    return found


def _subjects(subject: str, booking: Booking) -> Iterable[tuple[str, bool]]:
    if subject == "driver":
        return [(f"driver:{index}", driver.resident) for index, driver in enumerate(booking.drivers)]
    return [(subject, booking.owner.resident)]


def weighed(answer: Answer, check: Check) -> Answer:
    """
    Turn a failure into a notice where the subject is only to be told (§19: residents, sources 10 and 17).
    """
    if check.notice_only and answer.result is CheckResult.FAILED:
        return replace(answer, result=CheckResult.NOTICE)
    return answer


def merged(answers: Iterable[Answer], earlier: Iterable[Answer]) -> tuple[Answer, ...]:
    """
    Lay new answers over earlier ones; a final result is never overwritten by silence.
    """
    known: dict[tuple[str, str], Answer] = {(answer.source, answer.subject): answer for answer in earlier}
    for answer in answers:
        key = (answer.source, answer.subject)
        if answer.result is not CheckResult.UNAVAILABLE or key not in known or known[key].result is CheckResult.UNAVAILABLE:
            known[key] = answer
    return tuple(known[key] for key in sorted(known, key=_order))


def _order(key: tuple[str, str]) -> tuple[int, int, str]:
    number, _, part = key[0].partition("-")
    return int(number), int(part or 0), key[1]


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


def keys_of(booking: Booking, subject: str, people: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """
    Gather what a register needs to know about a subject; personal values pass through and are not kept.
    """
    keys = {"plate": booking.vehicle.plate, "country": booking.vehicle.country, "vin": booking.vehicle.vin}
    party = booking.owner
    if subject.startswith("driver:"):
        party = booking.drivers[int(subject.partition(":")[2])]
    fields = people.get(party.person, {})
    keys.update({name: str(fields[name]) for name in ("iin", "bin", "phone", "name", "birth_date") if fields.get(name)})
    document = fields.get("document")
    if isinstance(document, Mapping):
        keys["document"] = str(document.get("number", ""))
    if booking.cargo.declaration_number:
        keys["declaration"] = booking.cargo.declaration_number
    return keys
