"""
What the registrar does for a user's booking: its notices told again, a lock let go that an ended booking still holds (§6-2, §21, D8).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.domain.bookings import ACTIVE, Booking, Happening, Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.happenings import event_of, notice
from chalicelib.domain.rules import Rules
from chalicelib.domain.vehicles import VehicleLock, lock_keys
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Locks, Requests, StoreBusyError, Write

MOST_TRIES = 5
NOTICES: Final[Mapping[Status, str]] = {
    status: status.value
    for status in (
        *(Status.VERIFIED, Status.REFUSED, Status.EXPIRED, Status.CONFIRMED, Status.ARRIVED, Status.CALLED, Status.ADMITTED),
        *(Status.CROSSED, Status.CANCELLED, Status.ANNULLED, Status.RETURNED, Status.WITHDRAWN),
    )
}
"""The notice that tells how a booking stands now; while registers are asked or a place is held there is none yet."""
REMINDED: Final = "reminded"


@dataclass(frozen=True, slots=True)
class Help:
    """
    Who of the registrar does something for which booking, and why: the reason is shown to the user.
    """

    registrar: str
    booking: str
    reason: str


@dataclass(frozen=True, slots=True)
class HelpBooking:
    """
    `POST /v1/registrar/bookings/{id}/resend` and `…/release-lock`.
    """

    committer: Committer
    bookings: Bookings
    locks: Locks
    requests: Requests
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def resend(self, *, help_: Help, request: IdempotentRequest) -> Outcome:
        """
        Tell the user and his drivers again how the booking stands: 200, or why there is nothing to tell. Raises `StoreBusyError`.
        """
        return self._once(help_, request, self._resend)

    def release_lock(self, *, help_: Help, request: IdempotentRequest) -> Outcome:
        """
        Let go the locks that an ended booking still holds: 200 with how many; an active one keeps its own. Raises `StoreBusyError`.
        """
        return self._once(help_, request, self._release)

    def _once(self, help_: Help, request: IdempotentRequest, act: "Act") -> Outcome:
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            seen = self.bookings.get(help_.booking)
            if seen is None:
                return Missing()
            outcome = act(seen, help_, request, now)
            if outcome is not None:
                return outcome
        raise StoreBusyError("help")

    def _resend(self, seen: Booking, help_: Help, request: IdempotentRequest, now: datetime) -> Outcome | None:
        rules = self.rules_on(now)
        template = NOTICES.get(seen.status_at(now, rules))
        if template is None or not seen.may(Happening.NOTICES_RESENT):
            return Refused.because(Code.NOTHING_TO_RESEND, status=seen.status_at(now, rules).value)
        if seen.status is Status.CONFIRMED and seen.reminded_at is not None:
            template = REMINDED
        after = seen.after(Happening.NOTICES_RESENT)
        told = notice(template=template, booking=after, at=now, deposit=seen.deposit.value)
        return self._commit(seen, after, Happening.NOTICES_RESENT, help_, request, now, Write(told))

    def _release(self, seen: Booking, help_: Help, request: IdempotentRequest, now: datetime) -> Outcome | None:
        rules = self.rules_on(now)
        if seen.status_at(now, rules) in ACTIVE:
            return Refused.because(Code.LOCK_IN_USE, "21", status=seen.status.value)
        held = [lock for lock in self.locks.locks(lock_keys(seen.vehicle, toward=seen.toward)).values() if lock.booking == seen.id]
        if not held or not seen.may(Happening.LOCK_RELEASED):
            return Done(200, seen.id, {"released": 0})
        after = seen.after(Happening.LOCK_RELEASED)
        freed = (Write(_freed(lock), lock.version) for lock in held)
        return self._commit(seen, after, Happening.LOCK_RELEASED, help_, request, now, *freed, released=len(held))

    def _commit(
        self,
        seen: Booking,
        after: Booking,
        happening: Happening,
        help_: Help,
        request: IdempotentRequest,
        now: datetime,
        *more: Write,
        **answer: int,
    ) -> Outcome | None:
        by, detail = f"registrar:{help_.registrar}", told(help_, answer)
        event = event_of(booking=after, happening=happening, at=now, by=by, rules=self.rules_on(now), detail=detail)
        record = request.record(status=200, resource=after.id, answer=answer, at=now)
        done = self.committer.commit(Write(after, seen.version), Write(event), *more, Write(record))
        return Done(200, after.id, answer) if isinstance(done, Committed) else None


def told(help_: Help, answer: Mapping[str, int]) -> dict[str, str | int | None]:
    """
    Say in the timeline why something was done, and what.
    """
    return {"reason": help_.reason, **answer}


Act = Callable[[Booking, Help, IdempotentRequest, datetime], Outcome | None]


def _freed(lock: VehicleLock) -> VehicleLock:
    return replace(lock, booking=None, until=None, version=lock.version + 1)
