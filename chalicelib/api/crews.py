"""
What of a paid booking may change beside its time: drivers, trailer, a mistyped plate (D15). VIN and owner never do (§36).
"""

from chalicelib import wiring
from chalicelib.api.applications import check_driver, person_of
from chalicelib.api.bookings import BOOKINGS, OWN, shown_after
from chalicelib.api.call import AnyCall, Call
from chalicelib.api.operation import Answered, Key, Rate, operation
from chalicelib.api.parameters import BOOKING, DRIVER, USER
from chalicelib.api.requests import acting_once
from chalicelib.api.schemas.booking_views import BookingView
from chalicelib.api.schemas.changes import CorrectionRequest, DriverRequest, TrailerRequest
from chalicelib.domain.decisions import Code
from chalicelib.domain.vehicles import Trailer
from chalicelib.usecases.correct_plate import Correction
from chalicelib.usecases.outcomes import IdempotentRequest

SEAT = {"roles": USER, "own": "id", "parameters": {"id": BOOKING, "d": DRIVER}, "tags": BOOKINGS}
CHECKED = (Code.VERIFICATION_FAILED, Code.VERIFICATION_UNAVAILABLE, Code.NOT_CHANGEABLE, Code.ACCOUNT_BLOCKED)
SEATED = (*CHECKED, Code.CONSENT_REQUIRED)


@operation(
    "POST",
    "/v1/bookings/{id}/drivers",
    request=DriverRequest,
    response=BookingView,
    idempotency=Key.REQUIRED,
    problems=(*SEATED, Code.TOO_MANY_DRIVERS),
    rate=Rate.WRITE,
    rule="D15",
    summary="Add a driver",
    **OWN,
)
def add_driver(call: Call[DriverRequest, None]) -> Answered:
    """
    Within the number declared, until admission; he consents as with an application, and the registers are asked about him first.
    """
    return _seated(call, index=None, key=acting_once(call.idempotency_key))


@operation(
    "PUT",
    "/v1/bookings/{id}/drivers/{d}",
    request=DriverRequest,
    response=BookingView,
    idempotency=Key.OPTIONAL,
    problems=(*SEATED, Code.NOT_OWNER_OR_DRIVER),
    rate=Rate.WRITE,
    rule="D15",
    summary="Replace a driver",
    **SEAT,
)
def replace_driver(call: Call[DriverRequest, None]) -> Answered:
    """
    Until admission; the new one consents, the registers are asked about him first, the old one's data are forgotten.
    """
    return _seated(call, index=int(call.path["d"]), key=_key(call))


@operation(
    "DELETE",
    "/v1/bookings/{id}/drivers/{d}",
    response=BookingView,
    idempotency=Key.REQUIRED,
    problems=(Code.LAST_DRIVER, Code.NOT_CHANGEABLE, Code.NOT_OWNER_OR_DRIVER, Code.ACCOUNT_BLOCKED),
    rate=Rate.WRITE,
    rule="D15",
    summary="Take a driver off",
    **SEAT,
)
def remove_driver(call: AnyCall) -> Answered:
    """
    Never the last one; whoever sat behind him moves up.
    """
    key, index = acting_once(call.idempotency_key), int(call.path["d"])
    done = wiring.change_drivers()(account=call.account, booking=call.path["id"], index=index, person=None, request=key)
    return shown_after(call, done)


@operation(
    "PUT",
    "/v1/bookings/{id}/trailer",
    request=TrailerRequest,
    response=BookingView,
    idempotency=Key.OPTIONAL,
    problems=CHECKED,
    rate=Rate.WRITE,
    rule="D15",
    summary="Change the trailer",
    **OWN,
)
def change_trailer(call: Call[TrailerRequest, None]) -> Answered:
    """
    Until admission; the registers are asked about it first, the gate then expects it.
    """
    form = call.body.trailer
    trailer = Trailer(form.country, form.plate) if form is not None else None
    done = wiring.change_trailer()(account=call.account, booking=call.path["id"], trailer=trailer, request=_key(call))
    return shown_after(call, done)


@operation(
    "POST",
    "/v1/bookings/{id}/plate-correction",
    request=CorrectionRequest,
    response=BookingView,
    idempotency=Key.REQUIRED,
    problems=(*CHECKED, Code.PLATE_CORRECTED, Code.PAPERS_NEEDED, Code.TOO_LATE, Code.ACTIVE_BOOKING_EXISTS),
    rate=Rate.WRITE,
    rule="D15",
    summary="Correct a mistyped plate",
    **OWN,
)
def correct_plate(call: Call[CorrectionRequest, None]) -> Answered:
    """
    Once, before the call; the VIN stays, and the vehicle register confirms it.
    """
    correction = Correction(call.body.plate, reason=call.body.ground)
    key = acting_once(call.idempotency_key)
    done = wiring.correct_plate()(account=call.account, booking=call.path["id"], correction=correction, request=key)
    return shown_after(call, done)


def _seated(call: Call[DriverRequest, None], *, index: int | None, key: IdempotentRequest | None) -> Answered:
    form, seen = call.body, wiring.store().bookings.get(call.path["id"])
    if seen is not None and seen.account == call.account:  # another's booking is unknown, whatever is wrong with the form
        check_driver(form, account=call.account, language=call.language)
    person, change = person_of(form, kind="natural"), wiring.change_drivers()
    done = change(account=call.account, booking=call.path["id"], index=index, person=person, consent=form.consent, request=key)
    return shown_after(call, done)


def _key(call: AnyCall) -> IdempotentRequest | None:
    return acting_once(call.idempotency) if call.idempotency is not None else None
