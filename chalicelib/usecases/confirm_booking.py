"""
Money has come: the place is sold, the number issued, the fee earned, the deposit held (§20, §23, §28, D29).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import places
from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.happenings import event_of, gate_changes, load_change, notice
from chalicelib.domain.money import DepositState, LedgerAccount, Leg, Posting
from chalicelib.domain.places import Place
from chalicelib.domain.records import OutboxMessage
from chalicelib.domain.rules import Rules
from chalicelib.domain.validity import ending_before_trip
from chalicelib.usecases.bonds import Bonds
from chalicelib.usecases.ending import wallet_writes
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Outcome
from chalicelib.usecases.ports import Committed, Committer, Write


@dataclass(frozen=True, slots=True)
class ConfirmBooking:
    """
    The one way into `confirmed`, whatever paid.
    """

    committer: Committer
    rules_on: Callable[[datetime], Rules]
    code_of: Callable[[str], str]

    def from_balance(self, *, seen: Booking, bonds: Bonds, request: IdempotentRequest, now: datetime) -> Outcome | None:
        """
        Confirm out of the wallet's available money; none where somebody was faster: try again.
        """
        record = request.record(status=200, resource=seen.id, answer={}, at=now)
        done = self.committer.commit(*self.writes(seen=seen, bonds=bonds, charges=(), now=now, by="user"), Write(record))
        return Done(200, seen.id) if isinstance(done, Committed) else None

    def writes(self, *, seen: Booking, bonds: Bonds, charges: Sequence[Posting], now: datetime, by: str) -> tuple[Write, ...]:
        """
        List all that a confirmation writes; `charges` are the postings that brought the money.
        """
        if bonds.place is None:
            raise LookupError(seen.id)
        rules = self.rules_on(now)
        place = places.sell(bonds.place)
        booking = self._confirmed(seen, place, now, rules)
        postings = (*charges, earning(booking, now=now, rules=rules))
        return (
            Write(booking, seen.version),
            Write(place, bonds.place.version),
            *(Write(replace(lock, until=None, version=lock.version + 1), lock.version) for lock in bonds.locks),
            *(Write(replace(hold, booking=None, until=None, paying=False, version=hold.version + 1), hold.version) for hold in bonds.holds),
            *wallet_writes(postings, bonds.wallet),
            Write(event_of(booking=booking, happening=Happening.CONFIRMED, at=now, by=by, rules=rules, ground="20")),
            *(Write(message) for message in (*gate_changes(booking, now), load_change(booking, now))),
            *(Write(message) for message in (notice(template="confirmed", booking=booking, at=now), *expiry_notices(booking, now, rules))),
        )

    def _confirmed(self, seen: Booking, place: Place, now: datetime, rules: Rules) -> Booking:
        return seen.after(
            Happening.CONFIRMED,
            number=places.number(code=self.code_of(seen.checkpoint), place=place),
            confirmed_at=now,
            due=seen.due,
            deposit=DepositState.HELD,
            hold_expires_at=None,
            reschedules_left=rules.free_reschedules,
        )


def expiry_notices(booking: Booking, now: datetime, rules: Rules) -> tuple[OutboxMessage, ...]:
    """
    Tell of the first confirmation or document that ends before the trip, if one does: a notice, not a refusal (D11).
    """
    first = next(iter(ending_before_trip(booking, rules)), None)
    if first is None:
        return ()
    what, until = f"paper:{first.what}", first.valid_until.isoformat()
    return (notice(template="expires_before_trip", booking=booking, at=now, what=what, last_day=until),)


def earning(booking: Booking, *, now: datetime, rules: Rules) -> Posting:
    """
    Turn what was available and reserved into the fee earned and the deposit held (D29, D30).
    """
    if booking.due is None:
        raise LookupError(booking.id)
    reserved = booking.due.from_wallet if booking.attempt else 0
    legs = (
        Leg(LedgerAccount.WALLET_AVAILABLE, -(booking.due.fee + booking.due.deposit - reserved)),
        Leg(LedgerAccount.WALLET_HELD, booking.due.deposit - reserved),
        Leg(LedgerAccount.FEE_REVENUE, booking.due.fee),
    )
    return Posting(
        id=f"confirm:{booking.id}",
        wallet=booking.account,
        kind="booking_fee",
        at=now,
        day=rules.today(now),
        legs=tuple(leg for leg in legs if leg.amount),
        checkpoint=booking.checkpoint,
        booking=booking.id,
        place_class=booking.class_.value,
    )
