from typing import Literal

from chalicelib.api.languages import Language
from chalicelib.api.schemas.booking_views import CheckView, VerificationView
from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.validity import as_shown
from chalicelib.jurisdictions import jurisdiction
from chalicelib.usecases.read_bookings import BookingSeen

FINDINGS = {
    CheckResult.PASSED: "CONFIRMED",
    CheckResult.FAILED: "NOT_CONFIRMED",
    CheckResult.NOTICE: "NOT_CONFIRMED",
    CheckResult.UNAVAILABLE: "REGISTER_SILENT",
    CheckResult.LATER: "ASKED_LATER",
    CheckResult.NOT_APPLICABLE: "NOT_NEEDED",
}
"""What is said of a check whose register gave no code of its own."""


def verification_view(seen: BookingSeen, *, language: Language) -> VerificationView:
    """
    Show where a verification stands: every check by its register's name, of silent ones since when and until when (D11).
    """
    booking = seen.booking
    status: Literal["verifying", "verified", "refused"] = "verifying"
    if booking.status is Status.REFUSED:
        status = "refused"
    elif booking.verified_at is not None:
        status = "verified"
    checks = [_check(answer, booking, language) for answer in as_shown(booking, seen.rules)]
    return VerificationView(status=status, reason=booking.refusal, checks=checks)


def _check(answer: Answer, booking: Booking, language: Language) -> CheckView:
    silent = answer.result is CheckResult.UNAVAILABLE
    name = jurisdiction().names.get(f"source:{answer.source}")
    return CheckView(
        source=answer.source,
        name=name[language.value] if name else None,
        subject=answer.subject,
        result=answer.result,
        valid_until=answer.valid_until,
        silent_since=answer.at if silent else None,
        next_try_at=booking.verify_at if silent else None,
        message=_message(answer, language),
    )


def _message(answer: Answer, language: Language) -> str:
    """
    Say what was found and what to do next; of what is not applicable, the ground (D12).
    """
    code = answer.message or FINDINGS[answer.result]
    if answer.result is CheckResult.NOT_APPLICABLE:
        condition = jurisdiction().sources.by_id[answer.source].condition
        code = f"{code}_{condition.value.upper()}" if condition else code
    until = {"valid_until": answer.valid_until.isoformat()} if answer.valid_until else {}
    return jurisdiction().finding(code, language.value, until, notice=answer.result is CheckResult.NOTICE)
