"""
What every end of a booking writes: the place given back, the locks let go, the deposit decided, and everybody told (§28, D5, D8, D20).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain import places
from chalicelib.domain.bookings import BEFORE_PAYMENT, Booking, Status
from chalicelib.domain.happenings import gate_changes, load_change, message, standing_change
from chalicelib.domain.money import DepositState, InsufficientFundsError, LedgerAccount, Posting, Wallet, debt_payment, transfer
from chalicelib.domain.payments import UNPAID, AttemptState
from chalicelib.domain.places import PlaceState
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.domain.rules import Rules
from chalicelib.domain.vehicles import MissRecord
from chalicelib.usecases.bonds import Bonds
from chalicelib.usecases.ports import TornReadError, Write


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What becomes of the money: `fee` is `kept` or `returned`, the deposit's new state, whether the miss counts, and what says so.
    """

    fee: str
    deposit: DepositState
    counts_as_miss: bool
    rule: str = "28"


NO_FAULT: Final = Verdict("returned", DepositState.RELEASED, counts_as_miss=False, rule="D21")
"""What an end through no fault of the user comes to: everything back, no miss."""


def verdict_on_giving_up(booking: Booking, misses: Sequence[MissRecord], *, today: date, rules: Rules) -> Verdict:
    """
    Judge a user's own end: where something befell the booking through no fault of his, everything comes back (D21), else §28 speaks.
    """
    if booking.excuse is not None and booking.status not in BEFORE_PAYMENT:
        return NO_FAULT
    return verdict_on_miss(booking, misses, today=today, rules=rules)


def verdict_on_miss(booking: Booking, misses: Sequence[MissRecord], *, today: date, rules: Rules) -> Verdict:
    """
    Judge a cancellation or no-show: nothing paid, nothing lost; one miss of the vehicle in 90 days is forgiven in full, the fee never (§28, D20).
    """
    if booking.status in BEFORE_PAYMENT:
        return Verdict("returned", DepositState.RELEASED, counts_as_miss=False)
    since = today - timedelta(days=rules.forgiveness_days)
    repeated = any(record.others(booking=booking.id, since=since) for record in misses)
    return Verdict("kept", DepositState.FORFEITED if repeated else DepositState.FORGIVEN, counts_as_miss=True)


def deposit_posting(booking: Booking, *, outcome: DepositState, at: datetime, rules: Rules) -> Posting | None:
    """
    Move a held deposit where the verdict sends it; a wallet part held for an unpaid booking comes back.
    """
    if booking.due is None:
        return None
    target = LedgerAccount.FORFEITS if outcome is DepositState.FORFEITED else LedgerAccount.WALLET_AVAILABLE
    paid = booking.deposit is DepositState.HELD
    amount = booking.due.deposit if paid else (booking.due.from_wallet if booking.attempt else 0)
    legs = transfer(LedgerAccount.WALLET_HELD, target, amount)
    if not legs:
        return None
    return Posting(
        id=f"deposit:{booking.id}:{booking.version}" if paid else f"release:{booking.id}:{booking.attempt}",
        wallet=booking.account,
        kind=f"deposit_{outcome.value}" if paid else "hold_release",
        at=at,
        day=rules.today(at),
        legs=legs,
        checkpoint=booking.checkpoint,
        booking=booking.id,
        place_class=booking.class_.value,
    )


def fee_back_id(booking: str) -> str:
    """
    Name the posting that returns a booking's fee.
    """
    return f"fee_back:{booking}"


def fee_back(booking: Booking, *, at: datetime, rules: Rules) -> Posting | None:
    """
    Return the fee of a booking that ends through no fault of its user (D21); what was never paid is not returned.
    """
    if booking.due is None or booking.confirmed_at is None or booking.fee_returned or not booking.due.fee:
        return None
    return Posting(
        id=fee_back_id(booking.id),
        wallet=booking.account,
        kind="fee_returned",
        at=at,
        day=rules.today(at),
        legs=transfer(LedgerAccount.FEE_REVENUE, LedgerAccount.WALLET_AVAILABLE, booking.due.fee),
        checkpoint=booking.checkpoint,
        booking=booking.id,
        place_class=booking.class_.value,
    )


