"""
Complaints to the registrar's head (§6-2, §28): the user's own, and the head's desk.
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.call import AnyCall, Call
from chalicelib.api.operation import Answered, Key, Rate, operation
from chalicelib.api.parameters import COMPLAINT, REGISTRAR, USER
from chalicelib.api.requests import perhaps_once
from chalicelib.api.schemas.base import PageQuery
from chalicelib.api.schemas.sanctions import CasePage, CaseQuery, CaseView, ComplaintPage, ComplaintRequest, ComplaintView, DecisionRequest
from chalicelib.api.views.sanctions import case_page, case_view, complaint_page, complaint_view
from chalicelib.contracts.plates import normalize
from chalicelib.domain.decisions import Code
from chalicelib.usecases.decide_complaint import Verdict
from chalicelib.usecases.make_complaint import Grievance
from chalicelib.usecases.outcomes import Done, Missing

COMPLAINTS = ("Complaints",)


@operation(
    "GET",
    "/v1/me/complaints",
    query=PageQuery,
    response=ComplaintPage,
    roles=USER,
    rule="§6-2",
    tags=COMPLAINTS,
    summary="My complaints",
)
def list_my_complaints(call: Call[None, PageQuery]) -> Answered:
    """
    Newest first, each with the last day for its decision.
    """
    found = wiring.read_complaints().mine(account=call.account, limit=call.query.limit, cursor=call.query.cursor)
    return complaint_page(found, language=call.language)


@operation(
    "POST",
    "/v1/me/complaints",
    request=ComplaintRequest,
    response=ComplaintView,
    status=201,
    roles=USER,
    idempotency=Key.OPTIONAL,
    problems=(Code.NOT_FOUND, Code.NOT_BLOCKED, Code.COMPLAINT_MADE),
    rate=Rate.WRITE,
    rule="§6-2",
    tags=COMPLAINTS,
    summary="Complain to the registrar's head",
)
def make_complaint(call: Call[ComplaintRequest, None]) -> Answered:
    """
    Open to blocked accounts; it is decided within five working days from its registration.
    """
    form = call.body
    vehicle = f"{form.vehicle.country}#{normalize(form.vehicle.plate)}" if form.vehicle is not None else None
    grievance = Grievance(form.about, form.text, form.booking, vehicle)
    done = wiring.make_complaint()(account=call.account, grievance=grievance, request=perhaps_once(call.idempotency))
    if not isinstance(done, Done):
        return done
    seen = wiring.read_complaints().one(complaint=done.resource)
    return seen if isinstance(seen, Missing) else Answer(complaint_view(seen, language=call.language), done.status)


@operation(
    "GET",
    "/v1/registrar/complaints",
    query=CaseQuery,
    response=CasePage,
    roles=REGISTRAR,
    rule="§6-2",
    tags=COMPLAINTS,
    summary="Complaints",
)
def list_complaints(call: Call[None, CaseQuery]) -> Answered:
    """
    Those that wait for the head, or those decided so.
    """
    query, now = call.query, wiring.clock().now()
    found = wiring.read_complaints().of_status(status=query.status, limit=query.limit, cursor=query.cursor)
    return case_page(found, language=call.language, today=wiring.rules_on(now).today(now), wall=wiring.clock().wall())


@operation(
    "GET",
    "/v1/registrar/complaints/{id}",
    parameters={"id": COMPLAINT},
    response=CaseView,
    roles=REGISTRAR,
    rule="§6-2",
    tags=COMPLAINTS,
    summary="A complaint",
)
def get_complaint(call: AnyCall) -> Answered:
    """
    With its words, who is complained of, strangers' bookings of the vehicle it is about, and the photographs that are held for it.
    """
    return _case(call)


@operation(
    "POST",
    "/v1/registrar/complaints/{id}/decide",
    parameters={"id": COMPLAINT},
    request=DecisionRequest,
    response=CaseView,
    roles=REGISTRAR,
    idempotency=Key.OPTIONAL,
    problems=(Code.HEAD_ONLY, Code.COMPLAINT_AGAINST_YOU, Code.COMPLAINT_DECIDED, Code.EFFECT_IMPOSSIBLE),
    rate=Rate.WRITE,
    rule="§6-2",
    tags=COMPLAINTS,
    summary="Decide a complaint",
)
def decide_complaint(call: Call[DecisionRequest, None]) -> Answered:
    """
    By the head alone, never by the one complained of, once; the system carries the effect out and tells the user.
    """
    form = call.body
    verdict = Verdict(form.outcome == "upheld", form.grounds, form.effect, form.booking)
    done = wiring.decide_complaint()(head=call.account, complaint=call.path["id"], verdict=verdict, request=perhaps_once(call.idempotency))
    return _case(call) if isinstance(done, Done) else done


def _case(call: AnyCall) -> Answered:
    now = wiring.clock().now()
    seen = wiring.read_complaints().case(complaint=call.path["id"])
    if isinstance(seen, Missing):
        return seen
    return case_view(seen, language=call.language, today=wiring.rules_on(now).today(now), wall=wiring.clock().wall())
