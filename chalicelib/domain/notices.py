"""
What a notice is: whom it concerns, how it must reach him, and for how long it is true (§29, §34, D21).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.bookings import EXPECTED, Booking
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import effective_leave_by, effective_start

Figures = Mapping[str, str | int | None]
"""What a notice says besides its words: ids, codes, sums in tiyn, instants and days in ISO 8601; nothing personal."""


class Holds(StrEnum):
    """
    For how long a notice is true, compared with the booking as it is now: for good; while the booking is in the status told; while it is
    expected in the interval told; while it is called there, or to leave by the moment told; while it is, or is no more, suspended.
    """

    FOR_GOOD = "for_good"
    IN_STATUS = "in_status"
    IN_SLOT = "in_slot"
    WHILE_CALLED = "while_called"
    AT_THIS_PACE = "at_this_pace"
    WHILE_SUSPENDED = "while_suspended"
    WHILE_RUNNING = "while_running"


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """
    `trip`: it concerns the way to the gate, so every driver is told too; others concern money or papers and go to the account alone.
    `must`: push *and* a text go out whatever channels the user likes (§29, §34: "plus push or SMS"; what moves his time, D21).
    """

    holds: Holds = Holds.FOR_GOOD
    trip: bool = False
    must: bool = False


_SLOT: Final = NoticeKind(Holds.IN_SLOT, trip=True)
_MUST: Final = NoticeKind(Holds.IN_SLOT, trip=True, must=True)
_END: Final = NoticeKind(Holds.IN_STATUS, trip=True)
_PAPERS: Final = NoticeKind(Holds.IN_STATUS)

KINDS: Final[Mapping[str, NoticeKind]] = {
    "verified": _PAPERS,
    "refused": _PAPERS,
    "hold_expired": _PAPERS,
    "expired": _PAPERS,
    "payment_late": NoticeKind(),
    "topped_up": NoticeKind(),
    "debt": NoticeKind(),
    "payment_failed": NoticeKind(),
    "refunded": NoticeKind(),
    "refund_failed": NoticeKind(),
    "account_blocked": NoticeKind(),
    "account_unblocked": NoticeKind(),
    "complaint_registered": NoticeKind(),
    "complaint_upheld": NoticeKind(),
    "complaint_dismissed": NoticeKind(),
    "complaint_due": NoticeKind(),
    "complaint_overdue": NoticeKind(),
    "confirmed": _SLOT,
    "reminded": _MUST,
    "called": NoticeKind(Holds.WHILE_CALLED, trip=True, must=True),
    "repaced": NoticeKind(Holds.AT_THIS_PACE, trip=True, must=True),
    "arrived": _SLOT,
    "admitted": _END,
    "crossed": _END,
    "returned": _END,
    "rescheduled": _SLOT,
    "plate_corrected": NoticeKind(Holds.IN_SLOT),
    "demoted": _SLOT,
    "moved": _MUST,
    "delayed": _MUST,
    "extended": _MUST,
    "must_choose": _MUST,
    "may_choose": _MUST,
    "withdrawn": NoticeKind(Holds.IN_STATUS, trip=True, must=True),
    "cancelled": _END,
    "annulled": _END,
    "suspended": NoticeKind(Holds.WHILE_SUSPENDED, trip=True, must=True),
    "resumed": NoticeKind(Holds.WHILE_RUNNING, trip=True, must=True),
    "expires_before_trip": _SLOT,
    "renew": _SLOT,
}
"""Every notice about a booking or an account; one that is not listed goes to the account alone and is true for good."""

MONEY: Final = frozenset({"amount", "deposit", "fee", "debt"})
"""Figures that are the account's alone."""


def kind_of(template: str) -> NoticeKind:
    """
    Give a template's kind.
    """
    return KINDS.get(template, NoticeKind())


def told_of(booking: Booking) -> dict[str, str | int | None]:
    """
    Give the figures of a booking that a notice about this version of it rests on.
    """
    return {
        "status": booking.status.value,
        "number": booking.number,
        "start": _spelled(booking.slot_start),
        "leave_by": _spelled(effective_leave_by(booking)) if booking.slot_end is not None else None,
        "shift_minutes": booking.shift_minutes,
        "expected_at": _spelled(effective_start(booking)) if booking.slot_start is not None else None,
        "valid_until": _spelled(booking.valid_until),
    }


def is_true(*, template: str, figures: Figures, booking: Booking) -> bool:
    """
    Tell whether what a notice was written about is still so: older versions are dropped, several notices of one version all go.
    """
    same = {name: figures.get(name, now) == now for name, now in told_of(booking).items()}
    in_slot = booking.status in EXPECTED and same["start"] and same["shift_minutes"]
    match kind_of(template).holds:
        case Holds.FOR_GOOD:
            return True
        case Holds.IN_STATUS:
            return same["status"]
        case Holds.IN_SLOT:
            return in_slot
        case Holds.WHILE_CALLED:
            return in_slot and booking.called_at is not None
        case Holds.AT_THIS_PACE:
            return in_slot and same["leave_by"]
        case Holds.WHILE_SUSPENDED:
            return booking.suspended is not None
        case Holds.WHILE_RUNNING:
            return booking.suspended is None and (booking.status in EXPECTED or same["status"])


def figures_of(*, booking: Booking, told: Figures, rules: Rules, as_now: bool) -> dict[str, str | int]:
    """
    Give all that the words of a notice may ask for: what was told, joined with the vehicle and the deadlines of the booking.

    `as_now`: sent late, it says the deadline of now; read in the cabinet it says what was told then.
    """
    now = told_of(booking) | {"plate": booking.vehicle.plate, "checkpoint": booking.checkpoint, "until": _until(booking, rules)}
    joined = {**told, **now} if as_now else {**now, **told}
    return {name: value for name, value in joined.items() if value is not None}


def _until(booking: Booking, rules: Rules) -> str | None:
    return _spelled(booking.verified_at + rules.application_validity) if booking.verified_at is not None else None


def _spelled(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


@dataclass(frozen=True, slots=True)
class Notification:
    """
    A notice as it lies in the account's cabinet (§29, §34): template and figures, worded when it is read. `id` begins with its instant.
    """

    account: str
    id: str
    at: datetime
    template: str
    figures: Figures
    keep_until: datetime
    booking: str | None = None
    read_at: datetime | None = None
    version: int = 1
