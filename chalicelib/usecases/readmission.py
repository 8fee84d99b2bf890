"""
A passage decided on a list then valid stands: it overrides the cancellation or annulment made meanwhile; money is corrected by postings (D24).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening, Status
from chalicelib.domain.money import DepositState, LedgerAccount, Posting, transfer
from chalicelib.domain.places import Place, PlaceState, keep
from chalicelib.domain.rules import Rules
from chalicelib.domain.vehicles import MissRecord, VehicleLock, lock_keys, miss_keys
from chalicelib.usecases.ending import money_writes
from chalicelib.usecases.ports import Ledger, Locks, Places, Write

OVERRIDDEN = frozenset({Status.CANCELLED, Status.ANNULLED})


def readmitted(seen: Booking, *, at: datetime) -> Booking:
    """
    Give the ended booking as admitted: a forfeited deposit is held again until it leaves, a forgiven one is the user's and no miss.
    """
    deposit = {DepositState.FORFEITED: DepositState.HELD, DepositState.FORGIVEN: DepositState.RELEASED}.get(seen.deposit, seen.deposit)
    return seen.after(Happening.ADMITTED, admitted_at=at, ended_at=None, deposit=deposit, forgiven_on=None)


def readmission_writes(seen: Booking, *, places: Places, locks: Locks, ledger: Ledger, now: datetime, rules: Rules) -> tuple[Write, ...]:
    """
    List what undoes the end beside the booking: no miss, the deposit back, locks and place again where nobody has them; a resold place stays sold.
    """
    place = places.place(seen.checkpoint, seen.day, seen.position) if seen.day is not None and seen.position is not None else None
    keys = lock_keys(seen.vehicle, toward=seen.toward)
    return (
        *_miss_writes(list(locks.misses(miss_keys(seen.vehicle)).values()), seen.id),
        *_lock_writes(list(locks.locks(keys).values()), seen, now),
        *_place_writes(place, seen),
        *money_writes(_restored(seen, now=now, rules=rules), ledger.wallet(seen.account)),
    )


def _miss_writes(records: Sequence[MissRecord], booking: str) -> tuple[Write, ...]:
    return tuple(
        Write(
            replace(record, misses={other: day for other, day in record.misses.items() if other != booking}, version=record.version + 1),
            record.version,
        )
        for record in records
        if booking in record.misses
    )


def _lock_writes(found: Sequence[VehicleLock], seen: Booking, now: datetime) -> tuple[Write, ...]:
    return tuple(
        Write(replace(lock, booking=seen.id, checkpoint=seen.checkpoint, until=None, version=lock.version + 1), lock.version)
        for lock in found
        if not lock.binds(other_than=seen.id, now=now)
    )


def _place_writes(place: Place | None, seen: Booking) -> tuple[Write, ...]:
    if place is None or place.state is not PlaceState.FREE or seen.deposit is DepositState.NONE:
        return ()
    return (Write(keep(place, booking=seen.id), place.version),)


def _restored(seen: Booking, *, now: datetime, rules: Rules) -> Posting | None:
    if seen.due is None or seen.deposit is not DepositState.FORFEITED:
        return None
    return Posting(
        id=f"restore:{seen.id}:{seen.version}",
        wallet=seen.account,
        kind="deposit_restored",
        at=now,
        day=rules.today(now),
        legs=transfer(LedgerAccount.FORFEITS, LedgerAccount.WALLET_HELD, seen.due.deposit),
        checkpoint=seen.checkpoint,
        booking=seen.id,
        place_class=seen.class_.value,
    )
