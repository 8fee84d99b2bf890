"""
Finding a slot on sale: a named one, or the first free one within the horizon (§22, §34, D4–D7, D16).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain import places
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.places import Place, Pool
from chalicelib.domain.plans import DayPlan, PlaceClass, Position
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Places, Write


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What is looked for; `days` are those to which a list binds the vehicle (§6), none: any.
    """

    checkpoint: str
    class_: PlaceClass
    pool: Pool
    days: frozenset[date] | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """
    A slot found on sale: its plan, interval, and the day's touched places as read consistently.

    `gives`: an unsold place of the wanted class in another interval of the day; it changes classes with whichever free place is taken (D3).
    """

    plan: DayPlan
    interval: int
    touched: dict[Position, Place]
    free: Sequence[Position]
    gives: Position | None = None

    def seat(self, position: Position) -> tuple[Place, tuple[Write, ...]]:
        """
        Give a free place as a buyer takes it (version 0: untouched), and what must be written beside it: the other half of a swap.
        """
        here = places.touch(seen=self.touched.get(position), plan=self.plan, position=position)
        if self.gives is None:
            return here, ()
        there = places.touch(seen=self.touched.get(self.gives), plan=self.plan, position=self.gives)
        return replace(here, class_=there.class_), (Write(places.restore(there, class_=here.class_), there.version),)

    def period(self, rules: Rules) -> tuple[datetime, datetime]:
        """
        Give its half-open period [start, end).
        """
        return self.plan.slot(self.interval, rules)


@dataclass(frozen=True, slots=True)
class SeekPlace:
    """
    Consistent looks at plans and touched places.
    """

    places: Places

    def named(self, wanted: Wanted, *, start: datetime, now: datetime, rules: Rules) -> Slot | Refused:
        """
        Find the slot that starts at a moment, with a place free; or why it is not on sale.
        """
        slot = self.look(wanted, start=start, now=now, rules=rules)
        if isinstance(slot, Refused) or slot.free:
            return slot
        swapped = swapping(slot, wanted=wanted, now=now, rules=rules)
        if swapped is not None:
            return swapped
        return Refused.because(Code.SLOT_FULL, "22", slot_start=start.isoformat())

    def look(self, wanted: Wanted, *, start: datetime, now: datetime, rules: Rules) -> Slot | Refused:
        """
        Find the slot that starts at a moment, full or not; sale closes at the lead of the call (§34, D16).
        """
        day = rules.today(start)
        if start <= now:
            return Refused.because(Code.SLOT_PAST)
        if day > rules.last_day(now):
            return Refused.because(Code.OUTSIDE_HORIZON, "22", days=rules.horizon_days)
        lead = rules.call_lead(day)
        if start - lead <= now:
            return Refused.because(Code.TOO_LATE, "34", minutes=int(lead.total_seconds() // 60))
        # touched places first, the plan second: an order changes the plan only once no place of the old one can be taken any more (D21)
        touched = dict(self.places.touched(wanted.checkpoint, day, consistent=True))
        plan = self.places.plan(wanted.checkpoint, day)
        interval = plan.interval_at(start, rules) if plan else None
        if plan is None or plan.is_closed or interval in plan.closed:
            return Refused.because(Code.CHECKPOINT_CLOSED, "D21", checkpoint=wanted.checkpoint, date=str(day))
        if interval is None:
            return Refused.because(Code.SLOT_UNKNOWN)
        return _slot(plan, interval, touched, wanted=wanted, now=now, rules=rules)

    def first(self, wanted: Wanted, *, after: datetime, now: datetime, rules: Rules) -> Iterator[Slot]:
        """
        Walk the horizon for slots with a place free, none before `after`.
        """
        after = max(after, now)
        if rules.today(after) > rules.last_day(now):
            return
        for known in self.places.plans(wanted.checkpoint, first=rules.today(after), last=rules.last_day(now)):
            if wanted.days is not None and known.day not in wanted.days:
                continue
            touched = dict(self.places.touched(known.checkpoint, known.day, consistent=True))
            if any(_open_slots(known, touched, wanted=wanted, after=after, now=now, rules=rules)):
                # the plan once more, after the places: see `look`
                plan = self.places.plan(known.checkpoint, known.day) or known
                yield from _open_slots(plan, touched, wanted=wanted, after=after, now=now, rules=rules)


def swapping(slot: Slot, *, wanted: Wanted, now: datetime, rules: Rules) -> Slot | None:
    """
    Let a convoy keep one hour: a class whose places of the interval are gone takes an unsold general one, for which the nearest unsold place
    of the class elsewhere that day becomes general: as many of each class as before, so no ceiling is passed (D3).
    """
    if wanted.class_ is PlaceClass.GENERAL or wanted.pool is Pool.SECONDARY:
        return None
    plan, touched = slot.plan, slot.touched
    here = _slot(plan, slot.interval, touched, wanted=replace(wanted, class_=PlaceClass.GENERAL), now=now, rules=rules)
    elsewhere = (
        position
        for interval in sorted(range(len(plan.layout)), key=lambda each: (abs(each - slot.interval), each))
        if plan.slot(interval, rules)[0] - rules.call_lead(plan.day) > now
        for position in _slot(plan, interval, touched, wanted=wanted, now=now, rules=rules).free
    )
    gives = next(elsewhere, None) if here.free else None
    return None if gives is None else replace(here, gives=gives)


def _open_slots(
    plan: DayPlan, touched: dict[Position, Place], *, wanted: Wanted, after: datetime, now: datetime, rules: Rules
) -> Iterator[Slot]:
    kept = places.reserve(plan=plan, touched=touched, class_=wanted.class_, now=now, rules=rules)
    for interval in range(len(plan.layout)):
        start, _ = plan.slot(interval, rules)
        if start >= after and start - rules.call_lead(plan.day) > now:
            slot = _slot(plan, interval, touched, wanted=wanted, now=now, rules=rules, kept=kept)
            if slot.free:
                yield slot


def _slot(
    plan: DayPlan,
    interval: int,
    touched: dict[Position, Place],
    *,
    wanted: Wanted,
    now: datetime,
    rules: Rules,
    kept: Collection[Position] | None = None,
) -> Slot:
    free = places.on_sale(
        plan=plan, touched=touched, interval=interval, class_=wanted.class_, pool=wanted.pool, now=now, rules=rules, kept=kept
    )
    return Slot(plan, interval, touched, free)
