"""
Refusals as `application/problem+json` (RFC 9457): stable codes, texts in the caller's language, the paragraph that decided.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chalice.app import Response

from chalicelib.api.languages import DEFAULT, Language
from chalicelib.domain.decisions import Code, Reason, Refused
from chalicelib.jurisdictions import jurisdiction

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = {Code.DEPENDENCY_DOWN: 5, Code.BUSY: 1, Code.RATE_LIMITED: 1, Code.VERIFICATION_UNAVAILABLE: 30}
TOLD_OF_EACH: Final = ("code", "rule", "detail", "next")
"""What is said of every reason where there are several."""
CHALLENGE: Final = 'Bearer realm="queue"'
UNAUTHORIZED: Final = 401
SERVICE_UNAVAILABLE: Final = 503
INTERNAL_ERROR: Final = 500
TOO_MANY_REQUESTS: Final = 429


@dataclass(frozen=True, slots=True)
class FieldError:
    """
    One field of a request that cannot be taken: `field` is a dotted path (`vehicle.vin`, `drivers.0.name`).
    """

    field: str
    message: str


@dataclass(eq=False)
class ProblemError(Exception):
    """
    A request is refused by the machinery itself, before or instead of its handler.
    """

    reason: Reason
    errors: tuple[FieldError, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def because(cls, code: Code, rule: str | None = None, **parameters: str | int) -> "ProblemError":
        """
        Refuse for a single reason.
        """
        return cls(Reason(code, rule, parameters))


def written_rule(rule: str) -> str:
    """
    Write a rule as readers know it: `§21` for a paragraph of the Order, `D8` for a decision of ours.
    """
    return f"§{rule}" if rule[:1].isdigit() else rule


def problem_document(reasons: Sequence[Reason], *, language: Language = DEFAULT, errors: Sequence[FieldError] = ()) -> dict[str, Any]:
    """
    Describe a refusal: the first reason decides status and code, the others follow under `reasons`.
    """
    first, *others = [_described(reason, language) for reason in reasons]
    document = {"type": f"/docs#problem-{first['code']}", **first}
    if errors:
        document["errors"] = [{"field": item.field, "message": item.message} for item in errors]
    if others:
        document["reasons"] = [{name: item[name] for name in TOLD_OF_EACH if name in item} for item in (first, *others)]
    return document


def _described(reason: Reason, language: Language) -> dict[str, Any]:
    text = jurisdiction().problem(reason.code, language.value, reason.parameters)
    described: dict[str, Any] = {
        "title": text.title,
        "status": text.status,
        "detail": text.detail,
        "next": text.next,
        "code": reason.code.value,
    }
    return described | ({"rule": written_rule(reason.rule)} if reason.rule else {})


def problem_response(
    refused: Refused, *, language: Language = DEFAULT, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """
    Answer with a problem; 401 carries a challenge, 429 and 503 a `Retry-After`.
    """
    document = problem_document(refused.reasons, language=language, errors=errors)
    sent = {"Content-Type": MEDIA_TYPE, "Content-Language": language.value, "Cache-Control": "no-store", **(headers or {})}
    if document["status"] == UNAUTHORIZED:
        sent.setdefault("WWW-Authenticate", CHALLENGE)
    if document["status"] in (TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE):
        minutes = refused.reasons[0].parameters.get("minutes")
        seconds = int(minutes) * 60 if minutes is not None else RETRY_SECONDS.get(refused.reasons[0].code, 1)
        sent.setdefault("Retry-After", str(seconds))
    return Response(json.dumps(document, ensure_ascii=False), headers=sent, status_code=document["status"])


def fault_response(refused: Refused | None, *, language: Language, headers: Mapping[str, str] | None = None) -> Response:
    """
    Answer for a fault: a known one as its problem, an unknown one as a bare 500 that tells nothing of the inside.
    """
    if refused is not None:
        return problem_response(refused, language=language, headers=headers)
    document = {"type": "about:blank", "title": "Internal Server Error", "status": INTERNAL_ERROR, "code": "INTERNAL_ERROR"}
    sent = {**(headers or {}), "Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"}
    return Response(json.dumps(document), headers=sent, status_code=INTERNAL_ERROR)
