"""
The user gives a booking up: the fee is kept, the deposit is forgiven once in 90 days for the vehicle, else forfeited (§28, D20).
Where something befell it through no fault of his own, it is withdrawn: everything comes back, and nothing counts (D21).
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening, Status
from chalicelib.domain.decisions import Allowed, Code, Decision, Refused
from chalicelib.domain.happenings import event_of, notice
from chalicelib.domain.money import DepositState
from chalicelib.domain.moves import may_choose
from chalicelib.domain.rules import Rules
from chalicelib.usecases.bonds import bonds_of
from chalicelib.usecases.ending import NO_FAULT, Verdict, ending_writes, verdict_on_giving_up
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import (
    Bookings,
    Chance,
    Clock,
    Committed,
    Committer,
    Ledger,
    Locks,
    Places,
    Requests,
    StoreBusyError,
    TornReadError,
    Write,
)

MOST_TRIES = 5
Allows = Callable[[Booking], Decision]


@dataclass(frozen=True, slots=True)
class CancelBooking:
    """
    `POST /v1/bookings/{id}/cancel`.
    """

    committer: Committer
    bookings: Bookings
    places: Places
    locks: Locks
    ledger: Ledger
    requests: Requests
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, account: str, booking: str, request: IdempotentRequest) -> Outcome:
        """
        Cancel: `Done` with `{fee, deposit, rule}`, or why not. Raises `StoreBusyError`.
        """
        return self._done(account, booking, request, _anything)

    def withdraw(self, *, account: str, booking: str, request: IdempotentRequest) -> Outcome:
        """
        End it with everything back, and only so: `Done` with the same fields, or why D21 gives no such choice. Raises `StoreBusyError`.
        """
        return self._done(account, booking, request, may_choose)

    def preview(self, *, account: str, booking: str) -> Outcome:
        """
        Tell what a cancellation now would cost, changing nothing.
        """
        return self._told(account, booking, _anything)

    def preview_withdrawal(self, *, account: str, booking: str) -> Outcome:
        """
        Tell what would come back, changing nothing.
        """
        return self._told(account, booking, may_choose)

    def _done(self, account: str, booking: str, request: IdempotentRequest, allows: Allows) -> Outcome:
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            with contextlib.suppress(TornReadError):
                outcome = self._attempt(account, booking, request, now, allows)
                if outcome is not None:
                    return outcome
        raise StoreBusyError("cancel")

    def _told(self, account: str, booking: str, allows: Allows) -> Outcome:
        now = self.clock.now()
        rules = self.rules_on(now)
        seen = self._cancellable(account, booking, now, allows)
        if not isinstance(seen, Booking):
            return seen
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        return Done(200, booking, told(verdict_on_giving_up(seen, bonds.misses, today=rules.today(now), rules=rules)))

    def _cancellable(self, account: str, booking: str, now: datetime, allows: Allows) -> Booking | Refused | Missing:
        seen = self.bookings.get(booking)
        if seen is None or seen.account != account:
            return Missing()
        status = seen.status_at(now, self.rules_on(now))
        if status is Status.EXPIRED or not seen.may(Happening.CANCELLED):
            return Refused.because(Code.NOT_CANCELLABLE, "28", status=status.value)
        decision = allows(seen)
        return decision if isinstance(decision, Refused) else seen

    def _attempt(self, account: str, booking: str, request: IdempotentRequest, now: datetime, allows: Allows) -> Outcome | None:
        rules = self.rules_on(now)
        seen = self._cancellable(account, booking, now, allows)
        if not isinstance(seen, Booking):
            return seen
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        verdict = verdict_on_giving_up(seen, bonds.misses, today=rules.today(now), rules=rules)
        happening = Happening.WITHDRAWN if verdict is NO_FAULT else Happening.CANCELLED
        ended = seen.after(
            happening,
            deposit=verdict.deposit if seen.deposit is DepositState.HELD else seen.deposit,
            forgiven_on=rules.today(now) if verdict.deposit is DepositState.FORGIVEN else seen.forgiven_on,
            ended_at=now,
        )
        cool_down = self.chance.wait(rules.cool_down_least, rules.cool_down_most)
        answer = told(verdict)
        done = self.committer.commit(
            Write(ended, seen.version),
            *ending_writes(seen=seen, ended=ended, bonds=bonds, verdict=verdict, now=now, cool_down=cool_down, rules=rules),
            Write(event_of(booking=ended, happening=happening, at=now, by="user", rules=rules, ground=verdict.rule, detail=answer)),
            Write(notice(template=happening.value, booking=ended, at=now, deposit=verdict.deposit.value)),
            Write(request.record(status=200, resource=ended.id, answer=answer, at=now)),
        )
        return Done(200, ended.id, answer) if isinstance(done, Committed) else None


def _anything(_: Booking) -> Decision:
    return Allowed()


def told(verdict: Verdict) -> dict[str, str]:
    """
    Say a verdict as the HTTP contract does.
    """
    rule = f"§{verdict.rule}" if verdict.rule[:1].isdigit() else verdict.rule
    return {"fee": verdict.fee, "deposit": verdict.deposit.value, "rule": rule}
