"""
A place is one unit of an interval's capacity. It is free as planned until touched, and what time alone changes is computed (D3–D5, D32).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.plans import DayPlan, PlaceClass, Position
from chalicelib.domain.rules import Rules


class Pool(StrEnum):
    """
    Primary, or given back and sold again at the secondary fee (§2.8, D5).
    """

    PRIMARY = "primary"
    SECONDARY = "secondary"


class PlaceState(StrEnum):
    """
    What was last written about a touched place.
    """

    FREE = "free"
    HELD = "held"
    SOLD = "sold"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Place:
    """
    A touched place. `on_sale_from` is when it is (again) anybody's, had nothing else been written; `sales` counts numbers issued for it.
    """

    checkpoint: str
    day: date
    position: Position
    class_: PlaceClass
    state: PlaceState
    secondary: bool
    sales: int
    version: int
    booking: str | None = None
    on_sale_from: datetime | None = None
    hold_expires_at: datetime | None = None

    def is_on_sale(self, now: datetime) -> bool:
        """
        Tell whether a buyer may take it now: free, or its hold lapsed, and its wait is over.
        """
        if self.state not in {PlaceState.FREE, PlaceState.HELD}:
            return False
        return self.on_sale_from is None or self.on_sale_from <= now

    def is_taken(self, now: datetime) -> bool:
        """
        Tell whether somebody has it: sold, or held and the hold still runs.
        """
        if self.state is PlaceState.HELD:
            return self.hold_expires_at is not None and now < self.hold_expires_at
        return self.state is PlaceState.SOLD

    def is_held_by(self, booking: str, now: datetime) -> bool:
        """
        Tell whether a booking's hold on it still runs.
        """
        return self.state is PlaceState.HELD and self.booking == booking and self.hold_expires_at is not None and now < self.hold_expires_at


def class_on(planned: PlaceClass, *, day: date, now: datetime, rules: Rules) -> PlaceClass:
    """
    Give a position's class now: from 00:00 local time of the day unsold priority places are general, expedited ones stay (§6, D4).
    """
    return PlaceClass.GENERAL if planned.is_priority and rules.today(now) >= day else planned


@dataclass(frozen=True, slots=True)
class FreeCount:
    """
    Places of one class on sale now, by pool.
    """

    primary: int
    secondary: int


def on_sale(
    *,
    plan: DayPlan,
    touched: Mapping[Position, Place],
    interval: int,
    class_: PlaceClass,
    pool: Pool,
    now: datetime,
    rules: Rules,
    kept: Collection[Position] | None = None,
) -> Sequence[Position]:
    """
    List the positions of an interval that a buyer of the class and pool may take now, lowest first (D6, D7). `kept`: the class's reserve, where
    it is known already: it is the day's.
    """
    if interval in plan.closed:
        return []
    found = []
    for position in plan.positions(interval):
        place = touched.get(position)
        if class_on(class_of(plan, place, position), day=plan.day, now=now, rules=rules) is not class_:
            continue
        secondary = place is not None and place.secondary
        if secondary == (pool is Pool.SECONDARY) and (place is None or place.is_on_sale(now)):
            found.append(position)
    if kept is None:
        kept = reserve(plan=plan, touched=touched, class_=class_, now=now, rules=rules) if found else frozenset()
    return [position for position in found if position not in kept]


def class_of(plan: DayPlan, place: Place | None, position: Position) -> PlaceClass:
    """
    Give a position's class: as planned, until a swap or an order wrote another (D3).
    """
    return plan.class_at(position) if place is None else place.class_


def reserve(*, plan: DayPlan, touched: Mapping[Position, Place], class_: PlaceClass, now: datetime, rules: Rules) -> frozenset[Position]:
    """
    Name the free places that nobody may take because the day, or a class, was lowered below what was sold: the last ones, by position.

    The order is fixed and a place is taken only where enough free ones lie behind it, so that no two buyers, however late they read,
    pass the capacity or a ceiling together (§6, §6-1, §22, D3; decision 0030).
    """
    if plan.per_day is None:
        return frozenset()
    ahead = {interval for interval in range(len(plan.layout)) if interval not in plan.closed and plan.slot(interval, rules)[1] > now}
    target = sum(plan.sizes[interval] for interval in ahead)
    here = [place for place in touched.values() if place.position.interval in ahead and plan.has(place.position)]
    drawn = sum(len(plan.layout[interval]) for interval in ahead)
    if class_ is PlaceClass.GENERAL and drawn - sum(place.state is PlaceState.WITHHELD for place in here) <= target:
        return frozenset()
    free = _free(plan, touched, ahead, now, rules)
    kept = free[max(0, target - sum(place.is_taken(now) for place in here)) :]
    if class_ is not PlaceClass.GENERAL:
        own = [each for each in free if class_on(class_of(plan, touched.get(each), each), day=plan.day, now=now, rules=rules) is class_]
        sold = sum(place.class_ is class_ and place.is_taken(now) for place in touched.values())
        kept = [*kept, *own[max(0, plan.quota(class_) - sold) :]]
    return frozenset(kept)


def _free(plan: DayPlan, touched: Mapping[Position, Place], ahead: Collection[int], now: datetime, rules: Rules) -> Sequence[Position]:
    """
    List what nobody has and a buyer could still have, now or after its wait: the lowest positions of all intervals first.
    """
    found = []
    for interval in ahead:
        if plan.slot(interval, rules)[0] - rules.call_lead(plan.day) > now:
            for position in plan.positions(interval):
                place = touched.get(position)
                if place is None or (place.state is not PlaceState.WITHHELD and not place.is_taken(now)):
                    found.append(position)
    return sorted(found, key=lambda each: (each.index, each.interval))


def count_free(
    *,
    plan: DayPlan,
    touched: Mapping[Position, Place],
    interval: int,
    class_: PlaceClass,
    now: datetime,
    rules: Rules,
    kept: Collection[Position] | None = None,
) -> FreeCount:
    """
    Count an interval's places of a class on sale now; `kept` as for `on_sale`.
    """
    primary, secondary = (
        len(on_sale(plan=plan, touched=touched, interval=interval, class_=class_, pool=pool, now=now, rules=rules, kept=kept))
        for pool in Pool
    )
    return FreeCount(primary, secondary)


def hold(*, seen: Place | None, plan: DayPlan, position: Position, booking: str, expires_at: datetime, cool_down: timedelta) -> Place:
    """
    Hold a place for a booking. Should the hold lapse, the place is on sale again as what it was, after the wait (D5).
    """
    base = touch(seen=seen, plan=plan, position=position)
    return replace(
        base,
        state=PlaceState.HELD,
        booking=booking,
        hold_expires_at=expires_at,
        on_sale_from=expires_at + cool_down,
        version=base.version + 1,
    )


def extend_hold(place: Place, *, expires_at: datetime, cool_down: timedelta) -> Place:
    """
    Let a hold run on while a card payment is under way.
    """
    return replace(place, hold_expires_at=expires_at, on_sale_from=expires_at + cool_down, version=place.version + 1)


def sell(place: Place) -> Place:
    """
    Sell a held place: its booking keeps it, its number is issued.
    """
    return replace(place, state=PlaceState.SOLD, sales=place.sales + 1, hold_expires_at=None, on_sale_from=None, version=place.version + 1)


def sell_free(*, seen: Place | None, plan: DayPlan, position: Position, booking: str) -> Place:
    """
    Sell a free place at once to a booking that has paid already: who moves (D14, D21).
    """
    return sell(replace(touch(seen=seen, plan=plan, position=position), booking=booking))


def give_back(place: Place, *, now: datetime, cool_down: timedelta) -> Place:
    """
    Put a place back on sale after the wait: a sold one is secondary for good, a held one comes back as what it was (§2.8, D5).
    """
    return replace(
        place,
        state=PlaceState.FREE,
        secondary=place.secondary or place.state is PlaceState.SOLD,
        booking=None,
        hold_expires_at=None,
        on_sale_from=now + cool_down,
        version=place.version + 1,
    )


def keep(place: Place, *, booking: str) -> Place:
    """
    Let a booking that was ended wrongly keep the place it gave back, under its number (D24).
    """
    return replace(place, state=PlaceState.SOLD, booking=booking, hold_expires_at=None, on_sale_from=None, version=place.version + 1)


def touch(*, seen: Place | None, plan: DayPlan, position: Position) -> Place:
    """
    Give a place as it was last written, or as planned where nobody has touched it (version 0).
    """
    return seen or Place(plan.checkpoint, plan.day, position, plan.class_at(position), PlaceState.FREE, secondary=False, sales=0, version=0)


def withhold(place: Place) -> Place:
    """
    Take a place off sale by an order (D21). What was sold from it is remembered, so that its next number is a new one.
    """
    return replace(place, state=PlaceState.WITHHELD, booking=None, hold_expires_at=None, on_sale_from=None, version=place.version + 1)


def restore(place: Place, *, class_: PlaceClass) -> Place:
    """
    Put a withheld place back on sale, or a free one into another class: primary or secondary as it was, after its wait.
    """
    wait = None if place.state is PlaceState.WITHHELD else place.on_sale_from
    return replace(
        place, state=PlaceState.FREE, class_=class_, booking=None, hold_expires_at=None, on_sale_from=wait, version=place.version + 1
    )


def number(*, code: str, place: Place) -> str:
    """
    Spell the booking number that names a sold place (§20, D7): `NZH-261203-14-07`, sold again `-2`.
    """
    spelled = f"{code}-{place.day:%y%m%d}-{place.position.interval:02d}-{place.position.index:02d}"
    return spelled if place.sales <= 1 else f"{spelled}-{place.sales}"


def attempt_order(free: Sequence[Position], *, tries: int, draw: float) -> Position:
    """
    Pick the place to try: the lowest first, after a conflict one at random among the lowest 4·2^tries (D7). `draw` is in [0, 1).
    """
    if tries == 0:
        return free[0]
    reach = min(len(free), 4 * 2**tries)
    return free[int(draw * reach)]
