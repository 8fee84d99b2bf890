"""
A mistyped plate is corrected once before the call: the VIN stays, and the vehicle register, or a registrar from foreign papers, confirms it (D15).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.crews import may_change
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.happenings import event_of, gate_changes, notice
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import call_at
from chalicelib.domain.standing import Deed, may_act
from chalicelib.domain.vehicles import Vehicle, VehicleLock, lock_keys
from chalicelib.domain.verification import Check
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Accounts, Bookings, Clock, Committed, Committer, Ledger, Locks, Requests, StoreBusyError, Write
from chalicelib.usecases.verify_change import VerifyChange

MOST_TRIES = 5
REGISTRATION = "2"
"""The source of §18 that knows which plate belongs to which VIN."""


@dataclass(frozen=True, slots=True)
class Correction:
    """
    The plate as it is; `country` none keeps the booking's. `papers`: a registrar has seen the foreign vehicle's, so that no register is asked for them.
    """

    plate: str
    country: str | None = None
    reason: str | None = None
    papers: bool = False


@dataclass(frozen=True, slots=True)
class CorrectPlate:
    """
    `POST /v1/bookings/{id}/plate-correction`, and the registrar's correction.
    """

    committer: Committer
    bookings: Bookings
    accounts: Accounts
    locks: Locks
    ledger: Ledger
    requests: Requests
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    verify: VerifyChange
    home: Callable[[], str]

    def __call__(self, *, account: str, booking: str, correction: Correction, request: IdempotentRequest) -> Outcome:
        """
        Correct one's own booking: `Done` with it, or why not. Raises `StoreBusyError`.
        """
        return self._done(booking, correction, request, by="user", account=account)

    def of_any(self, *, by: str, booking: str, correction: Correction, request: IdempotentRequest) -> Outcome:
        """
        Correct anybody's booking as `registrar:<id>`: `Done` with it, or why not. Raises `StoreBusyError`.
        """
        return self._done(booking, correction, request, by=by, account=None)

    def _done(self, booking: str, correction: Correction, request: IdempotentRequest, *, by: str, account: str | None) -> Outcome:
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            seen = self.bookings.get(booking)
            if seen is None or (account is not None and seen.account != account):
                return Missing()
            outcome = self._attempt(seen, correction, request, now, by=by)
            if outcome is not None:
                return outcome
        raise StoreBusyError("plate")

    def _attempt(self, seen: Booking, correction: Correction, request: IdempotentRequest, now: datetime, *, by: str) -> Outcome | None:
        vehicle = replace(seen.vehicle, plate=correction.plate, country=correction.country or seen.vehicle.country)
        refused = self._refusal(seen, vehicle, now, by=by)
        if refused is not None:
            return refused
        old, new = (self._lock(seen, each) for each in (seen.vehicle, vehicle))
        if new.binds(other_than=seen.id, now=now):
            return Refused.because(Code.ACTIVE_BOOKING_EXISTS, "21", checkpoint=new.checkpoint)
        checks = self.verify(replace(seen, vehicle=vehicle), concerns=_concerns(papers=correction.papers), now=now)
        if isinstance(checks, Refused):
            return checks
        after = seen.after(Happening.PLATE_CORRECTED, vehicle=vehicle, checks=checks, plate_corrected=True)
        writes = self._writes(seen, after, correction, now, by=by)
        record = request.record(status=200, resource=seen.id, answer={}, at=now)
        done = self.committer.commit(*writes, *_moved(old, new, seen), Write(record))
        return Done(200, seen.id) if isinstance(done, Committed) else None

    def _refusal(self, seen: Booking, vehicle: Vehicle, now: datetime, *, by: str) -> Refused | None:
        changeable = may_change(seen, rule="D15")
        if isinstance(changeable, Refused):
            return changeable
        rules = self.rules_on(now)
        if seen.called_at is not None or call_at(seen, rules) <= now:
            lead = rules.call_lead(rules.today(seen.slot_start)) if seen.slot_start else rules.notice_before
            return Refused.because(Code.TOO_LATE, "34", minutes=int(lead.total_seconds() // 60))
        if seen.plate_corrected or vehicle.plate_key == seen.vehicle.plate_key:
            return Refused.because(Code.PLATE_CORRECTED, "D15", plate=seen.vehicle.plate)
        if by != "user":
            return None
        standing = may_act(account=self.accounts.account(seen.account), wallet=self.ledger.wallet(seen.account), deed=Deed.CHANGE)
        if isinstance(standing, Refused):
            return standing
        registered = vehicle.country == self.home() and seen.owner.resident
        return None if registered else Refused.because(Code.PAPERS_NEEDED, "D15")

    def _lock(self, seen: Booking, vehicle: Vehicle) -> VehicleLock:
        key, _ = lock_keys(vehicle, toward=seen.toward)
        return self.locks.locks((key,)).get(key) or VehicleLock(key, None, seen.checkpoint, 0)

    def _writes(self, seen: Booking, after: Booking, correction: Correction, now: datetime, *, by: str) -> tuple[Write, ...]:
        detail = {"old_plate": seen.vehicle.plate, "new_plate": after.vehicle.plate, "reason": correction.reason}
        event = event_of(
            booking=after, happening=Happening.PLATE_CORRECTED, at=now, by=by, rules=self.rules_on(now), ground="D15", detail=detail
        )
        told = (*gate_changes(after, now), notice(template="plate_corrected", booking=after, at=now))
        return (Write(after, seen.version), Write(event), *(Write(message) for message in told))


def _concerns(*, papers: bool) -> Callable[[Check], bool]:
    """
    Tell what a plate touches: every register that is asked about the vehicle by it; papers stand for the one of registrations.
    """

    def concerns(check: Check) -> bool:
        return "plate" in check.keys and check.subject != "trailer" and not (papers and check.source == REGISTRATION)

    return concerns


def _moved(old: VehicleLock, new: VehicleLock, seen: Booking) -> tuple[Write, ...]:
    """
    Let the lock go over from the plate that never was to the one that is (§21, D8).
    """
    taken = Write(replace(new, booking=seen.id, checkpoint=seen.checkpoint, until=None, version=new.version + 1), new.version)
    free = (Write(replace(old, booking=None, until=None, version=old.version + 1), old.version),) if old.booking == seen.id else ()
    return (*free, taken)
