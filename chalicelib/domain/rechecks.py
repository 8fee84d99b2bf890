"""
What registers are asked again: wanted vehicle and driver, insurance and goods' papers before the trip, movement and weighing after it (D11, §18.18).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.bookings import EXPECTED, Booking, Happening, Status
from chalicelib.domain.registers import AFTER_TRIP, Answer, CheckResult
from chalicelib.domain.rules import Rules
from chalicelib.domain.validity import EXPIRES_BEFORE_SLOT, ending_before_trip
from chalicelib.domain.verification import Check, Source, checks_of, merged


def checks_again(booking: Booking, sources: Sequence[Source], *, inapplicable: Callable[[str, Booking], bool]) -> list[Check]:
    """
    List what is asked of registers now: those to be rechecked while the vehicle is expected, movement and weighing once it has crossed.
    """
    if booking.status is Status.CROSSED:
        wanted = {AFTER_TRIP}
        return [check for check, _ in checks_of(booking, sources, inapplicable=inapplicable) if check.source in wanted]
    wanted = {source.id for source in sources if source.recheck}
    planned = checks_of(booking, sources, inapplicable=inapplicable)
    return [check for check, result in planned if result is None and check.source in wanted]


def rechecked(booking: Booking, answers: Sequence[Answer], *, now: datetime, rules: Rules, rechecks: Iterable[str]) -> Booking:
    """
    Lay new answers over the old ones; silence leaves what was known. While the vehicle is expected, say whether only an officer may let it in.

    `rechecks` names the sources whose end before the trip matters at the barrier; others are told and no more.
    """
    silent = any(answer.result is CheckResult.UNAVAILABLE for answer in answers)
    checks = merged(answers, booking.checks)
    known = replace(booking, checks=checks)
    return booking.after(
        Happening.RECHECKED,
        checks=checks,
        rechecked_at=now,
        recheck_attempts=booking.recheck_attempts + 1 if silent else 0,
        officer_only=officer_word(known, rules=rules, rechecks=frozenset(rechecks)) if booking.status in EXPECTED else booking.officer_only,
    )


def officer_word(booking: Booking, *, rules: Rules, rechecks: frozenset[str]) -> str | None:
    """
    Say why the barrier waits for an officer: the finding of a failed recheck, or that a confirmation ends before the trip; none if nothing does.
    """
    failed = [answer for answer in booking.checks if answer.source in rechecks and answer.result is CheckResult.FAILED]
    if failed:
        return f"{failed[0].source}:{failed[0].message or 'NOT_CONFIRMED'}"
    early = [each for each in ending_before_trip(booking, rules) if each.what in rechecks]
    return f"{early[0].what}:{EXPIRES_BEFORE_SLOT}" if early else None
