"""
Why a booking stands still, and what becomes of it: one that rests on false data (§6-2, D22), or whose own payment was reversed (D28).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.blocks import Block, standing_block
from chalicelib.domain.bookings import BEFORE_PAYMENT, EXPECTED, Booking, Suspension
from chalicelib.domain.money import Wallet
from chalicelib.domain.payments import AttemptState, PaymentAttempt
from chalicelib.domain.records import Account
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import lapses_at
from chalicelib.domain.standing import Hindrance


class Turn(StrEnum):
    """
    What is to be done with a booking now.
    """

    STAY = "stay"
    SUSPEND = "suspend"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    POSTPONE = "postpone"


@dataclass(frozen=True, slots=True)
class Grounds:
    """
    What decides about a booking's suspension, as seen: its account, its wallet, and the card payment that paid it, if one did.
    """

    account: Account | None
    wallet: Wallet
    attempt: PaymentAttempt | None

    def block_on(self, booking: Booking) -> Block | None:
        """
        Give the standing block that the booking rests on.
        """
        block = standing_block(self.account.blocks) if self.account is not None else None
        return block if block is not None and booking.id in block.bookings else None


def wanted(booking: Booking, grounds: Grounds) -> Suspension | None:
    """
    Give the suspension a booking should be under; false data weigh more than a debt.
    """
    block = grounds.block_on(booking)
    if block is not None:
        return Suspension(rule="6-2", reason=Hindrance.FALSE_DATA.value, case=block.id, since=block.since)
    attempt, wallet = grounds.attempt, grounds.wallet
    reversed_ = attempt is not None and attempt.state is AttemptState.REVERSED and attempt.id == booking.attempt
    if attempt is None or not reversed_ or wallet.debt == 0 or booking.status not in EXPECTED:
        return None
    return Suspension(rule="27", reason=Hindrance.DEBT.value, case=attempt.id, since=wallet.debt_since or attempt.created_at)


def turn_of(booking: Booking, grounds: Grounds, *, now: datetime, rules: Rules) -> Turn:
    """
    Tell what is to be done with a booking now.

    Block lifted in time or debt paid: it runs on. Lifted after the slot has begun: withdrawn with everything back (D22). The complaint dismissed,
    none made in its term, or the debt unpaid at the call: cancelled (D22, D28).
    """
    if booking.status not in EXPECTED | BEFORE_PAYMENT:
        return Turn.STAY
    should = wanted(booking, grounds)
    if booking.suspended is None or (should is not None and should.case != booking.suspended.case):
        return Turn.STAY if should is None else Turn.SUSPEND
    if should is None:
        return _released(booking, now)
    return _kept(booking, grounds, now, rules)


def _released(booking: Booking, now: datetime) -> Turn:
    begun = booking.status in EXPECTED and booking.slot_start is not None and booking.slot_start <= now
    lifted = booking.suspended is not None and booking.suspended.reason == Hindrance.FALSE_DATA
    return Turn.WITHDRAW if begun and lifted else Turn.RESUME


def _kept(booking: Booking, grounds: Grounds, now: datetime, rules: Rules) -> Turn:
    block = grounds.block_on(booking)
    if block is not None and block.upheld_at is not None:
        return Turn.CANCEL
    due = lapses_at(booking, rules)
    if due is None or now < due:
        return Turn.STAY
    return Turn.POSTPONE if block is not None and block.complaint is not None else Turn.CANCEL
