"""
Who waits is told anew until when he may, where the gate runs late: later by a quarter of an hour at least, never earlier than he was told (D16).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.happenings import event_of, gate_changes, notice
from chalicelib.domain.line import later_leave_by
from chalicelib.domain.rules import Rules
from chalicelib.usecases.measure_line import line_of
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Passages, Write


@dataclass(frozen=True, slots=True)
class Repace:
    """
    Follows each line that was drawn.
    """

    committer: Committer
    bookings: Bookings
    passages: Passages
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, checkpoint: str) -> int:
        """
        Look at a checkpoint's line as kept with its board: how many vehicles were told.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        line = line_of(self.passages.board(checkpoint))
        if line is None:
            return 0
        moments = {one.booking: later_leave_by(line, one, now=now, rules=rules) for one in line.queue}
        due = {booking: moment for booking, moment in moments.items() if moment is not None}
        found = [booking for booking in self.bookings.get_many(list(due)) if _waits_for(booking, due[booking.id])]
        return sum(self.tell(booking, until=due[booking.id], now=now, rules=rules) for booking in found)

    def tell(self, seen: Booking, *, until: datetime, now: datetime, rules: Rules) -> bool:
        """
        Give a called vehicle of the waiting area until a later moment.
        """
        return isinstance(self.committer.commit(*self.telling(seen, until=until, now=now, rules=rules)), Committed)

    @staticmethod
    def telling(seen: Booking, *, until: datetime, now: datetime, rules: Rules) -> Sequence[Write]:
        """
        List what that writes.
        """
        later = seen.after(Happening.REPACED, leave_by=max(until, seen.leave_by or until))
        event = event_of(booking=later, happening=Happening.REPACED, at=now, by="system", rules=rules, ground="D16")
        told = (notice(template="repaced", booking=later, at=now), *gate_changes(later, now))
        return Write(later, seen.version), Write(event), *map(Write, told)


def _waits_for(booking: Booking, moment: datetime) -> bool:
    told = booking.may(Happening.REPACED) and booking.left_area_at is None and booking.leave_by is not None
    return told and booking.leave_by is not None and booking.leave_by < moment
