"""
The ground of a priority is missing at the gate: an officer sets the class to general (D13).
"""

from chalicelib import wiring
from chalicelib.api.call import Call, Role
from chalicelib.api.officer import OFFICER, checkpoints_of
from chalicelib.api.operation import Answered, Key, Rate, operation
from chalicelib.api.parameters import BOOKING
from chalicelib.api.requests import acting_once
from chalicelib.api.schemas.booking_views import BookingView
from chalicelib.api.schemas.changes import ClassRequest
from chalicelib.api.views.bookings import booking_view
from chalicelib.domain.decisions import Code
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.read_bookings import BookingSeen


@operation(
    "POST",
    "/v1/officer/bookings/{id}/class",
    request=ClassRequest,
    response=BookingView,
    roles=frozenset({Role.OFFICER}),
    parameters={"id": BOOKING},
    idempotency=Key.OPTIONAL,
    problems=(Code.NOT_PRIORITY, Code.NOT_CHANGEABLE),
    rate=Rate.WRITE,
    rule="D13",
    tags=OFFICER,
    summary="Set a priority booking to general",
)
def change_class(call: Call[ClassRequest, None]) -> Answered:
    """
    Where its ground is missing at the gate: the truck goes after its interval's general ones, the fee is kept, the user is told why.
    """
    key = acting_once(call.idempotency) if call.idempotency is not None else None
    own, booking = checkpoints_of(call) or frozenset(), call.path["id"]
    done = wiring.change_class()(officer=call.account, checkpoints=own, booking=booking, reason=call.body.reason, request=key)
    seen = wiring.read_bookings().of_checkpoint(checkpoints=own, booking=booking) if isinstance(done, Done) else done
    return booking_view(seen, language=call.language) if isinstance(seen, BookingSeen) else seen
