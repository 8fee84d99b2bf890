"""
The head is reminded of a complaint one working day before its last day, and alarmed after it (§6-2), each once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.complaints import Complaint, ComplaintStatus, Nudge, nudge_now, nudged
from chalicelib.domain.happenings import account_notice, office_event
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Accounts, Clock, Committed, Committer, Complaints, Write

CHUNK = 50
MOST_CHUNKS = 20


@dataclass(frozen=True, slots=True)
class Reminded:
    """
    How many complaints were looked at, told of now, and are overdue; and whether more may be waiting.
    """

    seen: int
    changed: int
    overdue: int
    more: bool


@dataclass(frozen=True, slots=True)
class RemindComplaints:
    """
    Every morning, over the complaints not decided yet; a second run finds nothing to tell.
    """

    committer: Committer
    accounts: Accounts
    complaints: Complaints
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    calendar: Callable[[], WorkingCalendar]

    def __call__(self) -> Reminded:
        """
        Look at the waiting complaints, at most a thousand a run.
        """
        seen = changed = overdue = 0
        cursor: str | None = None
        for _ in range(MOST_CHUNKS):
            page = self.complaints.of_status(ComplaintStatus.REGISTERED, limit=CHUNK, cursor=cursor)
            seen += len(page.items)
            overdue += sum(self._today() > complaint.due_on for complaint in page.items)
            changed += sum(self.tell(complaint=complaint.id) for complaint in page.items)
            cursor = page.next_cursor
            if cursor is None:
                break
        return Reminded(seen, changed, overdue, more=cursor is not None)

    def tell(self, *, complaint: str) -> bool:
        """
        Tell of one complaint what is due today: true when something was told.
        """
        seen = self.complaints.complaint(complaint)
        nudge = nudge_now(seen, today=self._today(), calendar=self.calendar()) if seen is not None else None
        if seen is None or nudge is None:
            return False
        now = self.clock.now()
        after = nudged(seen, nudge=nudge, at=now)
        event = office_event(subject=after, kind=nudge.value, at=now, by="system", rules=self.rules_on(now), ground="6-2")
        return isinstance(self.committer.commit(Write(after, seen.version), Write(event), *self._notices(after, nudge, now)), Committed)

    def _today(self) -> date:
        now = self.clock.now()
        return self.rules_on(now).today(now)

    def _notices(self, complaint: Complaint, nudge: Nudge, now: datetime) -> tuple[Write, ...]:
        return tuple(
            Write(
                account_notice(
                    template=nudge.value,
                    account=head.id,
                    aggregate=complaint.id,
                    version=complaint.version,
                    at=now,
                    language=head.language,
                    due_on=complaint.due_on.isoformat(),
                )
            )
            for head in self.accounts.heads()
        )
