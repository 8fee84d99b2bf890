"""
How long what was confirmed stays true: passes and documents that end before the trip, and how a check is shown once more is known (D11).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import effective_start

DOCUMENT: Final = "document"
DEPOSIT: Final = "17-1"
EXPIRES_BEFORE_SLOT: Final = "EXPIRES_BEFORE_SLOT"
DOCUMENT_EXPIRES: Final = "DOCUMENT_EXPIRES"


@dataclass(frozen=True, slots=True)
class Ending:
    """
    Something that ends too early: `what` is a source of §18 or `document`, `valid_until` its last day.
    """

    what: str
    subject: str
    valid_until: date


def trip_day(booking: Booking, rules: Rules) -> date:
    """
    Name the local day until which everything must hold: the booked one, as delays have moved it; before there is one, the application's.
    """
    return rules.today(effective_start(booking) if booking.slot_start is not None else booking.created_at)


def ending_before_trip(booking: Booking, rules: Rules) -> tuple[Ending, ...]:
    """
    List passes and drivers' documents whose last day is before the trip, the earliest first: a notice, not a refusal (D11).
    """
    day = trip_day(booking, rules)
    return tuple(sorted((each for each in _ends(booking) if each.valid_until < day), key=lambda each: (each.valid_until, each.what)))


def _ends(booking: Booking) -> Iterator[Ending]:
    for answer in booking.checks:
        if answer.result is CheckResult.PASSED and answer.valid_until is not None:
            yield Ending(answer.source, answer.subject, answer.valid_until)
    for index, driver in enumerate(booking.drivers):
        if driver.document_until is not None:
            yield Ending(DOCUMENT, f"driver:{index}", driver.document_until)


def as_shown(booking: Booking, rules: Rules) -> tuple[Answer, ...]:
    """
    Give the checks as their holder sees them: the deposit's passed once the booking is confirmed (§18.17-1), what ends too early a notice.
    """
    ending = {(each.what, each.subject): each for each in ending_before_trip(booking, rules)}
    documents = [
        Answer(DOCUMENT, each.subject, CheckResult.NOTICE, each.valid_until, DOCUMENT_EXPIRES)
        for each in ending.values()
        if each.what == DOCUMENT
    ]
    return (*(_shown(answer, booking, early=(answer.source, answer.subject) in ending) for answer in booking.checks), *documents)


def _shown(answer: Answer, booking: Booking, *, early: bool) -> Answer:
    if answer.source == DEPOSIT and booking.confirmed_at is not None:
        return replace(answer, result=CheckResult.PASSED)
    return replace(answer, result=CheckResult.NOTICE, message=EXPIRES_BEFORE_SLOT) if early else answer
