"""
How long personal data are needed: a trip's five years after its end, an application's that came to nothing as long as one may complain (D31).
"""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.bank_lines import BankLine, LineState
from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.complaints import Complaint
from chalicelib.domain.rules import Rules

OVER: Final = frozenset(
    {Status.REFUSED, Status.EXPIRED, Status.CROSSED, Status.CANCELLED, Status.ANNULLED, Status.RETURNED, Status.WITHDRAWN}
)
"""A booking that nothing follows any more."""
LOOK_AGAIN: Final = timedelta(days=7)
"""What is needed for nobody knows how long is looked at once a week."""


def is_named(booking: Booking, person: str) -> bool:
    """
    Tell whether a booking still names a person: a driver who was replaced is none.
    """
    return person in {booking.owner.person, booking.holder.person, *(driver.person for driver in booking.drivers)}


def booking_data_until(booking: Booking, *, now: datetime, rules: Rules) -> datetime:
    """
    Give until when the people of a booking are kept; of one that runs, the moment to ask again.
    """
    if booking.status not in OVER:
        return now + LOOK_AGAIN
    end = booking.crossed_at or booking.ended_at or booking.verified_at or booking.created_at
    return end + (rules.complaint_term if booking.confirmed_at is None else rules.personal_data_kept)


def complaint_data_until(complaint: Complaint, *, now: datetime, rules: Rules) -> datetime:
    """
    Give until when a complaint's words are kept; of one that is not decided, the moment to ask again.
    """
    return now + LOOK_AGAIN if complaint.ruling is None else complaint.ruling.at + rules.personal_data_kept


def bank_data_until(line: BankLine, *, now: datetime, rules: Rules) -> datetime:
    """
    Give until when it is kept who paid and what he wrote; of a line that still waits, the moment to ask again.
    """
    waits = line.state in {LineState.UNMATCHED, LineState.RETURNED}
    return now + LOOK_AGAIN if waits else (line.decided_at or line.received_at) + rules.personal_data_kept


def is_held(booking: Booking, complaints: list[Complaint]) -> bool:
    """
    Tell whether an undecided complaint keeps a booking's people, however long ago it ended.
    """
    return any(complaint.ruling is None and complaint.booking in {None, booking.id} for complaint in complaints)
