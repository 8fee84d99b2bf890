"""
What the authority orders at a checkpoint: capacity, closures, delays, extensions; who is affected, and how far it is (D1, D21).
"""

from datetime import datetime, time, timedelta
from typing import Any, Final

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.call import AnyCall, Call, Role
from chalicelib.api.field_errors import invalid_field
from chalicelib.api.officer import OFFICER, WATCHERS, known_lane
from chalicelib.api.operation import Answered, Key, Rate, operation
from chalicelib.api.paging import page_of
from chalicelib.api.parameters import CHECKPOINT
from chalicelib.api.problems import ProblemError
from chalicelib.api.requests import perhaps_once
from chalicelib.api.schemas.changes import PreviewQuery
from chalicelib.api.schemas.fields import ZONE
from chalicelib.api.schemas.measures import (
    CapacityRequest,
    ClosureRequest,
    DelayRequest,
    ExtensionRequest,
    MeasurePage,
    MeasuresQuery,
    MeasureView,
    PeriodRequest,
    PreviewView,
    check_shape,
    minutes_of,
)
from chalicelib.api.views.measures import measure_view, preview_view
from chalicelib.domain.decisions import Code
from chalicelib.domain.measures import MeasureKind
from chalicelib.domain.policies import CapacityRule
from chalicelib.usecases.order_measure import Order
from chalicelib.usecases.outcomes import Done, IdempotentRequest
from chalicelib.usecases.preview_measure import Affected

AN_HOUR_MINUTES: Final = 60
ORDERERS: Final = frozenset({Role.OFFICER, Role.ADMIN})
ORDERING: Final[dict[str, Any]] = {
    "response": MeasureView,
    "status": 202,
    "answers": {200: PreviewView},
    "query": PreviewQuery,
    "roles": ORDERERS,
    "checkpoint": "id",
    "parameters": {"id": CHECKPOINT},
    "idempotency": Key.OPTIONAL,
    "rate": Rate.WRITE,
    "tags": OFFICER,
}
"""What all orders share: an officer's own checkpoint, a preview that changes nothing, 202 for what is being carried out."""


@operation(
    "PUT",
    "/v1/officer/checkpoints/{id}/capacity",
    request=CapacityRequest,
    problems=(Code.INTERVAL_FIXED,),
    rule="§6, D1",
    summary="Set the daily capacity from a day on",
    **ORDERING,
)
def set_capacity(call: Call[CapacityRequest, PreviewQuery]) -> Answered:
    """
    With interval length, opening hours and days off. Sold places are never lost: whoever must go is moved free of charge and told.
    """
    known_lane(call, barrier=False)
    rule, form = _capacity(call), call.body
    starts = datetime.combine(form.from_, time(), ZONE)
    ends = datetime.combine(form.to + timedelta(days=1), time(), ZONE) if form.to is not None else None
    if starts < _midnight():
        raise invalid_field("from", "not_past", language=call.language)
    return _ordered(call, [Order(call.path["id"], MeasureKind.CAPACITY, starts, ends, form.reason or "D1", capacity=rule)])


@operation(
    "POST",
    "/v1/officer/checkpoints/{id}/closures",
    request=ClosureRequest,
    rule="D21",
    summary="Close the checkpoint for a period",
    **ORDERING,
)
def order_closure(call: Call[ClosureRequest, PreviewQuery]) -> Answered:
    """
    From the answer on nothing is sold into the period; whoever is booked there is moved to the nearest free place, or chooses.
    """
    return _ordered(call, [_order(call, call.body, MeasureKind.CLOSURE)])


@operation(
    "POST",
    "/v1/officer/checkpoints/{id}/delays",
    request=DelayRequest,
    rule="D21",
    summary="Delay everybody booked in a period",
    **ORDERING,
)
def order_delay(call: Call[DelayRequest, PreviewQuery]) -> Answered:
    """
    Place, number and order stay; the expected time, the latest exit from the waiting area and the moment of a no-show move.
    """
    return _ordered(call, [_order(call, call.body, MeasureKind.DELAY, minutes=call.body.shift_minutes)])


@operation(
    "POST",
    "/v1/officer/checkpoints/{id}/extensions",
    request=ExtensionRequest,
    rule="D21",
    summary="Extend the bookings of a period",
    **ORDERING,
)
def order_extension(call: Call[ExtensionRequest, PreviewQuery]) -> Answered:
    """
    Here, or at every checkpoint toward a neighbor (then all of them must be the officer's): a closed road, with its source.
    """
    form, here = call.body, call.path["id"]
    first = _order(call, form, MeasureKind.EXTENSION, minutes=form.hours * 60, source=form.source)
    others = [
        Order(each, first.kind, first.starts, first.ends, first.reason, first.minutes, first.source) for each in _toward(call, form.country)
    ]
    return _ordered(call, [first, *(order for order in others if order.checkpoint != here)])


