"""
What the registrar does for users' bookings: each act has a reason that the user reads in his timeline.
"""

from typing import Any, Final

from chalicelib import wiring
from chalicelib.api.call import Call, Role
from chalicelib.api.operation import Answered, Key, Rate, operation
from chalicelib.api.parameters import BOOKING
from chalicelib.api.requests import acting_once
from chalicelib.api.schemas.registrar import HelpRequest, HelpView, PlateRequest
from chalicelib.domain.decisions import Code
from chalicelib.usecases.correct_plate import Correction
from chalicelib.usecases.help_booking import Help
from chalicelib.usecases.outcomes import Done, Outcome

REGISTRAR = ("Registrar",)
REGISTRARS: Final = frozenset({Role.REGISTRAR})
ACT: Final[dict[str, Any]] = {
    "parameters": {"id": BOOKING},
    "response": HelpView,
    "roles": REGISTRARS,
    "idempotency": Key.REQUIRED,
    "rate": Rate.WRITE,
    "tags": REGISTRAR,
}


def help_of(call: Call[HelpRequest, None]) -> Help:
    """
    Read who does what, for whom and why.
    """
    return Help(call.account, call.path["id"], call.body.reason)


def shown_after(outcome: Outcome) -> Answered:
    """
    Show what was done, or why it was not.
    """
    return HelpView(booking=outcome.resource, **outcome.answer) if isinstance(outcome, Done) else outcome


@operation(
    "POST",
    "/v1/registrar/bookings/{id}/resend",
    problems=(Code.NOTHING_TO_RESEND,),
    request=HelpRequest,
    rule="§29",
    summary="Tell again how a booking stands",
    **ACT,
)
def resend_notices(call: Call[HelpRequest, None]) -> Answered:
    """
    The notice of its status goes to the user and every driver once more.
    """
    return shown_after(wiring.help_booking().resend(help_=help_of(call), request=acting_once(call.idempotency_key)))


@operation(
    "POST",
    "/v1/registrar/bookings/{id}/release-lock",
    problems=(Code.LOCK_IN_USE,),
    request=HelpRequest,
    rule="§21",
    summary="Let go the locks of an ended booking",
    **ACT,
)
def release_lock(call: Call[HelpRequest, None]) -> Answered:
    """
    An active booking keeps its locks; of an ended one those are let go that it holds still.
    """
    return shown_after(wiring.help_booking().release_lock(help_=help_of(call), request=acting_once(call.idempotency_key)))


def by_papers(booking: str, country: str | None) -> bool:
    """
    Tell whether the papers alone confirm a vehicle: our register knows those of residents that are registered here (D15, §19).
    """
    found = wiring.store().bookings.get(booking)
    return found is not None and not (found.owner.resident and (country or found.vehicle.country) == wiring.law().country)


@operation(
    "POST",
    "/v1/registrar/bookings/{id}/correct",
    request=PlateRequest,
    problems=(
        *(Code.VERIFICATION_FAILED, Code.VERIFICATION_UNAVAILABLE, Code.NOT_CHANGEABLE),
        *(Code.PLATE_CORRECTED, Code.TOO_LATE, Code.ACTIVE_BOOKING_EXISTS),
    ),
    rule="D15",
    summary="Correct a plate from the vehicle's papers",
    **ACT,
)
def correct_booking(call: Call[PlateRequest, None]) -> Answered:
    """
    Once, before the call: a foreign vehicle's from its papers, another's where the vehicle register confirms it.
    """
    form, booking = call.body, call.path["id"]
    correction = Correction(form.plate, form.country, form.reason, papers=by_papers(booking, form.country))
    by, request = f"registrar:{call.account}", acting_once(call.idempotency_key)
    return shown_after(wiring.correct_plate().of_any(by=by, booking=booking, correction=correction, request=request))
