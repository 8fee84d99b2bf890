"""
A driver in the waiting area says that he is ready: when the gate has room, his vehicle is called early in queue order (D17).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening, Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.happenings import event_of, gate_changes
from chalicelib.domain.rules import Rules
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Requests, StoreBusyError, Write

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class SayReady:
    """
    `POST /v1/bookings/{id}/ready`.
    """

    committer: Committer
    bookings: Bookings
    requests: Requests
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, account: str, booking: str, request: IdempotentRequest) -> Outcome:
        """
        Note it: `Done`, or why not. Said again it changes nothing. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            seen = self.bookings.get(booking)
            if seen is None or seen.account != account:
                return Missing()
            refused = _refused(seen)
            if refused is not None:
                return refused
            if isinstance(self.committer.commit(*self._writes(seen, request, now, self.rules_on(now))), Committed):
                return Done(200, booking)
        raise StoreBusyError("ready")

    def _writes(self, seen: Booking, request: IdempotentRequest, now: datetime, rules: Rules) -> tuple[Write, ...]:
        record = Write(request.record(status=200, resource=seen.id, answer={}, at=now))
        if seen.ready_at is not None:
            return (record,)
        ready = seen.after(Happening.READY, ready_at=now)
        event = event_of(booking=ready, happening=Happening.READY, at=now, by="user", rules=rules, ground="D17")
        return (Write(ready, seen.version), Write(event), *(Write(message) for message in gate_changes(ready, now)), record)


def _refused(seen: Booking) -> Refused | None:
    if seen.called_at is not None and seen.may(Happening.REPACED):
        return Refused.because(Code.ALREADY_CALLED, "34")
    if seen.status is not Status.ARRIVED or seen.left_area_at is not None:
        return Refused.because(Code.NOT_IN_WAITING_AREA, "D17", status=seen.status.value)
    return None
