"""
Blocks of accounts that gave false data (§6-2): the registrar sets and lifts them.
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.call import AnyCall, Call
from chalicelib.api.operation import Answered, Key, Rate, operation
from chalicelib.api.parameters import ACCOUNT, REGISTRAR
from chalicelib.api.problems import ProblemError
from chalicelib.api.requests import perhaps_once
from chalicelib.api.schemas.sanctions import AccountBlocksView, BlockRequest, UnblockRequest
from chalicelib.api.views.sanctions import blocks_view
from chalicelib.domain.blocks import Evidence
from chalicelib.domain.decisions import Code
from chalicelib.usecases.block_account import Charge
from chalicelib.usecases.outcomes import Done, Missing

BLOCKS = ("Registrar",)


def _shown(account: str) -> AccountBlocksView:
    found = wiring.block_account().blocks(account=account)
    if isinstance(found, Missing):
        raise ProblemError.because(Code.NOT_FOUND)
    return blocks_view(account, found)


@operation(
    "GET",
    "/v1/registrar/accounts/{id}/block",
    parameters={"id": ACCOUNT},
    response=AccountBlocksView,
    roles=REGISTRAR,
    rule="§6-2",
    tags=BLOCKS,
    summary="An account's blocks",
)
def get_blocks(call: AnyCall) -> Answered:
    """
    The one that stands, and all there have been.
    """
    return _shown(call.path["id"])


@operation(
    "POST",
    "/v1/registrar/accounts/{id}/block",
    parameters={"id": ACCOUNT},
    request=BlockRequest,
    response=AccountBlocksView,
    status=201,
    roles=REGISTRAR,
    idempotency=Key.OPTIONAL,
    problems=(Code.ALREADY_BLOCKED, Code.EVIDENCE_UNKNOWN),
    rate=Rate.WRITE,
    rule="§6-2",
    tags=BLOCKS,
    summary="Block an account for false data",
)
def block_account(call: Call[BlockRequest, None]) -> Answered:
    """
    It books no more; its bookings that rest on the false data stand still, all others run on. The user is told how to complain.
    """
    form = call.body
    evidence = tuple(Evidence(each.kind, each.booking, each.source, each.sha256) for each in form.evidence)
    charge = Charge(form.reason, evidence, tuple(form.bookings))
    done = wiring.block_account().block(
        registrar=call.account, account=call.path["id"], charge=charge, request=perhaps_once(call.idempotency)
    )
    return Answer(_shown(call.path["id"]), done.status) if isinstance(done, Done) else done


@operation(
    "POST",
    "/v1/registrar/accounts/{id}/unblock",
    parameters={"id": ACCOUNT},
    request=UnblockRequest,
    response=AccountBlocksView,
    roles=REGISTRAR,
    idempotency=Key.OPTIONAL,
    problems=(Code.NOT_BLOCKED,),
    rate=Rate.WRITE,
    rule="§6-2",
    tags=BLOCKS,
    summary="Lift a block",
)
def unblock_account(call: Call[UnblockRequest, None]) -> Answered:
    """
    What it suspended runs on; a booking whose slot is gone is withdrawn with everything back.
    """
    done = wiring.block_account().unblock(
        registrar=call.account, account=call.path["id"], reason=call.body.reason, request=perhaps_once(call.idempotency)
    )
    return _shown(call.path["id"]) if isinstance(done, Done) else done
