"""
What a booking is tied to: its place, its vehicle's locks and misses, its account's and vehicle's holds, its wallet and payment (§21, §28, D8).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, Unpack

from chalicelib.domain.bookings import Booking
from chalicelib.domain.money import Wallet
from chalicelib.domain.payments import PaymentAttempt
from chalicelib.domain.places import Place
from chalicelib.domain.plans import Position
from chalicelib.domain.records import HoldCount
from chalicelib.domain.vehicles import MissRecord, VehicleLock, hold_keys, lock_keys, miss_keys
from chalicelib.usecases.ports import Ledger, Locks, Places

LOCKS = 2


PlaceKey = tuple[str, date, Position]


class Read(TypedDict):
    """
    What was read of some bookings' ties, by key.
    """

    places: Mapping[PlaceKey, Place]
    misses: Mapping[str, MissRecord]
    locks: Mapping[str, VehicleLock]
    holds: Mapping[str, HoldCount]
    wallets: Mapping[str, Wallet]
    attempts: Mapping[str, PaymentAttempt | None]


@dataclass(frozen=True, slots=True)
class Bonds:
    """
    Everything a booking is tied to, as seen.
    """

    place: Place | None
    locks: tuple[VehicleLock, ...]
    misses: tuple[MissRecord, ...]
    holds: tuple[HoldCount, ...]
    wallet: Wallet
    attempt: PaymentAttempt | None

    def hold(self, *, booking: str, now: datetime) -> bool:
        """
        Tell whether the booking's hold is whole: the place and both locks are its own still. Whoever reads slowly may find that another has them.
        """
        return self.place is not None and self.place.is_held_by(booking, now) and len(self.locks) == LOCKS


def bonds_of(booking: Booking, *, places_: Places, locks: Locks, ledger: Ledger) -> Bonds:
    """
    Read what a booking is tied to, consistently.
    """
    found = (places_.place(*key) for key in _place_keys(booking))
    return _tied(
        booking,
        places={(place.checkpoint, place.day, place.position): place for place in found if place is not None},
        misses=locks.misses(miss_keys(booking.vehicle)),
        locks=locks.locks(_lock_keys(booking)),
        holds=locks.holds(_hold_keys(booking)),
        wallets={booking.account: ledger.wallet(booking.account)},
        attempts={booking.attempt: ledger.attempt(booking.attempt)} if booking.attempt else {},
    )


def bonds_of_many(bookings: Sequence[Booking], *, places_: Places, locks: Locks, ledger: Ledger) -> Mapping[str, Bonds]:
    """
    Read what bookings are tied to, consistently, each kind of it at once; by booking.
    """
    wanted = [booking.attempt for booking in bookings if booking.attempt]
    read: Read = {
        "places": places_.places([key for booking in bookings for key in _place_keys(booking)]),
        "misses": locks.misses([key for booking in bookings for key in miss_keys(booking.vehicle)]),
        "locks": locks.locks([key for booking in bookings for key in _lock_keys(booking)]),
        "holds": locks.holds([key for booking in bookings for key in _hold_keys(booking)]),
        "wallets": ledger.wallets(list(dict.fromkeys(booking.account for booking in bookings))),
        "attempts": {attempt.id: attempt for attempt in ledger.attempts(wanted)} if wanted else {},
    }
    return {booking.id: _tied(booking, **read) for booking in bookings}


def _tied(booking: Booking, **read: Unpack[Read]) -> Bonds:
    """
    Find a booking's own among what was read.
    """
    places = [read["places"][key] for key in _place_keys(booking) if key in read["places"]]
    locks = [read["locks"][key] for key in _lock_keys(booking) if key in read["locks"]]
    holds = [read["holds"][key] for key in _hold_keys(booking) if key in read["holds"]]
    return Bonds(
        place=next((place for place in places if place.booking == booking.id), None),
        locks=tuple(lock for lock in locks if lock.booking == booking.id),
        misses=tuple(read["misses"].get(key) or MissRecord(key, {}, 0) for key in miss_keys(booking.vehicle)),
        holds=tuple(hold for hold in holds if hold.booking == booking.id),
        wallet=read["wallets"][booking.account],
        attempt=read["attempts"].get(booking.attempt) if booking.attempt else None,
    )


def bound_to(booking: Booking) -> Sequence[str]:
    """
    Name what a booking shares with others: its account's wallet and holds, its vehicle's locks, misses and holds.
    """
    return [*_lock_keys(booking), *_hold_keys(booking), *miss_keys(booking.vehicle)]


def _place_keys(booking: Booking) -> Sequence[PlaceKey]:
    if booking.day is None or booking.position is None:
        return ()
    return ((booking.checkpoint, booking.day, booking.position),)


def _lock_keys(booking: Booking) -> Sequence[str]:
    return lock_keys(booking.vehicle, toward=booking.toward)


def _hold_keys(booking: Booking) -> Sequence[str]:
    return hold_keys(booking.vehicle, account=booking.account)
