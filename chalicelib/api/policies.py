"""
The registrar's figures: everything the law leaves open, effective-dated, with its history.
"""

from collections.abc import Sequence
from datetime import date

from chalicelib import wiring
from chalicelib.api.call import AnyCall, Call, Role
from chalicelib.api.field_errors import invalid_field
from chalicelib.api.operation import Answered, Key, PathParameter, Rate, operation
from chalicelib.api.paging import page_of
from chalicelib.api.requests import perhaps_once
from chalicelib.api.schemas.policies import DecisionView, PoliciesQuery, PolicyPage, PolicyRequest, PolicyView
from chalicelib.domain.decisions import Code
from chalicelib.domain.policies import FIGURES, PolicyRow, in_force, limit_of
from chalicelib.jurisdictions.policies import Policy
from chalicelib.usecases.decide_policy import Decision, Wrong
from chalicelib.usecases.outcomes import Done

POLICY = PathParameter(r"[a-z][a-z0-9_]{1,60}", "A figure's name.", "moved_within")
ROLES = frozenset({Role.REGISTRAR, Role.ADMIN})
REGISTRAR = ("Registrar",)


@operation(
    "GET",
    "/v1/registrar/policies",
    query=PoliciesQuery,
    response=PolicyPage,
    roles=ROLES,
    polled=True,
    tags=REGISTRAR,
    summary="Every figure and its history",
)
def list_policies(call: Call[None, PoliciesQuery]) -> Answered:
    """
    What is in force today and what was decided before and for later.
    """
    decided, today = wiring.store().policies.of_scope(FIGURES), _today()
    items, further = page_of(sorted(wiring.law().policies.values(), key=lambda policy: policy.name), call.query)
    return PolicyPage(items=[_view(policy, decided, today) for policy in items], next_cursor=further)


@operation(
    "PUT",
    "/v1/registrar/policies/{name}",
    request=PolicyRequest,
    response=PolicyView,
    roles=ROLES,
    parameters={"name": POLICY},
    idempotency=Key.OPTIONAL,
    problems=(Code.POLICY_UNKNOWN,),
    rate=Rate.WRITE,
    tags=REGISTRAR,
    summary="Set a figure from a day on",
)
def decide_policy(call: Call[PolicyRequest, None]) -> Answered:
    """
    Never into the past, and within what the Order itself says of the figure; in force everywhere within five seconds.
    """
    form = call.body
    decision = Decision(call.path["name"], form.from_, form.to, form.value, form.ground)
    outcome = wiring.decide_policy()(registrar=call.account, decision=decision, request=perhaps_once(call.idempotency))
    if isinstance(outcome, Wrong):
        raise invalid_field(outcome.field, outcome.kind, language=call.language, **outcome.context)
    wiring.decided_policies().forget()
    return _shown(call) if isinstance(outcome, Done) else outcome


def _shown(call: AnyCall) -> PolicyView:
    return _view(wiring.law().policies[call.path["name"]], wiring.store().policies.of_scope(FIGURES), _today())


def _today() -> date:
    now = wiring.clock().now()
    return wiring.rules_on(now).today(now)


def _view(policy: Policy, decided: Sequence[PolicyRow], today: date) -> PolicyView:
    row = in_force(decided, policy=policy.name, day=today)
    least, most = limit_of(policy.name)
    own = [DecisionView(from_=since, value=value, ground=policy.source) for since, value in policy.history]
    said = sorted((each for each in decided if each.policy == policy.name), key=lambda each: (each.at, each.id))
    return PolicyView(
        name=policy.name,
        unit=policy.unit,
        source=policy.source,
        value=policy.on(max(today, policy.history[0][0])) if row is None else row.value["value"],
        least=least,
        most=most,
        history=[*own, *map(_decision, said)],
    )


def _decision(row: PolicyRow) -> DecisionView:
    return DecisionView(from_=row.since, to=row.until, value=row.value["value"], ground=row.ground, by=row.by, at=row.at)
