"""
What a user changes in a paid booking: its time (§28, D14), and what he chooses when something befell it (D21).
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.bookings import OWN, shown_after
from chalicelib.api.call import Call
from chalicelib.api.field_errors import invalid_field
from chalicelib.api.operation import Answered, Key, Rate, operation
from chalicelib.api.requests import acting_once
from chalicelib.api.schemas.booking_views import BookingView, CancellationView
from chalicelib.api.schemas.changes import PreviewQuery, RelocationRequest, RelocationView, RescheduleRequest
from chalicelib.domain.decisions import Code
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.relocate_booking import Elsewhere
from chalicelib.usecases.reschedule_booking import Wish

SLOT_PROBLEMS = (Code.SLOT_FULL, Code.SLOT_PAST, Code.SLOT_UNKNOWN, Code.OUTSIDE_HORIZON, Code.TOO_LATE, Code.SAME_SLOT)


@operation(
    "POST",
    "/v1/bookings/{id}/reschedule",
    request=RescheduleRequest,
    response=BookingView,
    idempotency=Key.REQUIRED,
    problems=(
        *SLOT_PROBLEMS,
        *(Code.SECONDARY_PLACE, Code.RESCHEDULE_NEEDS_FEE, Code.INSUFFICIENT_FUNDS, Code.FEE_UNKNOWN, Code.NOT_CHANGEABLE),
        *(Code.ACCOUNT_BLOCKED, Code.DEBT),
    ),
    rate=Rate.WRITE,
    rule="§28",
    summary="Take another date and time",
    **OWN,
)
def reschedule_booking(call: Call[RescheduleRequest, None]) -> Answered:
    """
    Once free of charge, then for the fee again (`fee: "pay"`, out of the wallet); until the call, never onto a secondary place.
    """
    wish = Wish(call.body.slot_start, pays=call.body.fee is not None)
    key = acting_once(call.idempotency_key)
    return shown_after(call, wiring.reschedule_booking()(account=call.account, booking=call.path["id"], wish=wish, request=key))


@operation(
    "POST",
    "/v1/bookings/{id}/relocate",
    request=RelocationRequest,
    query=PreviewQuery,
    response=RelocationView,
    idempotency=Key.OPTIONAL,
    problems=(
        *SLOT_PROBLEMS,
        *(Code.NOT_EXCUSED, Code.OTHER_COUNTRY, Code.NOT_CHANGEABLE, Code.ACCOUNT_BLOCKED, Code.IDEMPOTENCY_KEY_REQUIRED),
    ),
    rate=Rate.WRITE,
    rule="D21",
    summary="Take another place after a closure, cut or delay",
    **OWN,
)
def relocate_booking(call: Call[RelocationRequest, PreviewQuery]) -> Answered:
    """
    At any checkpoint of the same country, free of charge, until admission; the free reschedule is kept.
    """
    if wiring.law().checkpoint(call.body.checkpoint) is None:
        raise invalid_field("checkpoint", "unknown_id", language=call.language)
    relocate, asked = wiring.relocate_booking(), {"account": call.account, "booking": call.path["id"]}
    elsewhere = Elsewhere(call.body.checkpoint, call.body.slot_start)
    if call.query.preview:
        done = relocate.preview(**asked, elsewhere=elsewhere)
    else:
        done = relocate(**asked, elsewhere=elsewhere, request=acting_once(call.idempotency_key))
    return Answer(RelocationView(**done.answer, booking=done.resource), done.status) if isinstance(done, Done) else done


@operation(
    "POST",
    "/v1/bookings/{id}/withdraw",
    query=PreviewQuery,
    response=CancellationView,
    idempotency=Key.OPTIONAL,
    problems=(Code.NOT_EXCUSED, Code.NOT_CANCELLABLE, Code.NOT_CHANGEABLE, Code.ACCOUNT_BLOCKED, Code.IDEMPOTENCY_KEY_REQUIRED),
    rate=Rate.WRITE,
    rule="D21",
    summary="End a booking with everything back",
    **OWN,
)
def withdraw_booking(call: Call[None, PreviewQuery]) -> Answered:
    """
    After a closure, cut or delay, until admission: fee and deposit return to the wallet, and no miss is counted.
    """
    cancel, booking = wiring.cancel_booking(), call.path["id"]
    if call.query.preview:
        done = cancel.preview_withdrawal(account=call.account, booking=booking)
    else:
        done = cancel.withdraw(account=call.account, booking=booking, request=acting_once(call.idempotency_key))
    return CancellationView(**done.answer, booking=done.resource) if isinstance(done, Done) else done
