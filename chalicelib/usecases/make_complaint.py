"""
A complaint to the registrar's head (§6-2, §28, D22): registered at once, its words in the personal data store, open to blocked accounts too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.blocks import Block, standing_block, with_block
from chalicelib.domain.bookings import Happening
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.complaints import About, Complaint, due_on
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.happenings import account_notice, office_event, photographs_of
from chalicelib.domain.records import Account
from chalicelib.domain.rules import Rules
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import (
    Accounts,
    Bookings,
    Chance,
    Clock,
    Committed,
    Committer,
    Complaints,
    Histories,
    PersonalDataStore,
    PersonRecord,
    Requests,
    StoreBusyError,
    Write,
)

MOST_TRIES = 5
STAFF = ("officer:", "registrar:")


@dataclass(frozen=True, slots=True)
class Grievance:
    """
    What a user complains of: `booking` is one of his own, `vehicle` (`KZ#123ABC02`) what a stranger has taken.
    """

    about: About
    text: str
    booking: str | None = None
    vehicle: str | None = None


@dataclass(frozen=True, slots=True)
class MakeComplaint:
    """
    `POST /v1/me/complaints`.
    """

    committer: Committer
    accounts: Accounts
    bookings: Bookings
    histories: Histories
    complaints: Complaints
    requests: Requests
    people: PersonalDataStore
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]
    calendar: Callable[[], WorkingCalendar]

    def __call__(self, *, account: str, grievance: Grievance, request: IdempotentRequest | None) -> Outcome:
        """
        Register a complaint: `Done` with its id, or why not. Raises `StoreBusyError`, `PersonalDataUnavailableError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now) if request else None
            if known is not None:
                return known
            holder = self.accounts.account(account)
            if holder is None or not self._knows(account, grievance):
                return Missing()
            block = standing_block(holder.blocks) if grievance.about is About.BLOCK else None
            refused = self._refusal(grievance, block)
            if refused is not None:
                return refused
            complaint = self._complaint(holder, grievance, block, now)
            # the words lie there before the complaint does: one without the other is an orphan, never a complaint without words
            words = {"text": grievance.text, "complaint": complaint.id}
            self.people.put([PersonRecord(complaint.text, "complaint", words, now + self.rules_on(now).unclaimed_kept)])
            done = self.committer.commit(*self._writes(complaint, holder, block, request, now))
            if isinstance(done, Committed):
                return Done(201, complaint.id, {"complaint": complaint.id})
        raise StoreBusyError("complaint")

    def _knows(self, account: str, grievance: Grievance) -> bool:
        booking = self.bookings.get(grievance.booking) if grievance.booking is not None else None
        return grievance.booking is None or (booking is not None and booking.account == account)

    def _refusal(self, grievance: Grievance, block: Block | None) -> Refused | None:
        if grievance.about is not About.BLOCK:
            return None
        if block is None:
            return Refused.because(Code.NOT_BLOCKED, "6-2")
        made = self.complaints.complaint(block.complaint) if block.complaint is not None else None
        return Refused.because(Code.COMPLAINT_MADE, "6-2", due_on=made.due_on.isoformat()) if made is not None else None

    def _complaint(self, holder: Account, grievance: Grievance, block: Block | None, now: datetime) -> Complaint:
        return Complaint(
            id=self.chance.id("cmp"),
            version=1,
            account=holder.id,
            about=grievance.about,
            text=self.chance.id("per"),
            registered_at=now,
            due_on=due_on(now, calendar=self.calendar(), rules=self.rules_on(now)),
            booking=grievance.booking,
            case=block.id if block else None,
            vehicle=grievance.vehicle,
            against=block.by if block else self._culprit(grievance),
        )

    def _culprit(self, grievance: Grievance) -> str | None:
        """
        Name the last of the staff who did something to the booking, so that he does not judge himself.
        """
        if grievance.booking is None:
            return None
        events = self.histories.of_aggregate(grievance.booking)
        acted = [event.by for event in events if event.by.startswith(STAFF) and event.kind != Happening.REDRESSED]
        return acted[-1].partition(":")[2] if acted else None

    def _writes(
        self, complaint: Complaint, holder: Account, block: Block | None, request: IdempotentRequest | None, now: datetime
    ) -> Sequence[Write]:
        detail: Mapping[str, str | int | None] = {"about": complaint.about.value, "booking": complaint.booking, "block": complaint.case}
        rules = self.rules_on(now)
        writes = [
            Write(complaint),
            Write(photographs_of(complaint, now)),
            Write(office_event(subject=complaint, kind="registered", at=now, by="user", rules=rules, ground="6-2", detail=detail)),
            Write(
                account_notice(
                    template="complaint_registered",
                    account=holder.id,
                    aggregate=complaint.id,
                    version=complaint.version,
                    at=now,
                    language=holder.language,
                    due_on=complaint.due_on.isoformat(),
                )
            ),
        ]
        if block is not None:
            named = replace(block, complaint=complaint.id)
            after = replace(holder, blocks=with_block(holder.blocks, changed=named), version=holder.version + 1)
            writes.append(Write(after, holder.version))
        if request is not None:
            writes.append(Write(request.record(status=201, resource=complaint.id, answer={"complaint": complaint.id}, at=now)))
        return writes
