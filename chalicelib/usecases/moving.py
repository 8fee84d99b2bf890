"""
What every move of a booking by its user writes: one place given back, one sold, the fee if any, and everybody told (§28, D5, D7, D14).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import places
from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.happenings import event_of, gate_changes, load_change, notice
from chalicelib.domain.money import LedgerAccount, Posting, transfer
from chalicelib.domain.moves import Berth, Price, moved
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.records import OutboxMessage
from chalicelib.domain.rules import Rules
from chalicelib.usecases.bonds import Bonds, bonds_of
from chalicelib.usecases.ending import money_writes
from chalicelib.usecases.outcomes import IdempotentRequest
from chalicelib.usecases.ports import Chance, Committed, Committer, Ledger, Locks, Places, Write
from chalicelib.usecases.prove_ground import UNLISTED, Ground
from chalicelib.usecases.seek_place import Slot


@dataclass(frozen=True, slots=True)
class Move:
    """
    A move decided: where from, onto which slot and class, at what price, under which happening and rule, on what proven ground (§6).
    """

    seen: Booking
    slot: Slot
    class_: PlaceClass
    price: Price
    happening: Happening
    ground: str
    template: str
    proof: Ground = UNLISTED


@dataclass(frozen=True, slots=True)
class Moving:
    """
    The one way from place to place; safe against every rival: each thing it touches is written as it was seen.
    """

    committer: Committer
    places: Places
    locks: Locks
    ledger: Ledger
    chance: Chance
    code_of: Callable[[str], str]

    def commit(
        self, move: Move, *, answer: Mapping[str, str], request: IdempotentRequest, tries: int, now: datetime, rules: Rules
    ) -> str | None:
        """
        Write the whole move: the new number, none where somebody was faster. `answer` is kept with it. Raises `StoreBusyError`.
        """
        seen, slot = move.seen, move.slot
        position = places.attempt_order(slot.free, tries=tries, draw=self.chance.draw())
        before, swap = slot.seat(position)
        place = places.sell_free(seen=before, plan=slot.plan, position=position, booking=seen.id)
        berth = Berth(
            place, *slot.period(rules), places.number(code=self.code_of(place.checkpoint), place=place), move.class_, move.proof.listed
        )
        berth = replace(berth, term=slot.plan.term(slot.interval, rules))
        after = moved(seen, berth, happening=move.happening, price=move.price, now=now, rules=rules)
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        if bonds.wallet.available < move.price.fee:
            return None  # spent meanwhile: what is due is told anew
        detail = {"from": seen.number, "to": after.number, "fee": move.price.fee or None}
        done = self.committer.commit(
            Write(after, seen.version),
            Write(place, before.version),
            *swap,
            *move.proof.writes,
            *self._given_back(bonds, now, rules),
            *_lock_writes(seen, after, bonds),
            *money_writes(_fee(after, move.price.fee, now, rules), bonds.wallet),
            Write(event_of(booking=after, happening=move.happening, at=now, by="user", rules=rules, ground=move.ground, detail=detail)),
            *(Write(message) for message in _messages(move, after, now)),
            Write(request.record(status=200, resource=after.id, answer={**answer, "number": berth.number}, at=now)),
        )
        return berth.number if isinstance(done, Committed) else None

    def _given_back(self, bonds: Bonds, now: datetime, rules: Rules) -> tuple[Write, ...]:
        if bonds.place is None:
            return ()
        cool_down = self.chance.wait(rules.cool_down_least, rules.cool_down_most)
        return (Write(places.give_back(bonds.place, now=now, cool_down=cool_down), bonds.place.version),)


def _lock_writes(seen: Booking, after: Booking, bonds: Bonds) -> tuple[Write, ...]:
    """
    Let the vehicle's locks name the checkpoint where it is booked now (§21); at the same one they stay untouched.
    """
    if seen.checkpoint == after.checkpoint:
        return ()
    return tuple(Write(replace(lock, checkpoint=after.checkpoint, version=lock.version + 1), lock.version) for lock in bonds.locks)


def _fee(after: Booking, fee: int, now: datetime, rules: Rules) -> Posting | None:
    legs = transfer(LedgerAccount.WALLET_AVAILABLE, LedgerAccount.FEE_REVENUE, fee)
    if not legs:
        return None
    return Posting(
        id=f"reschedule:{after.id}:{after.version}",
        wallet=after.account,
        kind="reschedule_fee",
        at=now,
        day=rules.today(now),
        legs=legs,
        checkpoint=after.checkpoint,
        booking=after.id,
        place_class=after.class_.value,
    )


def _messages(move: Move, after: Booking, now: datetime) -> tuple[OutboxMessage, ...]:
    """
    Tell gate, board and user, and have the load of both days recomputed; what concerns both ends alike is asked for once.
    """
    seen = replace(move.seen, version=after.version)
    return (
        *gate_changes(after, now),
        load_change(after, now),
        notice(template=move.template, booking=after, at=now, before=move.seen.number),
        *(gate_changes(seen, now) if seen.checkpoint != after.checkpoint else ()),
        *((load_change(seen, now),) if (seen.checkpoint, seen.day) != (after.checkpoint, after.day) else ()),
    )
