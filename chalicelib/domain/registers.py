"""
A question to one of the state registers of §18 and its answer, as values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

AFTER_TRIP: Final = "18"
"""Movement and weighing, asked once the vehicle has crossed (§18.18, D11)."""


class CheckResult(StrEnum):
    """
    What a check came to.
    """

    PASSED = "passed"
    FAILED = "failed"
    NOTICE = "notice"
    UNAVAILABLE = "unavailable"
    LATER = "later"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Question:
    """
    One question: `source` as in §18 (`"1"` … `"18"`), `subject` is `owner`, `vehicle`, `user` or `driver:<n>`.

    `keys` (plate, vin, iin, phone …) travel only inside the request to the register.
    """

    source: str
    subject: str
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """
    One answer: `valid_until` where the register knows an end, `message` a code, `asked_ms` how long it took.

    `at` is when it was given; of silence, since when it lasts.
    """

    source: str
    subject: str
    result: CheckResult
    valid_until: date | None = None
    message: str | None = None
    asked_ms: int = 0
    at: datetime | None = None
