"""
What an officer of a checkpoint sees and orders.
"""

from chalicelib import wiring
from chalicelib.api.call import AnyCall, Call, Role
from chalicelib.api.operation import Answered, Key, Rate, operation
from chalicelib.api.parameters import BOOKING, CHECKPOINT, LANE
from chalicelib.api.passages import word_of
from chalicelib.api.problems import ProblemError
from chalicelib.api.requests import acting_once
from chalicelib.api.schemas.booking_views import BookingView
from chalicelib.api.schemas.officer import BarrierRequest, BarrierView, LiveView, PassageRequest, PassageView
from chalicelib.api.views.bookings import booking_view
from chalicelib.api.views.officer import UNVERSIONED, live_view
from chalicelib.domain.decisions import Code
from chalicelib.usecases.command_barrier import Order
from chalicelib.usecases.outcomes import Done, Missing

OFFICER = ("Officers",)
WATCHERS = frozenset({Role.OFFICER, Role.REGISTRAR, Role.ADMIN})
"""Who may look; only an officer of the checkpoint may order."""


def checkpoints_of(call: AnyCall) -> frozenset[str] | None:
    """
    Name the checkpoints a caller sees: an officer his own, others all (none).
    """
    principal = call.principal
    return principal.checkpoints if principal is not None and not principal.roles & {Role.REGISTRAR, Role.ADMIN} else None


def known_lane(call: AnyCall, *, barrier: bool) -> None:
    """
    Refuse with 404 what the law's data does not know: a checkpoint, a lane, a barrier.
    """
    checkpoint = wiring.law().checkpoint(call.path["id"])
    lane = checkpoint.lane(call.path["lane"]) if checkpoint is not None and barrier else None
    if checkpoint is None or (barrier and (lane is None or not lane.has_barrier)):
        raise ProblemError.because(Code.NOT_FOUND)


@operation(
    "GET",
    "/v1/officer/checkpoints/{id}/live",
    response=LiveView,
    roles=WATCHERS,
    checkpoint="id",
    parameters={"id": CHECKPOINT},
    polled=True,
    unversioned=UNVERSIONED,
    rule="§2.1",
    tags=OFFICER,
    summary="A checkpoint now",
)
def watch_checkpoint(call: AnyCall) -> Answered:
    """
    Every vehicle by where it is, the last plate reads with decision, reason and photograph, and the health of the devices.
    """
    known_lane(call, barrier=False)
    return live_view(wiring.watch_checkpoint().live(checkpoint=call.path["id"]), wall=wiring.clock().wall())


@operation(
    "GET",
    "/v1/officer/bookings/{id}",
    response=BookingView,
    roles=WATCHERS,
    parameters={"id": BOOKING},
    polled=True,
    tags=OFFICER,
    summary="A booking with its whole timeline",
)
def get_any_booking(call: AnyCall) -> Answered:
    """
    Of the officer's own checkpoints; others are unknown to him.
    """
    seen = wiring.read_bookings().of_checkpoint(checkpoints=checkpoints_of(call), booking=call.path["id"])
    return seen if isinstance(seen, Missing) else booking_view(seen, language=call.language, staff=True)


@operation(
    "POST",
    "/v1/officer/checkpoints/{id}/lanes/{lane}/barrier",
    request=BarrierRequest,
    response=BarrierView,
    status=202,
    roles=frozenset({Role.OFFICER}),
    checkpoint="id",
    parameters={"id": CHECKPOINT, "lane": LANE},
    idempotency=Key.OPTIONAL,
    problems=(Code.MATCH_REQUIRED,),
    rate=Rate.WRITE,
    rule="D26",
    tags=OFFICER,
    summary="Open or close a barrier",
)
def command_barrier(call: Call[BarrierRequest, None]) -> Answered:
    """
    Who, when, why and on what ground are kept; an order that is not carried out within seconds never is.
    """
    known_lane(call, barrier=True)
    form = call.body
    order = Order(call.path["id"], call.path["lane"], form.command, form.ground, form.reason, form.booking)
    key = acting_once(call.idempotency) if call.idempotency is not None else None
    done = wiring.command_barrier()(officer=call.account, order=order, request=key)
    return BarrierView(id=done.resource, event=str(done.answer["event"])) if isinstance(done, Done) else done


@operation(
    "POST",
    "/v1/officer/checkpoints/{id}/passages",
    request=PassageRequest,
    response=PassageView,
    status=201,
    roles=frozenset({Role.OFFICER}),
    checkpoint="id",
    parameters={"id": CHECKPOINT},
    idempotency=Key.OPTIONAL,
    problems=(Code.NOT_POSSIBLE_NOW,),
    rate=Rate.WRITE,
    rule="D17",
    tags=OFFICER,
    summary="Register a passage by hand",
)
def register_passage(call: Call[PassageRequest, None]) -> Answered:
    """
    A plate that could not be read, a reading that was missed, a truck turned back: it counts as if the gateway had told it.
    """
    known_lane(call, barrier=False)
    key = acting_once(call.idempotency) if call.idempotency is not None else None
    done = wiring.register_passage()(officer=call.account, word=word_of(call), request=key)
    return PassageView(id=done.resource, **done.answer) if isinstance(done, Done) else done
