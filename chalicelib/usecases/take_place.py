"""
A verified application takes a place: one transaction holds the place, the booking, the vehicle's two locks and the hold counts.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain import places
from chalicelib.domain.bookings import Booking, Happening, Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.fees import Tariff
from chalicelib.domain.happenings import event_of, load_change
from chalicelib.domain.money import Due
from chalicelib.domain.places import Place, Pool
from chalicelib.domain.records import HoldCount
from chalicelib.domain.rules import Rules
from chalicelib.domain.standing import Deed, may_act
from chalicelib.domain.vehicles import VehicleLock, hold_keys, lock_keys
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
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
    Requests,
    StoreBusyError,
    Write,
)
from chalicelib.usecases.prove_ground import Ground, ProveGround
from chalicelib.usecases.seek_place import SeekPlace, Slot, Wanted

MOST_TRIES = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """
    What the user asked for: the slot's start, or none for the first free one not before `after`.
    """

    slot_start: datetime | None
    after: datetime | None
    pool: Pool


@dataclass(frozen=True, slots=True)
class Ties:
    """
    What binds the vehicle and the account, as seen: locks and hold counts by key.
    """

    locks: tuple[VehicleLock, ...]
    holds: tuple[HoldCount, ...]


@dataclass(frozen=True, slots=True)
class TakePlace:
    """
    `POST /v1/bookings/{id}/place` (§20–22, D3–D8).
    """

    committer: Committer
    accounts: Accounts
    bookings: Bookings
    places: Places
    locks: Locks
    ledger: Ledger
    requests: Requests
    clock: Clock
    chance: Chance
    ground: ProveGround
    rules_on: Callable[[datetime], Rules]
    tariff_on: Callable[[date], Tariff | None]

    def __call__(self, *, account: str, booking: str, choice: Choice, request: IdempotentRequest) -> Outcome:
        """
        Hold a place for the booking: `Done` with the booking, or the reasons against it. Raises `StoreBusyError`.
        """
        for tries in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            outcome = self._attempt(account, booking, Attempt(choice, request, now, self.rules_on(now), tries))
            if outcome is not None:
                return outcome
        raise StoreBusyError("place")

    def _attempt(self, account: str, booking: str, attempt: "Attempt") -> Outcome | None:
        now, rules = attempt.now, attempt.rules
        seen = self.bookings.get(booking)
        if seen is None or seen.account != account:
            return Missing()
        ties = self._ties(seen, rules.today(now))
        tariff = self.tariff_on(rules.today(now))
        if tariff is None:
            return Refused.because(Code.FEE_UNKNOWN, "25")
        refused = self._refusal(seen, ties, now, rules)
        if refused is not None:
            return refused
        slot = self._find(seen, attempt.choice, now, rules)
        if isinstance(slot, Refused):
            return slot
        ground = self.ground.of_day(seen, day=slot.plan.day, now=now, rules=rules)
        return ground if isinstance(ground, Refused) else self._hold(seen, slot, ties, tariff, attempt, ground)

    def _ties(self, booking: Booking, day: date) -> Ties:
        keys = lock_keys(booking.vehicle, toward=booking.toward)
        found = self.locks.locks(keys)
        counted = hold_keys(booking.vehicle, account=booking.account)
        holds = self.locks.holds(counted)
        return Ties(
            locks=tuple(found.get(key) or VehicleLock(key, None, booking.checkpoint, 0) for key in keys),
            holds=tuple(holds.get(key) or HoldCount(key, day, 0, None, None, paying=False, version=0) for key in counted),
        )

    def _refusal(self, booking: Booking, ties: Ties, now: datetime, rules: Rules) -> Refused | None:
        status = booking.status_at(now, rules)
        if status is not Status.VERIFIED:
            return Refused.because(Code.NOT_VERIFIED, "20", status=status.value)
        standing = may_act(account=self.accounts.account(booking.account), wallet=self.ledger.wallet(booking.account), deed=Deed.TAKE_PLACE)
        if isinstance(standing, Refused):
            return standing
        rival = next((lock for lock in ties.locks if lock.binds(other_than=booking.id, now=now)), None)
        if rival is not None:
            return Refused.because(Code.ACTIVE_BOOKING_EXISTS, "21", checkpoint=rival.checkpoint)
        if any(
            hold.runs(other_than=booking.id, now=now) or hold.lapsed_today(now, rules) >= rules.lapsed_holds_a_day for hold in ties.holds
        ):
            return Refused.because(Code.HOLD_LIMIT, "D11", limit=rules.lapsed_holds_a_day)
        return None

    def _find(self, booking: Booking, choice: Choice, now: datetime, rules: Rules) -> Slot | Refused:
        days = self.ground.days(booking, now=now, rules=rules) if choice.slot_start is None else None
        wanted, seek = Wanted(booking.checkpoint, booking.class_, choice.pool, days), SeekPlace(self.places)
        if choice.slot_start is not None:
            return seek.named(wanted, start=choice.slot_start, now=now, rules=rules)
        found = next(seek.first(wanted, after=choice.after or now, now=now, rules=rules), None)
        return found or Refused.because(Code.NO_FREE_PLACE, "22")

    def _hold(self, seen: Booking, slot: Slot, ties: Ties, tariff: Tariff, attempt: "Attempt", ground: Ground) -> Outcome | None:
        now, rules, pool = attempt.now, attempt.rules, attempt.choice.pool
        position = places.attempt_order(slot.free, tries=attempt.tries, draw=self.chance.draw())
        expires_at = now + rules.hold
        cool_down = self.chance.wait(rules.cool_down_least, rules.cool_down_most)
        before, swap = slot.seat(position)
        place = places.hold(seen=before, plan=slot.plan, position=position, booking=seen.id, expires_at=expires_at, cool_down=cool_down)
        wallet = self.ledger.wallet(seen.account)
        fee, least = tariff.fee(seen.class_, pool), rules.least_card_payment
        due = Due.reckon(fee=fee, deposit=tariff.deposit, available=wallet.available, least_card_payment=least)
        booking = held(seen, place=place, slot=slot, rules=rules, expires_at=expires_at, due=due, listed=ground.listed)
        answer = self.committer.commit(
            Write(place, before.version),
            *swap,
            Write(booking, seen.version),
            *tie_writes(ties, booking=booking, until=expires_at, now=now, rules=rules),
            *ground.writes,
            Write(event_of(booking=booking, happening=Happening.HELD, at=now, by="user", rules=rules, ground="22", detail=swapped(slot))),
            Write(load_change(booking, now)),
            Write(attempt.request.record(status=200, resource=booking.id, answer={}, at=now)),
        )
        return Done(200, booking.id) if isinstance(answer, Committed) else None


def swapped(slot: Slot) -> dict[str, str | int | None]:
    """
    Say which place changed classes with the one taken (D3).
    """
    return {} if slot.gives is None else {"swapped": slot.gives.key}


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    One try at the transaction: what is asked, when, under which figures, after how many conflicts.
    """

    choice: Choice
    request: IdempotentRequest
    now: datetime
    rules: Rules
    tries: int


