"""
A card attempt ends without paying its booking: the wallet's part comes back, the place stays held, and the user may pay anew (§23).
"""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.fees import Tariff
from chalicelib.domain.happenings import event_of
from chalicelib.domain.money import DepositState, Due, Posting
from chalicelib.domain.payments import PaymentAttempt
from chalicelib.domain.places import Pool
from chalicelib.domain.rules import Rules
from chalicelib.usecases.bonds import Bonds
from chalicelib.usecases.ending import deposit_posting, settled, wallet_writes
from chalicelib.usecases.ports import Write


def due_now(booking: Booking, *, available: int, rules: Rules, tariff: Tariff | None = None) -> Due:
    """
    Reckon what a held booking costs with what the wallet has now: by the fees of the day of payment (§25, D27), else as it was told.
    """
    if booking.due is None:
        raise LookupError(booking.id)
    fee, deposit = booking.due.fee, booking.due.deposit
    if tariff is not None:
        fee, deposit = tariff.fee(booking.class_, booking.pool or Pool.PRIMARY), tariff.deposit
    return Due.reckon(fee=fee, deposit=deposit, available=available, least_card_payment=rules.least_card_payment)


def failed_attempt(
    *, seen: Booking, bonds: Bonds, attempt: PaymentAttempt, charges: Sequence[Posting], now: datetime, by: str, rules: Rules
) -> tuple[Write, ...]:
    """
    List what the end of the booking's attempt writes; `attempt` is its next version, `charges` are postings of money that came with it.
    """
    released = deposit_posting(seen, outcome=DepositState.RELEASED, at=now, rules=rules)
    postings = [*charges, *([released] if released else [])]
    _, wallet = settled(postings, bonds.wallet)
    ended = seen.after(Happening.PAYMENT_ENDED, attempt=None, due=due_now(seen, available=wallet.available, rules=rules))
    return (
        Write(ended, seen.version),
        Write(attempt, attempt.version - 1),
        *wallet_writes(postings, bonds.wallet),
        Write(event_of(booking=ended, happening=Happening.PAYMENT_ENDED, at=now, by=by, rules=rules, ground="23")),
    )
