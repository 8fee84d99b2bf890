"""
Photographs that a complaint bears on outlive their own term: held while it is open, then for as long as its decision may be disputed (§6-2, D31).
Those of a trip whose card payment is disputed get a term of their own from then on (D28).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.contracts import messages
from chalicelib.contracts.passages import JournalEntry
from chalicelib.domain.bookings import Booking
from chalicelib.domain.complaints import About, Complaint
from chalicelib.domain.photographs import bears_on, days_seen, may_be_about, named_bookings, too_old
from chalicelib.domain.records import OutboxMessage, Passage
from chalicelib.domain.rules import Rules
from chalicelib.usecases.deliver_outbox import UndeliveredError
from chalicelib.usecases.ports import (
    Accounts,
    Bookings,
    Clock,
    Committed,
    Committer,
    Complaints,
    Ledger,
    Passages,
    Photos,
    Shot,
    Write,
)

A_DAYS: Final = 5000
"""Passages of a day at one checkpoint, at most: four cameras, three times the busiest plan."""
PAGE: Final = 25
"""Bookings looked at in one delivery, where a complaint names none."""


@dataclass(frozen=True, slots=True)
class CasePhotographs:
    """
    Finds what cameras saw of the bookings a complaint is about.
    """

    accounts: Accounts
    bookings: Bookings
    passages: Passages
    rules_on: Callable[[datetime], Rules]

    def named(self, complaint: Complaint) -> Sequence[Booking]:
        """
        Give the bookings that a complaint names, by themselves or by a vehicle.
        """
        holder = self.accounts.account(complaint.account)
        found = list(self.bookings.get_many(named_bookings(complaint, holder)))
        if complaint.vehicle is not None:
            rules = self.rules_on(complaint.registered_at)
            rivals = self.bookings.find(plate=complaint.vehicle)
            found += [each for each in rivals if each not in found and may_be_about(each, complaint, rules=rules)]
        return found

    def seen(self, booking: Booking) -> Iterator[tuple[Passage, JournalEntry]]:
        """
        Give the photographed passages that bear on a booking, with what the journal says of each.
        """
        for day in days_seen(booking, self.rules_on(booking.created_at)):
            for passage in self.passages.recent(booking.checkpoint, day=day, limit=A_DAYS):
                if passage.booking in {None, booking.id}:
                    entry = messages.from_json(JournalEntry, passage.entry)
                    if bears_on(entry, booking, named=passage.booking):
                        yield passage, entry


@dataclass(frozen=True, slots=True)
class HoldPhotographs:
    """
    The task `photographs`, which follows a complaint's registration and its ruling, and a disputed payment; safe to run again, late, and beside itself.
    """

    committer: Committer
    complaints: Complaints
    bookings: Bookings
    ledger: Ledger
    found: CasePhotographs
    photos: Callable[[], Photos]
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, message: OutboxMessage) -> bool:
        """
        Let the copies follow the complaint as it stands: false; true: the message waits on with where it got to. Raises `NobodyThereError`
        while the photographs' storage is silent, `UndeliveredError` where another sweep got further.
        """
        if message.payload.get("attempt"):
            return self._disputed(str(message.payload["attempt"]))
        complaint = self.complaints.complaint(str(message.payload["complaint"]))
        if complaint is None:
            return False
        cursor = self._hold(complaint, message)
        if cursor is not None:
            later = replace(message, payload={**message.payload, "after": cursor}, tries=0, version=message.version + 1)
            if not isinstance(self.committer.commit(Write(later, message.version)), Committed):
                raise UndeliveredError(message.id)
            return True
        # asked again after the last copy: a ruling that came meanwhile may have released before there was anything to release
        now_standing = self.complaints.complaint(complaint.id)
        if now_standing is not None and now_standing.ruling is not None:
            self.photos().release(case=complaint.id)
        return False

    def _hold(self, complaint: Complaint, message: OutboxMessage) -> str | None:
        """
        Copy what bears on it, as far as one delivery goes: the cursor of what is left, or none.
        """
        named = self.found.named(complaint)
        if named or complaint.booking is not None or complaint.about in {About.BLOCK, About.VEHICLE_TAKEN}:
            self._copy(complaint.id, named)
            return None
        after = message.payload.get("after")
        page = self.bookings.of_account(complaint.account, limit=PAGE, cursor=str(after) if after else None)
        rules = self.rules_on(complaint.registered_at)
        self._copy(complaint.id, [each for each in page.items if may_be_about(each, complaint, rules=rules)])
        over = page.items and too_old(page.items[-1], complaint, rules=rules)
        return None if over else page.next_cursor

    def _disputed(self, name: str) -> bool:
        """
        Copy what a disputed payment's trip showed to where it expires with a term counted from now: its end is the bank's to tell, or not.
        """
        attempt = self.ledger.attempt(name)
        booking = self.bookings.get(attempt.booking) if attempt is not None and attempt.booking is not None else None
        if booking is not None:
            self._copy(name, [booking])
            self.photos().release(case=name)
        return False

    def _copy(self, case: str, bookings: Sequence[Booking]) -> None:
        photos = self.photos()
        for booking in bookings:
            for _, entry in self.found.seen(booking):
                photos.hold(case=case, shot=Shot(booking.checkpoint, str(entry.photo)))