@operation(
    "GET",
    "/v1/officer/checkpoints/{id}/measures",
    query=MeasuresQuery,
    response=MeasurePage,
    roles=WATCHERS,
    checkpoint="id",
    parameters={"id": CHECKPOINT},
    polled=True,
    rule="D21",
    tags=OFFICER,
    summary="Orders of a checkpoint and how far they are",
)
def list_measures(call: Call[None, MeasuresQuery]) -> Answered:
    """
    Newest first, with what was done so far.
    """
    known_lane(call, barrier=False)
    found = sorted(wiring.store().measures.of_checkpoint(call.path["id"]), key=lambda each: (each.at, each.id), reverse=True)
    items, further = page_of(found, call.query)
    return MeasurePage(items=[measure_view(item) for item in items], next_cursor=further)


def _midnight() -> datetime:
    now = wiring.clock().now()
    rules = wiring.rules_on(now)
    return rules.midnight(rules.today(now))


def _capacity(call: Call[CapacityRequest, PreviewQuery]) -> CapacityRule:
    """
    Complete what was asked by what is in force on the first day.
    """
    standing, form = wiring.standing_orders().at(call.path["id"]), call.body
    if standing is None:
        raise ProblemError.because(Code.NOT_FOUND)
    known = standing.capacity_on(form.from_)
    opens = known.opens if form.opens is None else minutes_of(form.opens)
    closes = known.closes if form.closes is None else minutes_of(form.closes)
    interval = known.interval_minutes if form.interval_minutes is None else form.interval_minutes
    fault = check_shape(interval_minutes=interval, opens=opens, closes=closes, per_day=form.per_day)
    if fault is not None:
        raise invalid_field(*fault, language=call.language)
    return CapacityRule(form.per_day, interval, opens, closes, known.days_off if form.days_off is None else tuple(form.days_off))


def _order(call: AnyCall, form: PeriodRequest, kind: MeasureKind, *, minutes: int = 0, source: str | None = None) -> Order:
    known_lane(call, barrier=False)
    if form.ends <= wiring.clock().now():
        raise invalid_field("to", "not_past", language=call.language)
    return Order(call.path["id"], kind, form.starts, form.ends, form.reason, minutes, source)


def _toward(call: AnyCall, country: str | None) -> list[str]:
    found = [item.id for item in wiring.law().checkpoints.values() if country is not None and item.country == country]
    principal = call.principal
    if country is not None and not found:
        raise invalid_field("country", "unknown_id", language=call.language)
    if principal is None or (Role.ADMIN not in principal.roles and not principal.checkpoints.issuperset(found)):
        raise ProblemError.because(Code.NOT_YOUR_CHECKPOINT)
    return found


def _ordered(call: AnyCall, orders: list[Order]) -> Answered:
    """
    Tell who would be affected, or order it at each checkpoint: the first is the one of the path.
    """
    use_case, officer = wiring.order_measure(), call.account
    if call.query.preview:
        shown = use_case.preview(officer=officer, order=orders[0])
        rules = wiring.rules_on(wiring.clock().now())
        crossed = wiring.count_crossings().trailing(checkpoint=orders[0].checkpoint)
        if not isinstance(shown, Affected):
            return shown
        return Answer(preview_view(shown, rules=rules, crossed_a_day=crossed, advised_a_day=_advised(orders[0])), status=200)
    done = [use_case(officer=officer, order=order, request=_once(call, order.checkpoint)) for order in orders]
    first = done[0]
    if not isinstance(first, Done):
        return first
    measure = wiring.store().measures.measure(orders[0].checkpoint, first.resource)
    others = [order.checkpoint for order, outcome in zip(orders[1:], done[1:], strict=True) if isinstance(outcome, Done)]
    return None if measure is None else measure_view(measure, also_at=others or None)


def _advised(order: Order) -> int | None:
    """
    Say how many places a day a capacity is advised to have: over the hours that it orders.
    """
    if order.capacity is None:
        return None
    an_hour = wiring.show_flow().read(checkpoint=order.checkpoint).places_an_hour
    return None if an_hour is None else int(an_hour * (order.capacity.closes - order.capacity.opens) / AN_HOUR_MINUTES)


def _once(call: AnyCall, checkpoint: str) -> IdempotentRequest | None:
    request = perhaps_once(call.idempotency)
    return None if request is None else IdempotentRequest(f"{request.key} {checkpoint}", request.body_hash)
