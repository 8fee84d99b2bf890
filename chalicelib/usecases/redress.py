"""
What an upheld complaint sets right about one booking (§28, D22): fee, deposit or reschedule given back, a stranger's booking ended.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from chalicelib.domain.bookings import BEFORE_PAYMENT, EXPECTED, Booking, Happening
from chalicelib.domain.complaints import Complaint, Effect
from chalicelib.domain.happenings import event_of
from chalicelib.domain.money import DepositState, LedgerAccount, Posting, transfer
from chalicelib.domain.rules import Rules
from chalicelib.domain.suspension import Turn
from chalicelib.usecases.bonds import bonds_of
from chalicelib.usecases.ending import fee_back, fee_back_id, forgotten, wallet_writes
from chalicelib.usecases.ports import Bookings, Ledger, Locks, Places, Write
from chalicelib.usecases.suspended import FollowStanding

Change = Callable[[Booking, Rules], Booking | None]


@dataclass(frozen=True, slots=True)
class Redress:
    """
    Carries an effect out in the decision's own transaction.
    """

    bookings: Bookings
    places: Places
    locks: Locks
    ledger: Ledger
    follow: FollowStanding

    def writes(
        self, *, complaint: Complaint, effect: Effect, booking: str | None, by: str, now: datetime, rules: Rules
    ) -> Sequence[Write] | None:
        """
        List what the effect writes; none where it cannot be carried out.
        """
        if effect in {Effect.NONE, Effect.UNBLOCK}:
            return ()
        seen = self.bookings.get(booking) if booking is not None else None
        if seen is None:
            return None
        if effect is Effect.VEHICLE_FREED:
            return self._free(seen, complaint, by, now, rules)
        if seen.account != complaint.account or (effect is Effect.FEE_RETURNED and self._has_fee_back(seen)):
            return None
        after = CHANGES[effect](seen, rules)
        if after is None:
            return None
        event = event_of(
            booking=after, happening=Happening.REDRESSED, at=now, by=by, rules=rules, ground="28", detail={"effect": effect.value}
        )
        return (Write(after, seen.version), Write(event), *self._money(seen, effect, now, rules))

    def _money(self, seen: Booking, effect: Effect, now: datetime, rules: Rules) -> tuple[Write, ...]:
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        found = fee_back(seen, at=now, rules=rules) if effect is Effect.FEE_RETURNED else _deposit_back(seen, at=now, rules=rules)
        released = effect is Effect.DEPOSIT_RELEASED
        misses = forgotten(bonds.misses, booking=seen.id) if released else ()
        return (*misses, *wallet_writes([found] if found is not None and effect is not Effect.RESCHEDULE_RETURNED else [], bonds.wallet))

    def _has_fee_back(self, seen: Booking) -> bool:
        return self.ledger.has_posting(wallet=seen.account, posting=fee_back_id(seen.id))

    def _free(self, seen: Booking, complaint: Complaint, by: str, now: datetime, rules: Rules) -> Sequence[Write] | None:
        strange = seen.account != complaint.account and complaint.vehicle in {None, seen.vehicle.plate_key}
        if not strange or seen.status not in EXPECTED | BEFORE_PAYMENT:
            return None
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        turn = Turn.CANCEL if seen.status in BEFORE_PAYMENT else Turn.WITHDRAW
        return self.follow.ending(turn, seen=seen, bonds=bonds, now=now, by=by, rules=rules)


def _fee(seen: Booking, _: Rules) -> Booking | None:
    if seen.due is None or seen.confirmed_at is None or seen.fee_returned:
        return None
    return seen.after(Happening.REDRESSED, fee_returned=True) if seen.may(Happening.REDRESSED) else None


def _release(seen: Booking, _: Rules) -> Booking | None:
    if seen.deposit not in {DepositState.FORFEITED, DepositState.FORGIVEN}:
        return None
    return seen.after(Happening.REDRESSED, deposit=DepositState.RELEASED, forgiven_on=None)


def _forgive(seen: Booking, rules: Rules) -> Booking | None:
    if seen.deposit is not DepositState.FORFEITED or seen.ended_at is None:
        return None
    return seen.after(Happening.REDRESSED, deposit=DepositState.FORGIVEN, forgiven_on=rules.today(seen.ended_at))


def _reschedule(seen: Booking, rules: Rules) -> Booking | None:
    if seen.status not in EXPECTED or seen.reschedules_left >= rules.free_reschedules:
        return None
    return seen.after(Happening.REDRESSED, reschedules_left=seen.reschedules_left + 1)


CHANGES: Final[Mapping[Effect, Change]] = MappingProxyType(
    {
        Effect.FEE_RETURNED: _fee,
        Effect.DEPOSIT_RELEASED: _release,
        Effect.DEPOSIT_FORGIVEN: _forgive,
        Effect.RESCHEDULE_RETURNED: _reschedule,
    }
)
"""What each effect makes of a booking; none where there is nothing to give back."""


def _deposit_back(seen: Booking, *, at: datetime, rules: Rules) -> Posting | None:
    if seen.due is None or seen.deposit is not DepositState.FORFEITED:
        return None
    return Posting(
        id=f"deposit_back:{seen.id}",
        wallet=seen.account,
        kind="deposit_returned",
        at=at,
        day=rules.today(at),
        legs=transfer(LedgerAccount.FORFEITS, LedgerAccount.WALLET_AVAILABLE, seen.due.deposit),
        checkpoint=seen.checkpoint,
        booking=seen.id,
        place_class=seen.class_.value,
    )
