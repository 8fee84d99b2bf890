"""
Personal data that nobody needs any more are forgotten: what half-finished requests left, and what has been kept as long as the law asks (D31).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.complaints import Complaint, ComplaintStatus
from chalicelib.domain.retention import LOOK_AGAIN, bank_data_until, booking_data_until, complaint_data_until, is_held, is_named
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Accounts, BankBooks, Bookings, Clock, Complaints, PersonalDataStore, PersonRecord
from chalicelib.usecases.run_step import SHARDS, Ran, each

CHUNK: Final = 25
"""People of each shard in one run."""
PAGE: Final = 50
FOREVER: Final = None

Until = datetime | None


@dataclass(frozen=True, slots=True)
class ForgetPeople:
    """
    The step `sweep_orphans`: each record that is due is forgotten, looked at later, or left alone for good; safe to run twice at once.
    """

    people: PersonalDataStore
    accounts: Accounts
    bookings: Bookings
    complaints: Complaints
    bank_books: BankBooks
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self) -> Ran:
        """
        Look at a bounded number of people: how many were seen and forgotten, whether more wait. What one raises keeps no other back: it is
        raised at the end (`ExceptionGroup`).
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        chunks = [self.people.due(shard=shard, until=now, limit=CHUNK) for shard in range(SHARDS)]
        found = [id_ for chunk in chunks for id_ in chunk]
        known = self.people.get_many(found, purpose="retention")
        forgotten = each(list(known.values()), lambda person: self._look(person, now, rules), of="{} of {} people could not be looked at")
        return Ran(len(found), forgotten, more=any(len(chunk) == CHUNK for chunk in chunks))

    def _look(self, person: PersonRecord, now: datetime, rules: Rules) -> int:
        if person.look_at is None or person.look_at > now:
            return 0  # claimed or postponed meanwhile
        until = self._until(person, now, rules)
        if until is FOREVER or until > now:
            self.people.postpone(person.id, at=until)
            return 0
        return self.people.forget_due([person.id], until=now)

    def _until(self, person: PersonRecord, now: datetime, rules: Rules) -> Until:
        """
        Give until when somebody is needed: a moment that is past where nobody needs him, none where he is kept as long as his account.
        """
        if person.kind == "account":
            return now if self.accounts.of_person(person.id) is None else FOREVER
        if person.kind == "complaint":
            made = self.complaints.complaint(str(person.fields.get("complaint")))
            return now if made is None or person.id not in _words(made) else complaint_data_until(made, now=now, rules=rules)
        if person.kind == "bank_line":
            told = [line for line in self.bank_books.like(str(person.fields.get("group"))) if line.person == person.id]
            return max((bank_data_until(line, now=now, rules=rules) for line in told), default=now)
        return self._of_booking(person, now, rules)

    def _of_booking(self, person: PersonRecord, now: datetime, rules: Rules) -> Until:
        booking = self.bookings.get(str(person.fields.get("booking")))
        if booking is None:
            return now
        holder = self.accounts.account(booking.account)
        if holder is not None and holder.identity == person.id:
            return now + LOOK_AGAIN  # the account is known by him
        if not is_named(booking, person.id):
            return now
        until = booking_data_until(booking, now=now, rules=rules)
        return now + LOOK_AGAIN if until <= now and is_held(booking, self._undecided(booking.account)) else until

    def _undecided(self, account: str) -> list[Complaint]:
        found, cursor = list[Complaint](), None
        while True:
            page = self.complaints.of_account(account, limit=PAGE, cursor=cursor)
            found += [each for each in page.items if each.status is ComplaintStatus.REGISTERED]
            cursor = page.next_cursor
            if cursor is None:
                return found


def _words(complaint: Complaint) -> set[str]:
    return {complaint.text, *([complaint.ruling.grounds] if complaint.ruling else [])}
