"""
A passage decided on a list then valid stands: it overrides whatever ended or moved the booking meanwhile; money is corrected by postings (D24).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.bookings import EXPECTED, Booking, Happening, Status
from chalicelib.domain.money import DepositState, LedgerAccount, Leg, Posting, Wallet, transfer
from chalicelib.domain.places import Place, PlaceState, give_back, keep
from chalicelib.domain.plans import Position
from chalicelib.domain.rules import Rules
from chalicelib.domain.vehicles import VehicleLock, lock_keys, miss_keys
from chalicelib.usecases.ending import fee_back_id, forgotten, money_writes
from chalicelib.usecases.ports import Ledger, Locks, Places, Write

OVERRIDDEN: Final = frozenset({Status.CANCELLED, Status.ANNULLED, Status.WITHDRAWN})
NUMBER: Final = re.compile(r"^[A-Z]{3}-(\d{2})(\d{2})(\d{2})-(\d{2})-(\d{2,3})(-\d+)?$")


@dataclass(frozen=True, slots=True)
class Readmission:
    """
    The booking as admitted, and what undoes its end beside it; `loads`: bookings of the days whose load changes; `placed`: a place names it.
    """

    after: Booking
    writes: tuple[Write, ...]
    loads: tuple[Booking, ...]
    placed: bool


def is_overridden(seen: Booking, *, number: str | None) -> bool:
    """
    Tell whether a passage under a number speaks against what the cloud has made of the booking since: ended it, or moved it to another number.
    """
    if seen.status in OVERRIDDEN:
        return True
    return seen.status in EXPECTED and number is not None and seen.number is not None and number != seen.number


def readmission(
    seen: Booking, *, at: datetime, number: str | None, places: Places, locks: Locks, ledger: Ledger, now: datetime, rules: Rules
) -> Readmission:
    """
    Undo the end or the move: no miss, the deposit back, the fee taken again; locks and the old place where nobody has them, else it stays sold.
    """
    old = _on_old_place(seen, number, places, rules)
    place = places.place(old.checkpoint, old.day, old.position) if old.day is not None and old.position is not None else None
    free = place is not None and place.state is PlaceState.FREE and seen.deposit is not DepositState.NONE
    kept = [Write(keep(place, booking=seen.id), place.version)] if free and place is not None else []
    moved = (old.day, old.position) != (seen.day, seen.position)
    keys = lock_keys(seen.vehicle, toward=seen.toward)
    wallet = ledger.wallet(seen.account)
    after = _admitted(seen, old, at=at)
    return Readmission(
        after=after,
        writes=(
            *forgotten(list(locks.misses(miss_keys(seen.vehicle)).values()), booking=seen.id),
            *_lock_writes(list(locks.locks(keys).values()), seen, now),
            *kept,
            *(_given_back(places, seen, now, rules) if moved else ()),
            *money_writes(_restored(seen, now=now, rules=rules), wallet, _taken_again(seen, wallet, ledger, now=now, rules=rules)),
        ),
        loads=(after, replace(seen, version=after.version)) if old.day != seen.day else (after,),
        placed=free or (place is not None and place.booking == seen.id),
    )


def _admitted(seen: Booking, old: Booking, *, at: datetime) -> Booking:
    """
    Give the booking as admitted: a forfeited deposit is held again until it leaves, a forgiven one is the user's and no miss.
    """
    deposit = {DepositState.FORFEITED: DepositState.HELD, DepositState.FORGIVEN: DepositState.RELEASED}.get(seen.deposit, seen.deposit)
    names = ("day", "position", "slot_start", "slot_end", "number", "reschedules_left") if old is not seen else ()
    back = {name: getattr(old, name) for name in names}
    return seen.after(Happening.ADMITTED, admitted_at=at, ended_at=None, deposit=deposit, forgiven_on=None, **back)


def _on_old_place(seen: Booking, number: str | None, places: Places, rules: Rules) -> Booking:
    """
    Put a moved booking back under the number it was let in by; the number names the place (D7), a free reschedule is his again.
    """
    spelled = NUMBER.match(number or "")
    if spelled is None or number == seen.number:
        return seen
    year, month, day, interval, index = (int(part) for part in spelled.groups()[:5])
    booked = date(2000 + year, month, day)
    plan = places.plan(seen.checkpoint, booked)
    if plan is None or interval >= len(plan.layout):
        return seen
    start, end = plan.slot(interval, rules)
    left = min(rules.free_reschedules, seen.reschedules_left + 1)
    position = Position(interval, index)
    return replace(seen, day=booked, position=position, slot_start=start, slot_end=end, number=number, reschedules_left=left)


def _given_back(places: Places, seen: Booking, now: datetime, rules: Rules) -> Sequence[Write]:
    place = places.place(seen.checkpoint, seen.day, seen.position) if seen.day is not None and seen.position is not None else None
    if place is None or place.booking != seen.id or place.state is not PlaceState.SOLD:
        return ()
    return (Write(_freed(place, now, rules.cool_down_least), place.version),)


def _freed(place: Place, now: datetime, wait: timedelta) -> Place:
    return give_back(place, now=now, cool_down=wait)


def _lock_writes(found: Sequence[VehicleLock], seen: Booking, now: datetime) -> tuple[Write, ...]:
    return tuple(
        Write(replace(lock, booking=seen.id, checkpoint=seen.checkpoint, until=None, version=lock.version + 1), lock.version)
        for lock in found
        if not lock.binds(other_than=seen.id, now=now) and lock.booking != seen.id
    )


def _restored(seen: Booking, *, now: datetime, rules: Rules) -> Posting | None:
    if seen.due is None or seen.deposit is not DepositState.FORFEITED:
        return None
    legs = transfer(LedgerAccount.FORFEITS, LedgerAccount.WALLET_HELD, seen.due.deposit)
    return _posting(seen, f"restore:{seen.id}:{seen.version}", "deposit_restored", legs, now, rules)


def _taken_again(seen: Booking, wallet: Wallet, ledger: Ledger, *, now: datetime, rules: Rules) -> Posting | None:
    """
    Take back the fee that a withdrawal returned: who was let in owes it; what the wallet lacks is a debt (§27, D28).
    """
    if seen.due is None or not seen.due.fee or not ledger.has_posting(wallet=seen.account, posting=fee_back_id(seen.id)):
        return None
    has = min(wallet.available, seen.due.fee)
    legs = (
        Leg(LedgerAccount.WALLET_AVAILABLE, -has),
        Leg(LedgerAccount.USER_DEBT, has - seen.due.fee),
        Leg(LedgerAccount.FEE_REVENUE, seen.due.fee),
    )
    named = tuple(leg for leg in legs if leg.amount)
    return _posting(seen, f"fee_again:{seen.id}:{seen.version}", "fee_taken_again", named, now, rules)


def _posting(seen: Booking, id_: str, kind: str, legs: tuple[Leg, ...], now: datetime, rules: Rules) -> Posting:
    return Posting(
        id=id_,
        wallet=seen.account,
        kind=kind,
        at=now,
        day=rules.today(now),
        legs=legs,
        checkpoint=seen.checkpoint,
        booking=seen.id,
        place_class=seen.class_.value,
    )