def ending_writes(
    *, seen: Booking, ended: Booking, bonds: Bonds, verdict: Verdict, now: datetime, cool_down: timedelta, rules: Rules
) -> tuple[Write, ...]:
    """
    List what an end writes beside the booking and its event.
    """
    return (
        *_place_write(seen, bonds, now, cool_down),
        *(Write(replace(lock, booking=None, until=None, version=lock.version + 1), lock.version) for lock in bonds.locks),
        *_hold_writes(bonds, now=now, lapsed=ended.status is Status.EXPIRED, rules=rules),
        *(_miss_writes(bonds, booking=seen.id, today=rules.today(now)) if verdict.counts_as_miss else ()),
        *money_writes(
            deposit_posting(seen, outcome=verdict.deposit, at=now, rules=rules),
            bonds.wallet,
            fee_back(seen, at=now, rules=rules) if verdict.fee == "returned" else None,
        ),
        *_attempt_writes(seen, bonds),
        *(Write(message_) for message_ in _messages(seen, ended, bonds, now)),
    )


def _place_write(seen: Booking, bonds: Bonds, now: datetime, cool_down: timedelta) -> tuple[Write, ...]:
    place = bonds.place
    if place is None or place.state not in {PlaceState.HELD, PlaceState.SOLD}:
        return ()
    freed = places.give_back(place, now=now, cool_down=cool_down)
    lapsed = seen.status is Status.HELD and place.on_sale_from is not None and place.hold_expires_at is not None
    if lapsed and place.hold_expires_at is not None and place.hold_expires_at <= now:
        freed = replace(freed, on_sale_from=place.on_sale_from)
    return (Write(freed, place.version),)


def _hold_writes(bonds: Bonds, *, now: datetime, lapsed: bool, rules: Rules) -> tuple[Write, ...]:
    today = rules.today(now)
    return tuple(
        Write(
            replace(
                hold,
                day=today,
                lapsed=hold.lapsed_today(now, rules) if lapsed else (hold.lapsed if hold.day == today else 0),
                booking=None,
                until=None,
                paying=False,
                version=hold.version + 1,
            ),
            hold.version,
        )
        for hold in bonds.holds
    )


def _miss_writes(bonds: Bonds, *, booking: str, today: date) -> tuple[Write, ...]:
    return tuple(
        Write(replace(record, misses={**record.misses, booking: today}, version=record.version + 1), record.version)
        for record in bonds.misses
    )


def forgotten(records: Sequence[MissRecord], *, booking: str) -> tuple[Write, ...]:
    """
    Take a booking out of its vehicle's misses: it was none (D20).
    """
    return tuple(
        Write(
            replace(record, misses={other: day for other, day in record.misses.items() if other != booking}, version=record.version + 1),
            record.version,
        )
        for record in records
        if booking in record.misses
    )


def settled(postings: Sequence[Posting], wallet: Wallet) -> tuple[Sequence[Posting], Wallet]:
    """
    Apply postings to a wallet; what they make available pays a debt first (§27, D28): all postings, and the wallet after them.

    Raises `TornReadError` where the wallet has not what they take: the booking was read before a rival's change, the wallet after it.
    """
    try:
        paid = debt_payment(wallet.after(postings), after=postings[-1]) if postings else None
        every = [*postings, *([paid] if paid else [])]
        return every, wallet.after(every) if every else wallet
    except InsufficientFundsError as error:
        raise TornReadError(wallet.account) from error


def wallet_writes(postings: Sequence[Posting], wallet: Wallet) -> tuple[Write, ...]:
    """
    Write postings with the wallet they change; the end of a debt is told, so that what stood still for it runs on.
    """
    every, after = settled(postings, wallet)
    if not every:
        return ()
    ended = wallet.debt > 0 and after.debt == 0
    told = standing_change(account=wallet.account, cause=wallet.account, version=after.version, at=every[0].at)
    return (*(Write(each) for each in every), Write(after, wallet.version), *([Write(told)] if ended else []))


def money_writes(posting: Posting | None, wallet: Wallet, *more: Posting | None) -> tuple[Write, ...]:
    """
    Write postings, those there are, together with the wallet they change.
    """
    return wallet_writes([each for each in (posting, *more) if each is not None], wallet)


def _attempt_writes(seen: Booking, bonds: Bonds) -> tuple[Write, ...]:
    attempt = bonds.attempt
    if seen.status is not Status.HELD or attempt is None or attempt.state not in UNPAID:
        return ()
    return (Write(replace(attempt, state=AttemptState.CANCELED, version=attempt.version + 1), attempt.version),)


def _messages(seen: Booking, ended: Booking, bonds: Bonds, now: datetime) -> tuple[OutboxMessage, ...]:
    found: list[OutboxMessage] = []
    if seen.position is not None:
        found.append(load_change(ended, now))
    if seen.status not in BEFORE_PAYMENT:
        found.extend(gate_changes(ended, now))
    if _attempt_writes(seen, bonds) and bonds.attempt is not None:
        found.append(message(task=Task.CANCEL_INTENT, booking=ended, at=now, attempt=bonds.attempt.id))
    return tuple(found)
