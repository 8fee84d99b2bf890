"""
What everybody may see: checkpoints, their days and slots, the board, fees and the agreement.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.api.call import AnyCall, Call
from chalicelib.api.operation import PUBLIC, Answered, operation
from chalicelib.api.paging import page_of
from chalicelib.api.parameters import CHECKPOINT
from chalicelib.api.problems import ProblemError
from chalicelib.api.recent import Recent
from chalicelib.api.schemas.checkpoints import (
    AgreementView,
    BoardAnswer,
    CheckpointDetailView,
    CheckpointPage,
    CheckpointsQuery,
    DaysQuery,
    DaysView,
    FeesQuery,
    FeesView,
    FirstFreeQuery,
    FirstFreeView,
    SlotsQuery,
    SlotsView,
)
from chalicelib.api.schemas.flow import FlowAnswer
from chalicelib.api.views import checkpoints as views
from chalicelib.api.views.flow import flow_answer
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.places import Pool
from chalicelib.jurisdictions.checkpoints import Checkpoint
from chalicelib.usecases.find_places import DayView
from chalicelib.usecases.show_flow import FlowView

HERE = {"id": CHECKPOINT}
PLACES = ("Checkpoints and places",)
RULES = ("Fees and agreement",)
DAYS: Recent[Sequence[DayView]] = Recent(span=timedelta(seconds=2))
"""The load of days, which may be 5 s old: 90 days are the dearest thing that everybody may ask for."""

FLOWS: Recent[FlowView] = Recent(span=timedelta(seconds=5), most=100)
"""How queues move, which changes by the vehicle, every few minutes."""


def known(call: AnyCall) -> Checkpoint:
    """
    Find the checkpoint of the path, or refuse with 404.
    """
    found = wiring.law().checkpoint(call.path["id"])
    if found is None:
        raise ProblemError.because(Code.NOT_FOUND)
    return found


def today() -> date:
    """
    Name the local day of business time.
    """
    now = wiring.clock().now()
    return wiring.rules_on(now).today(now)


@operation(
    "GET",
    "/v1/checkpoints",
    query=CheckpointsQuery,
    response=CheckpointPage,
    roles=PUBLIC,
    polled=True,
    tags=PLACES,
    summary="All checkpoints",
)
def list_checkpoints(call: Call[None, CheckpointsQuery]) -> Answered:
    """
    All 48 on one page, or those toward one neighbor.
    """
    found = [item for item in wiring.law().checkpoints.values() if call.query.country in (None, item.country)]
    items, further = page_of(found, call.query)
    now, plans = wiring.clock().now(), wiring.find_places().today(checkpoints=[item.id for item in items])
    rules = wiring.rules_on(now)
    status = {item.id: views.status_of(item, plans.get(item.id), now=now, rules=rules) for item in items}
    shown = [views.checkpoint_view(item, status=status[item.id], language=call.language) for item in items]
    return CheckpointPage(items=shown, next_cursor=further)


@operation(
    "GET",
    "/v1/checkpoints/{id}",
    parameters=HERE,
    response=CheckpointDetailView,
    roles=PUBLIC,
    polled=True,
    tags=PLACES,
    summary="A checkpoint",
)
def get_checkpoint(call: AnyCall) -> Answered:
    """
    Its lanes, opening hours, today's capacity, and how long before the booked time it calls.
    """
    checkpoint, now, day = known(call), wiring.clock().now(), today()
    days = wiring.find_places().days(checkpoint=checkpoint.id, first=day, last=day, class_=FirstFreeQuery().class_)
    now_here = views.Today(
        now=now,
        plan=wiring.find_places().today(checkpoints=[checkpoint.id]).get(checkpoint.id),
        load=days[0] if days else None,
        crossed_a_day=wiring.count_crossings().trailing(checkpoint=checkpoint.id),
        rules=wiring.rules_on(now),
    )
    return views.checkpoint_detail(checkpoint, today=now_here, language=call.language)


@operation(
    "GET",
    "/v1/checkpoints/{id}/days",
    parameters=HERE,
    query=DaysQuery,
    response=DaysView,
    roles=PUBLIC,
    polled=True,
    unversioned={"as_of"},
    rule="§22",
    tags=PLACES,
    summary="The load of each day",
)
def list_days(call: Call[None, DaysQuery]) -> Answered:
    """
    Up to 90 days of the horizon; a closed day has no capacity.
    """
    first, last = call.query.from_ or date.min, call.query.to or date.max
    wanted: dict[str, Any] = {"checkpoint": known(call).id, "first": first, "last": last, "class_": call.query.class_}
    now = wiring.clock().now()
    days, as_of = DAYS.get(tuple(wanted.values()), now=now, make=lambda: wiring.find_places().days(**wanted))
    return views.days_view(page_of(days, call.query), as_of=as_of)


@operation(
    "GET",
    "/v1/checkpoints/{id}/slots",
    parameters=HERE,
    query=SlotsQuery,
    response=SlotsView,
    roles=PUBLIC,
    polled=True,
    problems=(Code.OUTSIDE_HORIZON,),
    rule="§22",
    tags=PLACES,
    summary="The intervals of a day",
)
def list_slots(call: Call[None, SlotsQuery]) -> Answered:
    """
    What is free in each interval, and at what fee.
    """
    found = wiring.find_places().slots(checkpoint=known(call).id, day=call.query.date, class_=call.query.class_)
    return found if isinstance(found, Refused) else views.slots_view(page_of(found, call.query))


@operation(
    "GET",
    "/v1/checkpoints/{id}/first-free",
    parameters=HERE,
    query=FirstFreeQuery,
    response=FirstFreeView,
    roles=PUBLIC,
    polled=True,
    problems=(Code.NO_FREE_PLACE,),
    rule="§22",
    tags=PLACES,
    summary="The first interval with a free place",
)
def first_free(call: Call[None, FirstFreeQuery]) -> Answered:
    """
    Of the class and pool, not before a moment.
    """
    wanted = call.query
    found = wiring.find_places().first_free(checkpoint=known(call).id, after=wanted.after, class_=wanted.class_, pool=wanted.pool)
    if isinstance(found, Refused):
        return found
    return FirstFreeView(start=found.start, end=found.end, free=found.free if wanted.pool is Pool.PRIMARY else found.free_secondary)


@operation(
    "GET",
    "/v1/checkpoints/{id}/board",
    parameters=HERE,
    response=BoardAnswer,
    roles=PUBLIC,
    polled=True,
    unversioned={"at"},
    rule="§12",
    tags=PLACES,
    summary="What the board shows now",
)
def get_board(call: AnyCall) -> Answered:
    """
    Called, entering and leaving; plates and numbers, never a name.
    """
    return views.board_answer(wiring.show_board().read(checkpoint=known(call).id))


@operation(
    "GET",
    "/v1/checkpoints/{id}/flow",
    parameters=HERE,
    response=FlowAnswer,
    roles=PUBLIC,
    polled=True,
    unversioned={"as_of"},
    rule="§34",
    tags=PLACES,
    summary="How the queue moves",
)
def get_flow(call: AnyCall) -> Answered:
    """
    Which interval is being served, how late it runs, and when the vehicles of those ahead will enter, with an 80 % band.
    """
    checkpoint, now = known(call).id, wiring.clock().now()
    flow, _ = FLOWS.get(checkpoint, now=now, make=lambda: wiring.show_flow().read(checkpoint=checkpoint))
    return flow_answer(flow)


@operation(
    "GET",
    "/v1/fees",
    query=FeesQuery,
    response=FeesView,
    roles=PUBLIC,
    polled=True,
    problems=(Code.FEE_UNKNOWN,),
    rule="§25",
    tags=RULES,
    summary="Every fee and the deposit",
)
def list_fees(call: Call[None, FeesQuery]) -> Answered:
    """
    In monthly calculation indexes and tenge, each with its legal source.
    """
    day = call.query.date or today()
    schedule = wiring.law().fees_on(day)
    return Refused.because(Code.FEE_UNKNOWN, "25", date=str(day)) if schedule is None else views.fees_view(schedule, on=day)


@operation(
    "GET",
    "/v1/agreement",
    response=AgreementView,
    roles=PUBLIC,
    polled=True,
    rule="§15",
    tags=RULES,
    summary="The user agreement in force",
)
def get_agreement(_: AnyCall) -> Answered:
    """
    Its text in three languages and its fingerprint.
    """
    agreement = wiring.law().agreement()
    texts = views.names_view(agreement.texts)
    return AgreementView(version=agreement.version, published_on=agreement.published_on, texts=texts, sha256=agreement.sha256)
