"""
What a vehicle's passage does to its booking, whoever saw it: a gateway's camera, or an officer who makes up for it (§10, §30, D17, D19, D24).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.happenings import event_of, gate_changes, load_change, notice
from chalicelib.domain.money import DepositState
from chalicelib.domain.records import OutboxMessage
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import effective_end, leave_by
from chalicelib.domain.site_notes import SiteNotes
from chalicelib.usecases.bonds import bonds_of
from chalicelib.usecases.ending import deposit_posting, money_writes
from chalicelib.usecases.ports import Ledger, Locks, Places, Write
from chalicelib.usecases.readmission import is_overridden, readmission

TOLD = frozenset({Happening.ARRIVED, Happening.CROSSED, Happening.RETURNED})
OUT = frozenset({Happening.CROSSED, Happening.RETURNED})
"""After these the vehicle is gone: its deposit is released and it may book again."""


@dataclass(frozen=True, slots=True)
class Passed:
    """
    A passage told: what it means, where and when (gate time), by whom; `number`: the booking number it was decided under.
    """

    happening: Happening
    lane: str
    at: datetime
    by: str
    number: str | None = None
    ground: str = "30"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """
    What a passage writes, and the site's notes after it.
    """

    after: Booking
    writes: tuple[Write, ...]
    notes: SiteNotes


@dataclass(frozen=True, slots=True)
class Passing:
    """
    Works a passage out; whoever tells of it commits, together with his own record of it.
    """

    places: Places
    locks: Locks
    ledger: Ledger

    def effects(self, seen: Booking, passed: Passed, notes: SiteNotes, *, now: datetime, rules: Rules) -> Effects | None:
        """
        Give what follows, or none where the passage changes nothing: seen before, over, or decided under a number that is no longer his.
        """
        if not seen.may(passed.happening) or repeated(seen, passed.happening):
            return None
        if is_overridden(seen, number=passed.number):
            return self._readmission(seen, passed, notes, now, rules)
        if _of_another_slot(seen, passed):
            return None
        after = moved(seen, passed.happening, passed.at, told_at=max(passed.at, now), rules=rules)
        more = self._release(seen, after, now, rules) if passed.happening in OUT else ()
        open_still = notes.passed(lane=passed.lane, at=passed.at, booking=seen.id, rules=rules)
        if passed.happening in OUT:
            open_still = open_still.gone(seen.id, at=passed.at)
        return Effects(after, (*_written(seen, after, passed, now, rules), *more), open_still)

    def _readmission(self, seen: Booking, passed: Passed, notes: SiteNotes, now: datetime, rules: Rules) -> Effects | None:
        if passed.happening is not Happening.ADMITTED or seen.confirmed_at is None:
            return None  # it was never on a list
        undone = readmission(
            seen, at=passed.at, number=passed.number, places=self.places, locks=self.locks, ledger=self.ledger, now=now, rules=rules
        )
        told = replace(passed, ground="D24")
        changed = (*_written(seen, undone.after, told, now, rules), *(Write(load_change(booking, now)) for booking in undone.loads))
        open_still = notes.passed(lane=passed.lane, at=passed.at, booking=seen.id, rules=rules)
        open_still = open_still if undone.placed else open_still.welcoming(seen.id)
        return Effects(undone.after, (*changed, *undone.writes), open_still)

    def _release(self, seen: Booking, after: Booking, now: datetime, rules: Rules) -> tuple[Write, ...]:
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        locks = (Write(replace(lock, booking=None, until=None, version=lock.version + 1), lock.version) for lock in bonds.locks)
        if seen.deposit is not DepositState.HELD:
            return tuple(locks)
        posting = deposit_posting(seen, outcome=after.deposit, at=now, rules=rules)
        return (*locks, *money_writes(posting, bonds.wallet))


def _of_another_slot(seen: Booking, passed: Passed) -> bool:
    """
    Tell a passage decided under a number given up since: being near the gate then says nothing about the new time.
    """
    stale = passed.number is not None and seen.number is not None and passed.number != seen.number
    return stale and passed.happening in {Happening.ARRIVED, Happening.LEFT_AREA}


def repeated(seen: Booking, happening: Happening) -> bool:
    """
    Tell whether the vehicle was already seen there: a second look changes nothing.
    """
    return (happening is Happening.ARRIVED and seen.arrived_at is not None) or (
        happening is Happening.LEFT_AREA and seen.left_area_at is not None
    )


def moved(seen: Booking, happening: Happening, at: datetime, *, told_at: datetime, rules: Rules) -> Booking:
    """
    Give the booking after a passage at a moment of gate time; `told_at` is when its driver can be told of what follows (D18, D24).
    """
    if happening is Happening.ARRIVED:
        # a gateway that was cut off tells of his coming hours later: until then nobody told him when to leave
        until = leave_by(told_at=told_at, slot_end=effective_end(seen), rules=rules) if seen.called_at is not None else None
        return seen.after(happening, arrived_at=at, leave_by=until)
    if happening is Happening.LEFT_AREA:
        return seen.after(happening, left_area_at=at)
    if happening is Happening.ADMITTED:
        return seen.after(happening, admitted_at=at, ended_at=None)
    deposit = DepositState.RELEASED if seen.deposit is DepositState.HELD else seen.deposit
    if happening is Happening.RETURNED:
        return seen.after(happening, ended_at=at, deposit=deposit)
    return seen.after(happening, admitted_at=seen.admitted_at or at, crossed_at=at, ended_at=at, deposit=deposit)


def _written(seen: Booking, after: Booking, passed: Passed, now: datetime, rules: Rules) -> Sequence[Write]:
    detail: dict[str, str | int | None] = {"lane": passed.lane, "reason": passed.reason}
    event = event_of(
        booking=after, happening=passed.happening, at=passed.at, by=passed.by, rules=rules, ground=passed.ground, detail=detail
    )
    told: tuple[OutboxMessage, ...] = gate_changes(after, now)
    if passed.happening in TOLD:
        amount = after.due.deposit if after.due else 0
        told = (*told, notice(template=passed.happening.value, booking=after, at=now, amount=amount))
    return (Write(after, seen.version), Write(event), *(Write(message) for message in told))
