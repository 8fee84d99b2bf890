"""
The trailer of a paid booking is changed, coupled or uncoupled until admission, verified first; the gate expects the new one (§36, D15, D23).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.crews import may_change
from chalicelib.domain.decisions import Refused
from chalicelib.domain.happenings import event_of, gate_changes
from chalicelib.domain.rules import Rules
from chalicelib.domain.standing import Deed, may_act
from chalicelib.domain.vehicles import Trailer
from chalicelib.domain.verification import Check
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Accounts, Bookings, Clock, Committed, Committer, Ledger, Requests, StoreBusyError, Write
from chalicelib.usecases.verify_change import VerifyChange

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class ChangeTrailer:
    """
    `PUT /v1/bookings/{id}/trailer`.
    """

    committer: Committer
    bookings: Bookings
    accounts: Accounts
    ledger: Ledger
    requests: Requests
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    verify: VerifyChange

    def __call__(self, *, account: str, booking: str, trailer: Trailer | None, request: IdempotentRequest | None) -> Outcome:
        """
        Couple a trailer, or none: `Done` with the booking, or why not. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now) if request is not None else None
            if known is not None:
                return known
            seen = self.bookings.get(booking)
            if seen is None or seen.account != account:
                return Missing()
            outcome = self._attempt(seen, trailer, request, now)
            if outcome is not None:
                return outcome
        raise StoreBusyError("trailer")

    def _attempt(self, seen: Booking, trailer: Trailer | None, request: IdempotentRequest | None, now: datetime) -> Outcome | None:
        holder, wallet = self.accounts.account(seen.account), self.ledger.wallet(seen.account)
        for decision in (may_change(seen, rule="D15"), may_act(account=holder, wallet=wallet, deed=Deed.CHANGE)):
            if isinstance(decision, Refused):
                return decision
        coupled = seen.trailer is None and trailer is not None
        kept = tuple(answer for answer in seen.checks if answer.subject != "trailer")
        candidate = replace(seen, trailer=trailer, checks=kept)
        checks = self.verify(candidate, concerns=lambda check: _concerns(check, coupled=coupled), now=now)
        if isinstance(checks, Refused):
            return checks
        after = seen.after(Happening.TRAILER_CHANGED, trailer=trailer, checks=checks)
        detail = {"old_plate": seen.trailer.plate if seen.trailer else None, "new_plate": trailer.plate if trailer else None}
        rules = self.rules_on(now)
        done = self.committer.commit(
            Write(after, seen.version),
            Write(
                event_of(booking=after, happening=Happening.TRAILER_CHANGED, at=now, by="user", rules=rules, ground="D15", detail=detail)
            ),
            *(Write(message) for message in gate_changes(after, now)),
            *([Write(request.record(status=200, resource=seen.id, answer={}, at=now))] if request is not None else []),
        )
        return Done(200, seen.id) if isinstance(done, Committed) else None


def _concerns(check: Check, *, coupled: bool) -> bool:
    """
    Tell what a trailer touches: itself, and whether the drivers' licences are good for one where there was none.
    """
    return check.subject == "trailer" or (coupled and "category" in check.keys)
