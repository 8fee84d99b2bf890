"""
An officer orders another capacity, a closure, a delay or an extension: from its commit on nothing is sold against it (D1, D21).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chalicelib.domain.capacity import DayBook
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.measures import Measure, MeasureKind
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.policies import CAPACITY, CapacityRule, PolicyRow
from chalicelib.domain.reshaping import fits, is_fixed
from chalicelib.domain.rules import Rules
from chalicelib.usecases.apply_measures import ApplyMeasures
from chalicelib.usecases.carry_out import measure_event
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Chance, Clock, Committed, Committer, Places, Requests, StoreBusyError, Write
from chalicelib.usecases.preview_measure import Affected, PreviewMeasure
from chalicelib.usecases.standing_orders import Standing, StandingOrders

MOST_TRIES = 5
MOST_DAYS = 90
"""Plans that fit into the transaction beside the rest; the step brings further days up to date."""
AT_ONCE = 40
"""Transactions that a request carries out itself; the step does the rest."""


@dataclass(frozen=True, slots=True)
class Order:
    """
    What is ordered at one checkpoint over the half-open period [starts, ends); capacity has whole days, and no end until further notice.
    """

    checkpoint: str
    kind: MeasureKind
    starts: datetime
    ends: datetime | None
    reason: str
    minutes: int = 0
    source: str | None = None
    capacity: CapacityRule | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """
    An order made ready: the order as stored, its decision row (capacity only), and what stands together with it.
    """

    measure: Measure
    decision: PolicyRow | None
    standing: Standing
    plans: Sequence[DayPlan] = field(default=())


@dataclass(frozen=True, slots=True)
class OrderMeasure:
    """
    `PUT …/capacity`, `POST …/closures`, `…/delays`, `…/extensions`.
    """

    committer: Committer
    places: Places
    requests: Requests
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]
    orders: StandingOrders
    apply: ApplyMeasures
    show: PreviewMeasure

    def __call__(self, *, officer: str, order: Order, request: IdempotentRequest | None) -> Outcome:
        """
        Order it, and carry out what a request has time for: `Done` with the measure's id, or why not. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now) if request is not None else None
            if known is not None:
                return known
            outcome = self._attempt(officer, order, request, now)
            if outcome is not None:
                return outcome
        raise StoreBusyError("measure")

    def preview(self, *, officer: str, order: Order) -> Affected | Refused | Missing:
        """
        Tell who would be affected and where he would be moved, changing nothing.
        """
        now = self.clock.now()
        made = self._made(officer, order, now)
        return self.show(measure=made.measure, standing=made.standing, plans=made.plans, now=now) if isinstance(made, Ordered) else made

    def _attempt(self, officer: str, order: Order, request: IdempotentRequest | None, now: datetime) -> Outcome | None:
        made = self._made(officer, order, now)
        if not isinstance(made, Ordered):
            return made
        rules, measure = self.rules_on(now), made.measure
        changed = [(plan, followed) for plan in made.plans for followed in [made.standing.follow(plan, rules)] if followed is not plan]
        detail = {"kind": measure.kind.value, "starts": measure.starts.isoformat(), "ends": measure.ends.isoformat(), **measure.figures}
        done = self.committer.commit(
            Write(measure),
            *([Write(made.decision)] if made.decision is not None else []),
            *(Write(followed, plan.version) for plan, followed in changed[:MOST_DAYS]),
            Write(measure_event(measure, kind="ordered", at=now, rules=rules, detail=detail)),
            *([Write(request.record(status=202, resource=measure.id, answer={}, at=now))] if request is not None else []),
        )
        if not isinstance(done, Committed):
            return None
        self._begin(measure)
        return Done(202, measure.id)

    def _begin(self, measure: Measure) -> None:
        try:
            self.apply.carry(checkpoint=measure.checkpoint, measure=measure.id, most=AT_ONCE)
        except StoreBusyError:
            return  # ordered it is; the step goes on where this stopped

    def _made(self, officer: str, order: Order, now: datetime) -> Ordered | Refused | Missing:
        rules, standing = self.rules_on(now), self.orders.at(order.checkpoint)
        if standing is None:
            return Missing()
        horizon_end = rules.midnight(rules.last_day(now) + timedelta(days=1))
        ends = order.ends or max(horizon_end, order.starts + timedelta(days=1))
        measure = Measure(
            id=self.chance.id("ms"),
            checkpoint=order.checkpoint,
            kind=order.kind,
            starts=order.starts,
            ends=ends,
            reason=order.reason,
            by=officer,
            at=now,
            cursor=max(rules.today(order.starts), rules.today(now)),
            minutes=order.minutes,
            source=order.source,
            figures=_figures(order.capacity),
            due_at=now,
        )
        decision = self._decision(order, measure, rules)
        last = min(measure.last_day(rules), rules.last_day(now))
        plans = self.places.plans(order.checkpoint, first=measure.cursor, last=last) if measure.cursor <= last else ()
        made = Ordered(measure, decision, standing.with_more(decision=decision, measure=measure), plans)
        return self._fixed(made, now, rules) or made

    def _fixed(self, made: Ordered, now: datetime, rules: Rules) -> Refused | None:
        """
        Refuse other intervals for days of which somebody has a place: from the day after the last of them they may be ordered (D3, D7).
        """
        if made.decision is None:
            return None
        misfits = [plan for plan in made.plans if not fits(plan, made.standing.capacity_on(plan.day))]
        books = (DayBook(plan, self.places.touched(plan.checkpoint, plan.day, consistent=True), now, rules) for plan in misfits)
        fixed = [book.plan.day for book in books if is_fixed(book)]
        return Refused.because(Code.INTERVAL_FIXED, "D3", day=str(max(fixed) + timedelta(days=1))) if fixed else None

    @staticmethod
    def _decision(order: Order, measure: Measure, rules: Rules) -> PolicyRow | None:
        if order.capacity is None:
            return None
        until: date | None = None if order.ends is None else measure.last_day(rules)
        return PolicyRow(
            scope=order.checkpoint,
            policy=CAPACITY,
            since=measure.first_day(rules),
            until=until,
            value=_figures(order.capacity),
            by=measure.by,
            ground="D1",
            at=measure.at,
            id=measure.id,
            days_off=order.capacity.days_off,
        )


def _figures(rule: CapacityRule | None) -> Mapping[str, int]:
    if rule is None:
        return {}
    return {"per_day": rule.per_day, "interval_minutes": rule.interval_minutes, "opens": rule.opens, "closes": rule.closes}
