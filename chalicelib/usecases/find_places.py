"""
What is free: days by their load row, slots by one partition query, the first free slot (§16, §22).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.fees import Tariff
from chalicelib.domain.places import Place, PlaceState, Pool, count_free, reserve
from chalicelib.domain.plans import DayPlan, PlaceClass, Position
from chalicelib.domain.records import Load
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Clock, Committed, Committer, Places, StoreBusyError, Write

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class SlotView:
    """
    One interval as a buyer of a class sees it; fees in tiyn, none where unknown.
    """

    start: datetime
    end: datetime
    capacity: int
    free: int
    free_secondary: int
    fee: int | None
    fee_secondary: int | None


@dataclass(frozen=True, slots=True)
class DayView:
    """
    The load of one day for a class.
    """

    day: date
    closed: bool
    capacity: int
    free: int
    free_secondary: int


@dataclass(slots=True)
class _Day:
    """
    One day as a buyer of a class sees it; what is kept back is worked out once for all its intervals.
    """

    plan: DayPlan
    touched: Mapping[Position, Place]
    class_: PlaceClass
    now: datetime
    rules: Rules
    _kept: dict[PlaceClass, Collection[Position]] = field(default_factory=dict)

    def kept(self, class_: PlaceClass) -> Collection[Position]:
        """
        Give the reserve of a class.
        """
        if class_ not in self._kept:
            self._kept[class_] = reserve(plan=self.plan, touched=self.touched, class_=class_, now=self.now, rules=self.rules)
        return self._kept[class_]


@dataclass(frozen=True, slots=True)
class FindPlaces:
    """
    Reads for the calendar and the slot list.
    """

    committer: Committer
    places: Places
    clock: Clock
    rules_on: Callable[[datetime], Rules]
    tariff_on: Callable[[date], Tariff | None]

    def slots(self, *, checkpoint: str, day: date, class_: PlaceClass) -> Sequence[SlotView] | Refused:
        """
        List a day's intervals; outside the horizon refused (§22), a closed day has none.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        if not rules.today(now) <= day <= rules.last_day(now):
            return Refused.because(Code.OUTSIDE_HORIZON, "22", days=rules.horizon_days)
        plan = self.places.plan(checkpoint, day)
        if plan is None or plan.is_closed:
            return ()
        touched = self.places.touched(checkpoint, day, consistent=False)
        shown = _Day(plan, touched, class_, now, rules)
        return [self._slot(shown, interval) for interval in range(len(plan.layout))]

    def _slot(self, day: "_Day", interval: int) -> SlotView:
        plan, class_, now, rules = day.plan, day.class_, day.now, day.rules
        start, end = plan.slot(interval, rules)
        free = count_free(plan=plan, touched=day.touched, interval=interval, class_=class_, now=now, rules=rules, kept=day.kept(class_))
        closed = start - rules.call_lead(plan.day) <= now
        tariff = self.tariff_on(rules.today(now))
        return SlotView(
            start=start,
            end=end,
            capacity=offered(plan, day.touched, interval, kept=day.kept(PlaceClass.GENERAL)),
            free=0 if closed else free.primary,
            free_secondary=0 if closed else free.secondary,
            fee=tariff.fee(class_, Pool.PRIMARY) if tariff else None,
            fee_secondary=tariff.fee(class_, Pool.SECONDARY) if tariff else None,
        )

    def today(self, *, checkpoints: Sequence[str]) -> Mapping[str, DayPlan]:
        """
        Give today's plans of many checkpoints in one read; those without one are left out.
        """
        now = self.clock.now()
        return {plan.checkpoint: plan for plan in self.places.plans_on(checkpoints, self.rules_on(now).today(now))}

    def days(self, *, checkpoint: str, first: date, last: date, class_: PlaceClass) -> Sequence[DayView]:
        """
        List the load of each day of the horizon between two dates; a day without a plan is closed.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        first, last = max(first, rules.today(now)), min(last, rules.last_day(now))
        if first > last:
            return []
        plans = {plan.day: plan for plan in self.places.plans(checkpoint, first=first, last=last)}
        loads = {load.day: load for load in self.places.loads(checkpoint, first=first, last=last)}
        days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        return [self._day(day, plans.get(day), loads.get(day), class_, now, rules) for day in days]

    def _day(self, day: date, plan: DayPlan | None, load: Load | None, class_: PlaceClass, now: datetime, rules: Rules) -> DayView:
        if plan is None or plan.is_closed:
            return DayView(day, closed=True, capacity=0, free=0, free_secondary=0)
        if load is not None and load.plan_version == plan.version and (load.fresh_until is None or now < load.fresh_until):
            free, secondary = load.free[class_.value]
        else:
            known = load is not None or plan.version > 1
            touched = self.places.touched(plan.checkpoint, day, consistent=False) if known else {}
            free, secondary = buyable(plan, touched, class_, now=now, rules=rules)
        return DayView(day, closed=False, capacity=open_capacity(plan), free=free, free_secondary=secondary)

    def first_free(self, *, checkpoint: str, after: datetime | None, class_: PlaceClass, pool: Pool) -> SlotView | Refused:
        """
        Find the first slot with a free place that can still be bought.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        earliest = max(after or now, now)
        if rules.today(earliest) > rules.last_day(now):
            return Refused.because(Code.NO_FREE_PLACE, "22")
        for plan in self.places.plans(checkpoint, first=rules.today(earliest), last=rules.last_day(now)):
            touched = self.places.touched(checkpoint, plan.day, consistent=False)
            day = _Day(plan, touched, class_, now, rules)
            for interval in range(len(plan.layout)):
                slot = self._slot(day, interval)
                if slot.start >= earliest and (slot.free if pool is Pool.PRIMARY else slot.free_secondary):
                    return slot
        return Refused.because(Code.NO_FREE_PLACE, "22")

    def recompute(self, *, checkpoint: str, day: date) -> None:
        """
        Write the load of a day anew; after a conflict once more, for whoever was faster may have counted earlier. Raises `StoreBusyError`.
        """
        plan = self.places.plan(checkpoint, day)
        if plan is None:
            return
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            seen = self.places.load(checkpoint, day)
            version = seen.version if seen else 0
            touched = self.places.touched(checkpoint, day, consistent=True)
            load = reckon_load(plan, touched, now=now, rules=self.rules_on(now), version=version + 1)
            if isinstance(self.committer.commit(Write(load, version)), Committed):
                return
        raise StoreBusyError("load")


