"""
Admitted, and nobody saw it leave: the state register is asked, ever later; after three days an officer decides (§18.17-2, §28, D19).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.happenings import event_of
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import Step, next_step
from chalicelib.domain.site_notes import Chore, ChoreKind
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Passages, Write
from chalicelib.usecases.site_writes import notes_write
from chalicelib.usecases.state_register import SOURCE, Crossing, StateRegister

A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ConfirmCrossing:
    """
    Looks at one admitted booking at a time.
    """

    committer: Committer
    bookings: Bookings
    passages: Passages
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    register: StateRegister

    def __call__(self, *, booking: str) -> bool:
        """
        Ask 17-2 where it is time to: whether something was written.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        seen = self.bookings.get(booking)
        due = next_step(seen, rules) if seen is not None else None
        if seen is None or due is None or due.step is not Step.CROSSING or due.at > now or seen.admitted_at is None:
            return False
        answer = self.register.crossing_of(seen, since=seen.admitted_at)
        if answer is Crossing.REGISTERED:
            return self.register.confirm(seen, now=now, rules=rules)
        return self._ask_again(seen, seen.admitted_at, answer, now, rules)

    def _ask_again(self, seen: Booking, admitted_at: datetime, answer: Crossing, now: datetime, rules: Rules) -> bool:
        moment = ask_again_at(admitted_at, now=now, rules=rules)
        later = seen.after(Happening.RECHECKED, crossing_ask_at=moment)
        detail = {"source": SOURCE, "answer": answer.value}
        event = event_of(booking=later, happening=Happening.RECHECKED, at=now, by="system", rules=rules, ground="18", detail=detail)
        notes = self.passages.notes(seen.checkpoint)
        overdue = now >= admitted_at + rules.admitted_without_exit_at_most
        after = notes.asking(Chore(ChoreKind.NO_EXIT, seen.id, admitted_at)) if overdue else notes
        return isinstance(self.committer.commit(Write(later, seen.version), Write(event), *notes_write(notes, after)), Committed)


def ask_again_at(admitted_at: datetime, *, now: datetime, rules: Rules) -> datetime:
    """
    Ask twice as late each time, once a day at least, and at the moment when an officer is to decide (D19).
    """
    later = now + min(A_DAY, max(rules.crossing_asked_after, now - admitted_at))
    limit = admitted_at + rules.admitted_without_exit_at_most
    return limit if now < limit < later else later
