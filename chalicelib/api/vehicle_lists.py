"""
Lists of vehicles of the postal operator and of state bodies (§6 (1), (3)): uploaded by one officer, approved by another.
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer, Document
from chalicelib.api.call import AnyCall, Call, Role
from chalicelib.api.identity import authorize
from chalicelib.api.list_uploads import LIMIT, TYPES, sent_list
from chalicelib.api.middleware import XLSX
from chalicelib.api.officer import WATCHERS, checkpoints_of
from chalicelib.api.operation import Answered, Key, PathParameter, Rate, operation
from chalicelib.api.parameters import LIST
from chalicelib.api.problems import ProblemError
from chalicelib.api.requests import acting_once
from chalicelib.api.schemas.base import WholeQuery
from chalicelib.api.schemas.vehicle_lists import (
    ListsQuery,
    RejectListRequest,
    UploadQuery,
    VehicleListDetail,
    VehicleListPage,
    VehicleListView,
)
from chalicelib.api.views.vehicle_lists import list_detail, list_page, list_view, report, template
from chalicelib.domain.decisions import Code
from chalicelib.domain.vehicle_lists import VehicleList
from chalicelib.usecases.outcomes import Done, Outcome

LISTS = ("Vehicle lists",)
OFFICERS = frozenset({Role.OFFICER})
KIND = PathParameter("csv|xlsx", "The kind of file.", "xlsx")


def seen_list(call: AnyCall) -> VehicleList:
    """
    Find the list of the path at a checkpoint that the caller sees, or refuse with 404.
    """
    found, own = wiring.store().vehicle_lists.get(call.path["id"]), checkpoints_of(call)
    if found is None or (own is not None and found.checkpoint not in own):
        raise ProblemError.because(Code.NOT_FOUND)
    return found


def shown_after(outcome: Outcome) -> Answered:
    """
    Show the list that something was done to, or why it was not.
    """
    if not isinstance(outcome, Done):
        return outcome
    found = wiring.store().vehicle_lists.get(outcome.resource)
    return None if found is None else Answer(list_view(found), outcome.status)


@operation(
    "POST",
    "/v1/officer/vehicle-lists",
    query=UploadQuery,
    response=VehicleListView,
    status=201,
    roles=OFFICERS,
    raw_limit=LIMIT,
    raw_types=TYPES,
    idempotency=Key.REQUIRED,
    problems=(Code.NOT_YOUR_CHECKPOINT, Code.NOT_FOUND),
    rate=Rate.WRITE,
    rule="§6",
    tags=LISTS,
    summary="Upload a vehicle list",
)
def upload_list(call: Call[None, UploadQuery]) -> Answered:
    """
    CSV or XLSX, read row by row. A list without errors is `submitted`; one with errors is `rejected`, admits nothing and has a report.
    """
    sent, request = sent_list(call)
    return shown_after(wiring.receive_list()(officer=call.account, sent=sent, request=request))


@operation(
    "GET",
    "/v1/officer/vehicle-lists",
    query=ListsQuery,
    response=VehicleListPage,
    roles=WATCHERS,
    problems=(Code.NOT_YOUR_CHECKPOINT, Code.NOT_FOUND),
    rule="§6",
    tags=LISTS,
    summary="Vehicle lists of a checkpoint",
)
def list_vehicle_lists(call: Call[None, ListsQuery]) -> Answered:
    """
    Latest first, of one status where that is asked.
    """
    wanted = call.query
    authorize(call.principal, roles=WATCHERS, checkpoint=wanted.checkpoint)
    lists = wiring.store().vehicle_lists
    return list_page(lists.of_checkpoint(wanted.checkpoint, status=wanted.status, limit=wanted.limit, cursor=wanted.cursor))


@operation(
    "GET",
    "/v1/officer/vehicle-lists/template.xlsx",
    response=None,
    media_types=(XLSX,),
    roles=WATCHERS,
    rule="§6",
    tags=LISTS,
    summary="An empty vehicle list to fill in",
)
def get_template(call: AnyCall) -> Document:
    """
    With its headings in the caller's language, and a second sheet that says how to fill it in.
    """
    return template(lead_days=wiring.rules_on(wiring.clock().now()).list_lead_days, language=call.language)


@operation(
    "GET",
    "/v1/officer/vehicle-lists/{id}",
    parameters={"id": LIST},
    query=WholeQuery,
    response=VehicleListDetail,
    roles=WATCHERS,
    rule="§6",
    tags=LISTS,
    summary="A vehicle list with what is wrong with it",
)
def get_vehicle_list(call: Call[None, WholeQuery]) -> Answered:
    """
    Every error by row and column, with what to do about it.
    """
    found = seen_list(call)
    return list_detail(found, wiring.store().vehicle_lists.parts(found.id), query=call.query, language=call.language)


@operation(
    "GET",
    "/v1/officer/vehicle-lists/{id}/report/{kind}",
    parameters={"id": LIST, "kind": KIND},
    response=None,
    media_types=("text/csv", XLSX),
    roles=WATCHERS,
    rule="§6",
    tags=LISTS,
    summary="A vehicle list to hand back",
)
def get_list_report(call: AnyCall) -> Document:
    """
    As it came, with a column of errors, as CSV or XLSX.
    """
    found = seen_list(call)
    return report(found, wiring.store().vehicle_lists.parts(found.id), kind=call.path["kind"], language=call.language)


@operation(
    "POST",
    "/v1/officer/vehicle-lists/{id}/approve",
    parameters={"id": LIST},
    response=VehicleListView,
    roles=OFFICERS,
    idempotency=Key.REQUIRED,
    problems=(Code.LIST_NOT_SUBMITTED, Code.ANOTHER_OFFICER_REQUIRED),
    rate=Rate.WRITE,
    rule="§6",
    tags=LISTS,
    summary="Approve a vehicle list",
)
def approve_list(call: AnyCall) -> Answered:
    """
    By another officer of the checkpoint than who uploaded it; its vehicles may then book their days.
    """
    own, request = checkpoints_of(call) or frozenset(), acting_once(call.idempotency_key)
    return shown_after(wiring.decide_list()(officer=call.account, checkpoints=own, list_=call.path["id"], reason=None, request=request))


@operation(
    "POST",
    "/v1/officer/vehicle-lists/{id}/reject",
    parameters={"id": LIST},
    request=RejectListRequest,
    response=VehicleListView,
    roles=OFFICERS,
    idempotency=Key.REQUIRED,
    problems=(Code.LIST_NOT_SUBMITTED,),
    rate=Rate.WRITE,
    rule="§6",
    tags=LISTS,
    summary="Reject a vehicle list",
)
def reject_list(call: Call[RejectListRequest, None]) -> Answered:
    """
    With the reason that the sender is told.
    """
    own, request = checkpoints_of(call) or frozenset(), acting_once(call.idempotency_key)
    done = wiring.decide_list()(officer=call.account, checkpoints=own, list_=call.path["id"], reason=call.body.reason, request=request)
    return shown_after(done)
