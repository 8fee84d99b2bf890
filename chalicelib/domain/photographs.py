"""
Which photographs of passages bear on what is disputed about a booking (§9, §10, §30, D31): its vehicle's own, and those of what may have been it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.contracts.passages import JournalEntry
from chalicelib.contracts.plates import normalize
from chalicelib.domain.blocks import block_of
from chalicelib.domain.bookings import Booking
from chalicelib.domain.complaints import Complaint
from chalicelib.domain.records import Account
from chalicelib.domain.rules import Rules
from chalicelib.domain.site_notes import MOST_DIFFERENCES, differences

MOST_DAYS: Final = 7
"""A vehicle inside for longer is the officers' own affair (D19)."""


def days_seen(booking: Booking, rules: Rules) -> Sequence[date]:
    """
    List the local days on which cameras may have seen a booking's vehicle: from the earliest it came or was due to the latest it was due or left.
    """
    due = [moment for moment in (booking.slot_start, booking.slot_end, booking.valid_until) if moment is not None]
    seen = [moment for moment in (booking.arrived_at, booking.admitted_at, booking.crossed_at) if moment is not None]
    if not due:
        return ()
    first, last = rules.today(min(*due, *seen)), rules.today(max(*due, *seen))
    return [first + timedelta(days=offset) for offset in range(min((last - first).days + 1, MOST_DAYS))]


def bears_on(entry: JournalEntry, booking: Booking, *, named: str | None) -> bool:
    """
    Tell whether a passage bears on a booking: its vehicle was known there (`named`), or nobody was, and what was read may have been its plate.
    """
    if entry.photo is None or named is not None:
        return entry.photo is not None and named == booking.id
    mine = normalize(booking.vehicle.plate)
    return not entry.readings or any(differences(each.text, mine) <= MOST_DIFFERENCES for each in entry.readings)


def named_bookings(complaint: Complaint, holder: Account | None) -> Sequence[str]:
    """
    Name the bookings a complaint says it is about: its own, that of its ruling, those of the block complained of.
    """
    block = block_of(holder.blocks, block=complaint.case) if holder is not None and complaint.case is not None else None
    ruled = complaint.ruling.booking if complaint.ruling is not None else None
    evidence = [each.booking for each in block.evidence] if block is not None else []
    named = [complaint.booking, ruled, *(block.bookings if block is not None else ()), *evidence]
    return list(dict.fromkeys(filter(None, named)))


def may_be_about(booking: Booking, complaint: Complaint, *, rules: Rules) -> bool:
    """
    Tell whether a complaint that names nothing may be about a booking: its time lies within the term in which one may complain.
    """
    begins, registered = booking.slot_start, complaint.registered_at
    return begins is not None and registered - rules.complaint_term <= begins <= registered + rules.application_validity


def too_old(booking: Booking, complaint: Complaint, *, rules: Rules) -> bool:
    """
    Tell whether a booking, and all that were made before it, is too old for that.
    """
    made: datetime = booking.created_at
    return made < complaint.registered_at - rules.complaint_term - timedelta(days=rules.horizon_days)