def held(seen: Booking, *, place: Place, slot: Slot, rules: Rules, expires_at: datetime, due: Due, listed: str | None = None) -> Booking:
    """
    Bind a booking to its held place, with what was ordered for its interval (D21), and to the list that it rests on (§6).
    """
    start, end = slot.period(rules)
    shift, until = slot.plan.term(slot.interval, rules)
    return seen.after(
        Happening.HELD,
        pool=Pool.SECONDARY if place.secondary else Pool.PRIMARY,
        day=place.day,
        position=place.position,
        slot_start=start,
        slot_end=end,
        shift_minutes=shift,
        valid_until=until,
        hold_expires_at=expires_at,
        hold_extended=False,
        due=due,
        listed=listed,
    )


def tie_writes(ties: Ties, *, booking: Booking, until: datetime, now: datetime, rules: Rules) -> tuple[Write, ...]:
    """
    Take both locks and open both hold counts for a hold that runs until a moment.
    """
    locks = (
        Write(replace(lock, booking=booking.id, checkpoint=booking.checkpoint, until=until, version=lock.version + 1), lock.version)
        for lock in ties.locks
    )
    holds = (
        Write(
            replace(
                hold,
                day=rules.today(now),
                lapsed=hold.lapsed_today(now, rules),
                booking=booking.id,
                until=until,
                paying=False,
                version=hold.version + 1,
            ),
            hold.version,
        )
        for hold in ties.holds
    )
    return (*locks, *holds)
