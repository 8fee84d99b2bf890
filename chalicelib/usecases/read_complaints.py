"""
Complaints as their maker and the registrar see them; words are joined from the personal data store where it answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.domain.bookings import BEFORE_PAYMENT, EXPECTED, Booking
from chalicelib.domain.complaints import Complaint, ComplaintStatus
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import Bookings, Clock, Complaints, Page, PersonalDataStore, PersonalDataUnavailableError


@dataclass(frozen=True, slots=True)
class ComplaintSeen:
    """
    A complaint with its words; none where their store is away. `rivals`: strangers' bookings of the vehicle complained about.
    """

    complaint: Complaint
    words: Mapping[str, str] | None
    rivals: Sequence[Booking] = ()


@dataclass(frozen=True, slots=True)
class ReadComplaints:
    """
    `GET /v1/me/complaints`, `GET /v1/registrar/complaints`.
    """

    complaints: Complaints
    bookings: Bookings
    people: PersonalDataStore
    clock: Clock

    def one(self, *, complaint: str) -> ComplaintSeen | Missing:
        """
        Give one complaint, with the strangers' bookings that it may be about.
        """
        found = self.complaints.complaint(complaint)
        if found is None:
            return Missing()
        return ComplaintSeen(found, self._words([found]), self._rivals(found))

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