def reckon_load(plan: DayPlan, touched: Mapping[Position, Place], *, now: datetime, rules: Rules, version: int) -> Load:
    """
    Count a day's free places by class that can still be bought, and say until when the count holds by itself.
    """
    free = {class_.value: buyable(plan, touched, class_, now=now, rules=rules) for class_ in PlaceClass}
    lead = rules.call_lead(plan.day)
    closings = (plan.slot(interval, rules)[0] - lead for interval in range(len(plan.layout)))
    waits = (place.on_sale_from for place in touched.values() if place.state is not PlaceState.WITHHELD and place.on_sale_from)
    later = (moment for moment in (*closings, *waits, rules.midnight(plan.day)) if moment > now)
    sold = [0] * len(plan.layout)
    for position, place in touched.items():
        if plan.has(position):
            sold[position.interval] += place.state is PlaceState.SOLD
    return Load(plan.checkpoint, plan.day, open_capacity(plan), free, now, min(later, default=None), version, plan.version, tuple(sold))


def open_capacity(plan: DayPlan) -> int:
    """
    Count the places that a day offers under the figure in force, without its closed intervals (D1, D21).
    """
    return sum(size for interval, size in enumerate(plan.sizes) if interval not in plan.closed)


def offered(plan: DayPlan, touched: Mapping[Position, Place], interval: int, *, kept: Collection[Position]) -> int:
    """
    Count the places of an interval that are sold or on sale: a closed one has none, what is withheld or kept back is none.
    """
    here = (place for position, place in touched.items() if position.interval == interval and plan.has(position))
    withheld = sum(place.state is PlaceState.WITHHELD for place in here)
    return 0 if interval in plan.closed else len(plan.layout[interval]) - withheld - sum(each.interval == interval for each in kept)


def buyable(plan: DayPlan, touched: Mapping[Position, Place], class_: PlaceClass, *, now: datetime, rules: Rules) -> tuple[int, int]:
    """
    Count a day's free places of a class, primary and secondary, in the intervals whose sale is still open (D16).
    """
    lead = rules.call_lead(plan.day)
    kept = reserve(plan=plan, touched=touched, class_=class_, now=now, rules=rules)
    counts = [
        count_free(plan=plan, touched=touched, interval=interval, class_=class_, now=now, rules=rules, kept=kept)
        for interval in range(len(plan.layout))
        if plan.slot(interval, rules)[0] - lead > now
    ]
    return sum(count.primary for count in counts), sum(count.secondary for count in counts)
