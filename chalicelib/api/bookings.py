"""
Bookings: checks come first, the place second, the money third.
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.applications import application_of, check_known
from chalicelib.api.call import AnyCall, Call
from chalicelib.api.operation import Answered, Key, Rate, operation
from chalicelib.api.parameters import BOOKING, USER
from chalicelib.api.requests import acting_once
from chalicelib.api.schemas.base import PageQuery
from chalicelib.api.schemas.booking_views import BookingPage, BookingView, CancellationView
from chalicelib.api.schemas.bookings import BookingRequest, CancelQuery, PaymentRequest, PlaceRequest
from chalicelib.api.schemas.me import IntentView
from chalicelib.api.views.bookings import booking_page, booking_view
from chalicelib.api.views.money import intent_view
from chalicelib.domain.decisions import Code
from chalicelib.usecases.outcomes import Done, Missing, Outcome
from chalicelib.usecases.take_place import Choice

BOOKINGS = ("Bookings",)
OWN = {"roles": USER, "own": "id", "parameters": {"id": BOOKING}, "tags": BOOKINGS}


def shown(call: AnyCall, booking: str, *, status: int = 200) -> Answered:
    """
    Show one of the caller's bookings as it is now.
    """
    seen = wiring.read_bookings().own(account=call.account, booking=booking)
    return seen if isinstance(seen, Missing) else Answer(booking_view(seen, language=call.language), status)


def shown_after(call: AnyCall, outcome: Outcome) -> Answered:
    """
    Show the booking that something was done to, or why it was not.
    """
    return shown(call, outcome.resource, status=outcome.status) if isinstance(outcome, Done) else outcome


@operation(
    "POST",
    "/v1/bookings",
    request=BookingRequest,
    response=BookingView,
    status=202,
    roles=USER,
    idempotency=Key.REQUIRED,
    problems=(
        Code.NOT_A_TRUCK,
        Code.NOT_OWNER_OR_DRIVER,
        Code.CONSENT_REQUIRED,
        Code.AGREEMENT_REQUIRED,
        Code.DEBT,
        Code.CHECKPOINT_CLOSED,
        Code.LIST_REQUIRED,
        Code.CLASS_NOT_ENTITLED,
    ),
    rate=Rate.WRITE,
    rule="§16",
    tags=BOOKINGS,
    summary="Apply to book",
)
def request_booking(call: Call[BookingRequest, None]) -> Answered:
    """
    The registers are asked; an application that passed is good for 24 hours and keeps no place.
    """
    check_known(call.body, account=call.account, language=call.language)
    application = application_of(call.body, language=call.language)
    done = wiring.request_booking()(account=call.account, application=application, request=acting_once(call.idempotency_key))
    return shown_after(call, done)


@operation("GET", "/v1/bookings", query=PageQuery, response=BookingPage, roles=USER, polled=True, tags=BOOKINGS, summary="My bookings")
def list_bookings(call: Call[None, PageQuery]) -> Answered:
    """
    Newest first, without their timelines.
    """
    page = wiring.read_bookings().mine(account=call.account, limit=call.query.limit, cursor=call.query.cursor)
    return booking_page(page, language=call.language)


@operation("GET", "/v1/bookings/{id}", response=BookingView, polled=True, summary="One of my bookings", **OWN)
def get_booking(call: AnyCall) -> Answered:
    """
    With its checks, deadlines and whole timeline.
    """
    seen = wiring.read_bookings().own(account=call.account, booking=call.path["id"])
    return seen if isinstance(seen, Missing) else booking_view(seen, language=call.language)


@operation(
    "POST",
    "/v1/bookings/{id}/place",
    request=PlaceRequest,
    response=BookingView,
    idempotency=Key.REQUIRED,
    problems=(
        *(Code.NOT_VERIFIED, Code.SLOT_FULL, Code.SLOT_PAST, Code.SLOT_UNKNOWN, Code.OUTSIDE_HORIZON, Code.TOO_LATE, Code.NO_FREE_PLACE),
        *(Code.ACTIVE_BOOKING_EXISTS, Code.HOLD_LIMIT, Code.DEBT, Code.FEE_UNKNOWN),
    ),
    rate=Rate.WRITE,
    rule="§22",
    summary="Take a place",
    **OWN,
)
def take_place(call: Call[PlaceRequest, None]) -> Answered:
    """
    Keeps a place for ten minutes while the user pays.
    """
    choice = Choice(call.body.slot_start, call.body.after, call.body.pool)
    key = acting_once(call.idempotency_key)
    return shown_after(call, wiring.take_place()(account=call.account, booking=call.path["id"], choice=choice, request=key))


@operation(
    "POST",
    "/v1/bookings/{id}/payment",
    request=PaymentRequest,
    response=BookingView,
    answers={201: IntentView},
    idempotency=Key.REQUIRED,
    problems=(
        *(Code.NOT_HELD, Code.HOLD_EXPIRED, Code.ALREADY_CONFIRMED, Code.PAYMENT_UNDER_WAY, Code.INSUFFICIENT_FUNDS, Code.FEE_UNKNOWN),
        *(Code.DEBT,),
    ),
    rate=Rate.PAYMENT,
    rule="§23",
    summary="Pay fee and deposit",
    **OWN,
)
def pay_booking(call: Call[PaymentRequest, None]) -> Answered:
    """
    From the balance at once (200), or by card for what it lacks (201): then only the provider's webhook confirms.
    """
    by_card, key = call.body.method == "card", acting_once(call.idempotency_key)
    done = wiring.pay_booking()(account=call.account, booking=call.path["id"], by_card=by_card, request=key)
    if isinstance(done, Done) and "attempt" in done.answer:
        return Answer(intent_view(wiring.pay_booking().intent(attempt=str(done.answer["attempt"]))), done.status)
    return shown_after(call, done)


@operation(
    "POST",
    "/v1/bookings/{id}/ready",
    response=BookingView,
    idempotency=Key.REQUIRED,
    problems=(Code.ALREADY_CALLED, Code.NOT_IN_WAITING_AREA),
    rate=Rate.WRITE,
    rule="D17",
    summary="Say that the vehicle is ready to go",
    **OWN,
)
def say_ready(call: AnyCall) -> Answered:
    """
    From the waiting area, before the call: when the gate has room, ready vehicles are called early in queue order.
    """
    done = wiring.say_ready()(account=call.account, booking=call.path["id"], request=acting_once(call.idempotency_key))
    return shown_after(call, done)


@operation(
    "POST",
    "/v1/bookings/{id}/cancel",
    query=CancelQuery,
    response=CancellationView,
    idempotency=Key.OPTIONAL,
    problems=(Code.NOT_CANCELLABLE, Code.IDEMPOTENCY_KEY_REQUIRED),
    rate=Rate.WRITE,
    rule="§28",
    summary="Cancel, or see what it costs",
    **OWN,
)
def cancel_booking(call: Call[None, CancelQuery]) -> Answered:
    """
    The fee is kept; the deposit of one miss in 90 days is forgiven, of a further one forfeited. `preview` needs no key.
    """
    cancel, booking = wiring.cancel_booking(), call.path["id"]
    if call.query.preview:
        done = cancel.preview(account=call.account, booking=booking)
    else:
        done = cancel(account=call.account, booking=booking, request=acting_once(call.idempotency_key))
    return CancellationView(**done.answer, booking=done.resource) if isinstance(done, Done) else done
