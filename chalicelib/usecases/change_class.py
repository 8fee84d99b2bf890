"""
The ground of a priority is missing at the gate: the officer sets the class to general, the truck goes after its interval's general ones (D13).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.happenings import event_of, gate_changes, notice
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.rules import Rules
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Requests, StoreBusyError, Write

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class ChangeClass:
    """
    `POST /v1/officer/bookings/{id}/class`: place and fee are kept; who, when and why are kept with the event.
    """

    committer: Committer
    bookings: Bookings
    requests: Requests
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(
        self, *, officer: str, checkpoints: frozenset[str], booking: str, reason: str, request: IdempotentRequest | None
    ) -> Outcome:
        """
        Set a booking of one of the officer's checkpoints to general: `Done` with it, or why not. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now) if request is not None else None
            if known is not None:
                return known
            seen = self.bookings.get(booking)
            if seen is None or seen.checkpoint not in checkpoints:
                return Missing()
            refused = _refusal(seen)
            if refused is not None:
                return refused
            record = [Write(request.record(status=200, resource=booking, answer={}, at=now))] if request is not None else []
            if isinstance(self.committer.commit(*self._writes(seen, officer, reason, now), *record), Committed):
                return Done(200, booking)
        raise StoreBusyError("class")

    def _writes(self, seen: Booking, officer: str, reason: str, now: datetime) -> tuple[Write, ...]:
        after = seen.after(Happening.CLASS_CHANGED, class_=PlaceClass.GENERAL, demoted=True)
        detail = {"from": seen.class_.value, "to": after.class_.value, "reason": reason}
        event = event_of(
            booking=after,
            happening=Happening.CLASS_CHANGED,
            at=now,
            by=f"officer:{officer}",
            rules=self.rules_on(now),
            ground="D13",
            detail=detail,
        )
        told = (*gate_changes(after, now), notice(template="demoted", booking=after, at=now))
        return (Write(after, seen.version), Write(event), *(Write(message) for message in told))


def _refusal(seen: Booking) -> Refused | None:
    if not seen.may(Happening.CLASS_CHANGED):
        return Refused.because(Code.NOT_CHANGEABLE, "D13", status=seen.status.value)
    return None if seen.class_.is_priority else Refused.because(Code.NOT_PRIORITY, "6", class_=seen.class_.value)
