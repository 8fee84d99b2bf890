"""
The user takes another date and time at the same checkpoint: once free of charge, later for the fee in force (§28, D14).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain import places
from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.fees import Tariff
from chalicelib.domain.moves import Price, class_after, may_reschedule, price_of
from chalicelib.domain.places import Pool
from chalicelib.domain.rules import Rules
from chalicelib.domain.standing import Deed, may_act
from chalicelib.usecases.moving import Move, Moving
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Accounts, Bookings, Clock, Requests, StoreBusyError
from chalicelib.usecases.prove_ground import ProveGround
from chalicelib.usecases.relocate_booking import Elsewhere, RelocateBooking
from chalicelib.usecases.seek_place import SeekPlace, Slot, Wanted

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What the user asked for: another slot by its start, and whether he agrees to pay the fee where one is due.
    """

    slot_start: datetime
    pays: bool


@dataclass(frozen=True, slots=True)
class RescheduleBooking:
    """
    `POST /v1/bookings/{id}/reschedule`. Where D21 gives the user a choice, it is that choice: free of charge, and the free one is kept.
    """

    bookings: Bookings
    accounts: Accounts
    requests: Requests
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    tariff_on: Callable[[date], Tariff | None]
    moving: Moving
    ground: ProveGround
    choose: RelocateBooking

    def __call__(self, *, account: str, booking: str, wish: Wish, request: IdempotentRequest) -> Outcome:
        """
        Move the booking: `Done` with it, or the reasons against it. Raises `StoreBusyError`.
        """
        for tries in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            seen = self.bookings.get(booking)
            if seen is None or seen.account != account:
                return Missing()
            rules = self.rules_on(now)
            move = self._decided(seen, wish, now, rules)
            if isinstance(move, Refused):
                return move
            number = self.moving.commit(move, answer={}, request=request, tries=tries, now=now, rules=rules)
            if number is not None:
                return Done(200, booking, {"number": number})
        raise StoreBusyError("reschedule")

    def _decided(self, seen: Booking, wish: Wish, now: datetime, rules: Rules) -> Move | Refused:
        if seen.excuse is not None:
            return self.choose.decided(seen, Elsewhere(seen.checkpoint, wish.slot_start), now=now, rules=rules)
        refused = self._refusal(seen, wish, now, rules)
        if refused is not None:
            return refused
        slot = self._slot(seen, wish, now, rules)
        if isinstance(slot, Refused):
            return slot
        price = self._price(seen, wish, rules.today(now))
        if isinstance(price, Refused):
            return price
        class_ = class_after(seen)
        proof = self.ground.of_day(replace(seen, class_=class_), day=slot.plan.day, now=now, rules=rules)
        if isinstance(proof, Refused):
            return proof
        return Move(seen, slot, class_, price, Happening.RESCHEDULED, ground="28", template="rescheduled", proof=proof)

    def _refusal(self, seen: Booking, wish: Wish, now: datetime, rules: Rules) -> Refused | None:
        decision = may_reschedule(seen, now=now, rules=rules)
        if isinstance(decision, Refused):
            return decision
        wallet, holder = self.moving.ledger.wallet(seen.account), self.accounts.account(seen.account)
        standing = may_act(account=holder, wallet=wallet, deed=Deed.RESCHEDULE)
        if isinstance(standing, Refused):
            return standing
        if wish.slot_start == seen.slot_start:
            return Refused.because(Code.SAME_SLOT, "28")
        return None

    def _slot(self, seen: Booking, wish: Wish, now: datetime, rules: Rules) -> Slot | Refused:
        wanted = Wanted(seen.checkpoint, class_after(seen), Pool.PRIMARY)
        slot = SeekPlace(self.moving.places).look(wanted, start=wish.slot_start, now=now, rules=rules)
        if isinstance(slot, Refused) or slot.free:
            return slot
        secondary = places.on_sale(
            plan=slot.plan,
            touched=slot.touched,
            interval=slot.interval,
            class_=wanted.class_,
            pool=Pool.SECONDARY,
            now=now,
            rules=rules,
        )
        start = wish.slot_start.isoformat()
        return Refused.because(Code.SECONDARY_PLACE if secondary else Code.SLOT_FULL, "28" if secondary else "22", slot_start=start)

    def _price(self, seen: Booking, wish: Wish, today: date) -> Price | Refused:
        price = price_of(seen, tariff=self.tariff_on(today))
        if isinstance(price, Refused) or price.fee == 0:
            return price
        available = self.moving.ledger.wallet(seen.account).available
        if not wish.pays:
            return Refused.because(Code.RESCHEDULE_NEEDS_FEE, "28", fee=price.fee, available=available)
        if available < price.fee:
            return Refused.because(Code.INSUFFICIENT_FUNDS, "28", missing=price.fee - available)
        return price
