"""
Complaints as their maker and the registrar see them; words are joined from the personal data store where it answers, and for the registrar what
cameras saw of the bookings it is about, from the copies that are held for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.bookings import BEFORE_PAYMENT, EXPECTED, Booking
from chalicelib.domain.complaints import Complaint, ComplaintStatus
from chalicelib.domain.rules import Rules
from chalicelib.usecases.hold_photographs import CasePhotographs
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import (
    Bookings,
    Clock,
    Complaints,
    NobodyThereError,
    Page,
    PersonalDataStore,
    PersonalDataUnavailableError,
    Photos,
    Shot,
)
from chalicelib.usecases.watch_checkpoint import Sighting

MOST_SIGHTINGS = 60


@dataclass(frozen=True, slots=True)
class ComplaintSeen:
    """
    A complaint with its words; none where their store is away. `rivals`: strangers' bookings of the vehicle complained about; `sightings`: what
    cameras saw of the bookings it is about, in order.
    """

    complaint: Complaint
    words: Mapping[str, str] | None
    rivals: Sequence[Booking] = ()
    sightings: Sequence[Sighting] = ()


@dataclass(frozen=True, slots=True)
class ReadComplaints:
    """
    `GET /v1/me/complaints`, `GET /v1/registrar/complaints`.
    """

    complaints: Complaints
    bookings: Bookings
    people: PersonalDataStore
    clock: Clock
    found: CasePhotographs
    photos: Callable[[], Photos]
    rules_on: Callable[[datetime], Rules]

    def one(self, *, complaint: str) -> ComplaintSeen | Missing:
        """
        Give one complaint, with the strangers' bookings that it may be about.
        """
        found = self.complaints.complaint(complaint)
        if found is None:
            return Missing()
        return ComplaintSeen(found, self._words([found]), self._rivals(found))

    def case(self, *, complaint: str) -> ComplaintSeen | Missing:
        """
        Give one complaint as it is to be decided: with what cameras saw.
        """
        seen = self.one(complaint=complaint)
        return seen if isinstance(seen, Missing) else replace(seen, sightings=self._sightings(seen.complaint))

    def _sightings(self, complaint: Complaint) -> Sequence[Sighting]:
        passed = [each for booking in self.found.named(complaint) for each in self.found.seen(booking)]
        if not passed:
            return ()
        photos, now = self.photos(), self.clock.now()
        kept_since = now - self.rules_on(now).crossing_photo_kept
        try:
            copies = photos.copies(case=complaint.id)
        except NobodyThereError:
            copies = {}
        found = []
        for passage, entry in sorted(passed, key=lambda each: each[0].at)[-MOST_SIGHTINGS:]:
            shot = Shot(passage.checkpoint, str(entry.photo))
            original = photos.link(checkpoint=shot.checkpoint, sha256=shot.sha256) if passage.at > kept_since else None
            found.append(Sighting(passage, entry, copies.get(shot, original), None))
        return found

    def mine(self, *, account: str, limit: int, cursor: str | None) -> Page[ComplaintSeen]:
        """
        List an account's complaints, newest first.
        """
        return self._seen(self.complaints.of_account(account, limit=limit, cursor=cursor))

    def of_status(self, *, status: ComplaintStatus, limit: int, cursor: str | None) -> Page[ComplaintSeen]:
        """
        List the complaints that stand so, newest first.
        """
        return self._seen(self.complaints.of_status(status, limit=limit, cursor=cursor))

    def _seen(self, page: Page[Complaint]) -> Page[ComplaintSeen]:
        words = self._words(page.items)
        return Page([ComplaintSeen(complaint, words) for complaint in page.items], page.next_cursor)

    def _words(self, complaints: Sequence[Complaint]) -> Mapping[str, str] | None:
        ids = [id_ for each in complaints for id_ in (each.text, each.ruling.grounds if each.ruling else None) if id_ is not None]
        try:
            found = self.people.get_many(ids, purpose="complaint") if ids else {}
        except PersonalDataUnavailableError:
            return None
        return {id_: _words_of(record.fields) for id_, record in found.items()}

    def _rivals(self, complaint: Complaint) -> Sequence[Booking]:
        if complaint.vehicle is None:
            return ()
        found = self.bookings.find(plate=complaint.vehicle)
        return [each for each in found if each.account != complaint.account and each.status in EXPECTED | BEFORE_PAYMENT]


def _words_of(fields: Mapping[str, Any]) -> str:
    return str(fields.get("text") or fields.get("grounds") or "")


def is_overdue(complaint: Complaint, *, today: date) -> bool:
    """
    Tell whether the term ran out undecided (§6-2).
    """
    return complaint.ruling is None and today > complaint.due_on
