"""
A booking follows its account's block and debt (§6-2, §27, D22, D28): suspended, revived, withdrawn with everything back, or cancelled.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from chalicelib.domain.bookings import BEFORE_PAYMENT, Booking, Happening, Suspension
from chalicelib.domain.happenings import event_of, gate_changes, notice
from chalicelib.domain.money import DepositState
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import Step, next_step
from chalicelib.domain.suspension import Grounds, Turn, turn_of, wanted
from chalicelib.usecases.bonds import Bonds, bonds_of
from chalicelib.usecases.ending import NO_FAULT, Verdict, ending_writes, verdict_on_miss
from chalicelib.usecases.ports import (
    Accounts,
    Bookings,
    Chance,
    Clock,
    Committed,
    Committer,
    Ledger,
    Locks,
    Places,
    StoreBusyError,
    Write,
)

MOST_TRIES = 5
PAGE = 50
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FollowStanding:
    """
    One booking at a time, looked at anew: whoever comes second finds nothing to do.
    """

    committer: Committer
    accounts: Accounts
    bookings: Bookings
    places: Places
    locks: Locks
    ledger: Ledger
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]

    def of_account(self, *, account: str) -> int:
        """
        Have every booking of an account follow it: how many changed. Raises `StoreBusyError`.
        """
        holder = self.accounts.account(account)
        resting = {booking for block in holder.blocks for booking in block.bookings} if holder else set()
        cursor: str | None = None
        while True:
            # the index only adds to what the blocks name; a suspended booking it does not know yet is met at its own due moment
            page = self.bookings.of_account(account, limit=PAGE, cursor=cursor)
            resting |= {booking.id for booking in page.items if booking.suspended is not None}
            cursor = page.next_cursor
            if cursor is None:
                return sum(self(booking=booking) for booking in sorted(resting))

    def lapse(self, *, booking: str) -> bool:
        """
        Close what a suspended booking waits for, once its moment has come.
        """
        now = self.clock.now()
        seen = self.bookings.get(booking)
        due = next_step(seen, self.rules_on(now)) if seen is not None else None
        return due is not None and due.step is Step.LAPSE and due.at <= now and self(booking=booking)

    def __call__(self, *, booking: str) -> bool:
        """
        Do with a booking what its account's standing asks for: true when it changed. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            seen = self.bookings.get(booking)
            if seen is None:
                return False
            now = self.clock.now()
            rules = self.rules_on(now)
            bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
            grounds = Grounds(self.accounts.account(seen.account), bonds.wallet, bonds.attempt)
            turn = turn_of(seen, grounds, now=now, rules=rules)
            if turn is Turn.STAY:
                return False
            if isinstance(self.committer.commit(*self._writes(turn, seen, grounds, bonds, now, rules)), Committed):
                return True
        raise StoreBusyError("standing")

    def _writes(self, turn: Turn, seen: Booking, grounds: Grounds, bonds: Bonds, now: datetime, rules: Rules) -> tuple[Write, ...]:
        suspension = wanted(seen, grounds)
        if turn is Turn.SUSPEND and suspension is not None:
            return suspension_writes(seen, suspension=suspension, now=now, by="system", rules=rules)
        if turn is Turn.RESUME:
            return resumption_writes(seen, now=now, rules=rules)
        if turn is Turn.POSTPONE:
            later = seen.after(Happening.POSTPONED, annul_not_before=now + A_DAY)
            return Write(later, seen.version), Write(
                event_of(booking=later, happening=Happening.POSTPONED, at=now, by="system", rules=rules, ground="D22")
            )
        return self.ending(turn, seen=seen, bonds=bonds, now=now, by="system", rules=rules)

    def ending(self, turn: Turn, *, seen: Booking, bonds: Bonds, now: datetime, by: str, rules: Rules) -> tuple[Write, ...]:
        """
        List what ends a booking by a decision: withdrawn with everything back, or cancelled by the rules of a miss (D20).
        """
        verdict = NO_FAULT if turn is Turn.WITHDRAW else verdict_on_miss(seen, bonds.misses, today=rules.today(now), rules=rules)
        happening = Happening.WITHDRAWN if turn is Turn.WITHDRAW else Happening.CANCELLED
        ended = _ended(seen, happening, verdict, now, rules)
        ground = GROUNDS.get((happening, seen.suspended.reason if seen.suspended else ""), "D22")
        cool_down = self.chance.wait(rules.cool_down_least, rules.cool_down_most)
        detail = {"fee": verdict.fee, "deposit": verdict.deposit.value}
        return (
            Write(ended, seen.version),
            *ending_writes(seen=seen, ended=ended, bonds=bonds, verdict=verdict, now=now, cool_down=cool_down, rules=rules),
            Write(event_of(booking=ended, happening=happening, at=now, by=by, rules=rules, ground=ground, detail=detail)),
            Write(notice(template=happening.value, booking=ended, at=now, deposit=verdict.deposit.value)),
        )


GROUNDS: Final[Mapping[tuple[Happening, str], str]] = MappingProxyType(
    {
        (Happening.CANCELLED, "false_data"): "6-2",
        (Happening.CANCELLED, "debt"): "D28",
    }
)
"""What a booking is cancelled on, by what it stood still for; else it ends by a decision on a complaint (D22)."""


def _ended(seen: Booking, happening: Happening, verdict: Verdict, now: datetime, rules: Rules) -> Booking:
    forgiven = rules.today(now) if verdict.deposit is DepositState.FORGIVEN else seen.forgiven_on
    deposit = verdict.deposit if seen.deposit is DepositState.HELD else seen.deposit
    return seen.after(happening, deposit=deposit, forgiven_on=forgiven, ended_at=now)


def suspension_writes(seen: Booking, *, suspension: Suspension, now: datetime, by: str, rules: Rules) -> tuple[Write, ...]:
    """
    List what suspends a booking: itself, its event, the gate's list and board, and a word to the user.
    """
    stopped = seen.after(Happening.SUSPENDED, suspended=suspension, annul_not_before=None)
    detail = {"reason": suspension.reason, "case": suspension.case}
    event = event_of(booking=stopped, happening=Happening.SUSPENDED, at=now, by=by, rules=rules, ground=suspension.rule, detail=detail)
    return Write(stopped, seen.version), Write(event), *_told(seen, stopped, "suspended", now)


def resumption_writes(seen: Booking, *, now: datetime, rules: Rules) -> tuple[Write, ...]:
    """
    List what lets a suspended booking run on.
    """
    revived = seen.after(Happening.RESUMED, suspended=None, annul_not_before=None)
    ground = seen.suspended.rule if seen.suspended else None
    event = event_of(booking=revived, happening=Happening.RESUMED, at=now, by="system", rules=rules, ground=ground)
    return Write(revived, seen.version), Write(event), *_told(seen, revived, "resumed", now)


def _told(seen: Booking, after: Booking, template: str, now: datetime) -> tuple[Write, ...]:
    gate = gate_changes(after, now) if seen.status not in BEFORE_PAYMENT else ()
    return (*(Write(message) for message in gate), Write(notice(template=template, booking=after, at=now)))
