"""
The user gives a booking up: the fee is kept, the deposit is forgiven once in 90 days for the vehicle, else forfeited (§28, D20).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening, Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.happenings import event_of, notice
from chalicelib.domain.money import DepositState
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ending import Verdict, bonds_of, ending_writes, verdict_on_miss
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Bookings, Chance, Clock, Committed, Committer, Ledger, Locks, Places, Requests, StoreBusyError, Write

MOST_TRIES = 5


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
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            outcome = self._attempt(account, booking, request, now)
            if outcome is not None:
                return outcome
        raise StoreBusyError("cancel")

    def preview(self, *, account: str, booking: str) -> Outcome:
        """
        Tell what a cancellation now would cost, changing nothing.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        seen = self._cancellable(account, booking, now, rules)
        if not isinstance(seen, Booking):
            return seen
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        return Done(200, booking, told(verdict_on_miss(seen, bonds.misses, today=rules.today(now), rules=rules)))

    def _cancellable(self, account: str, booking: str, now: datetime, rules: Rules) -> Booking | Refused | Missing:
        seen = self.bookings.get(booking)
        if seen is None or seen.account != account:
            return Missing()
        status = seen.status_at(now, rules)
        if status is Status.EXPIRED or not seen.may(Happening.CANCELLED):
            return Refused.because(Code.NOT_CANCELLABLE, "28", status=status.value)
        return seen

    def _attempt(self, account: str, booking: str, request: IdempotentRequest, now: datetime) -> Outcome | None:
        rules = self.rules_on(now)
        seen = self._cancellable(account, booking, now, rules)
        if not isinstance(seen, Booking):
            return seen
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        verdict = verdict_on_miss(seen, bonds.misses, today=rules.today(now), rules=rules)
        ended = seen.after(
            Happening.CANCELLED,
            deposit=verdict.deposit if seen.deposit is DepositState.HELD else seen.deposit,
            forgiven_on=rules.today(now) if verdict.deposit is DepositState.FORGIVEN else seen.forgiven_on,
            ended_at=now,
        )
        cool_down = self.chance.wait(rules.cool_down_least, rules.cool_down_most)
        answer = told(verdict)
        done = self.committer.commit(
            Write(ended, seen.version),
            *ending_writes(seen=seen, ended=ended, bonds=bonds, verdict=verdict, now=now, cool_down=cool_down, rules=rules),
            Write(event_of(booking=ended, happening=Happening.CANCELLED, at=now, by="user", rules=rules, ground="28", detail=answer)),
            Write(notice(template="cancelled", booking=ended, at=now, deposit=verdict.deposit.value)),
            Write(request.record(status=200, resource=ended.id, answer=answer, at=now)),
        )
        return Done(200, ended.id, answer) if isinstance(done, Committed) else None


def told(verdict: Verdict) -> dict[str, str]:
    """
    Say a verdict as the HTTP contract does.
    """
    return {"fee": verdict.fee, "deposit": verdict.deposit.value, "rule": "§28"}
