"""
A driver follows one booking by a link, without signing in.
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.call import AnyCall, Call
from chalicelib.api.operation import PUBLIC, Answered, Key, PathParameter, Rate, operation
from chalicelib.api.parameters import BOOKING, USER
from chalicelib.api.passes import PDF, SVG, drawn
from chalicelib.api.requests import acting_once
from chalicelib.api.schemas.notices import DriverLinkQuery, DriverLinkRequest, DriverLinkView, FollowedView
from chalicelib.api.views.notices import followed_view
from chalicelib.domain.decisions import Code
from chalicelib.usecases.outcomes import Done, Missing

OWN = {"roles": USER, "own": "id", "parameters": {"id": BOOKING}, "rate": Rate.WRITE, "tags": ("Drivers",)}
TOKEN = PathParameter(r"[A-Za-z0-9_-]{22}", "The last part of the link.", "AAAAAAAAAAAAAAAAAAAAAA")
FOLLOWING = {"roles": PUBLIC, "secret": True, "parameters": {"token": TOKEN}, "rate": Rate.LINK, "tags": ("Drivers",)}


def place_of(driver: str | None) -> int | None:
    """
    Read a driver's id within the booking.
    """
    return None if driver is None else int(driver)


@operation(
    "POST",
    "/v1/bookings/{id}/driver-link",
    request=DriverLinkRequest,
    response=DriverLinkView,
    idempotency=Key.OPTIONAL,
    problems=(Code.NOT_CONFIRMED,),
    summary="Give a driver his link",
    **OWN,
)
def give_driver_link(call: Call[DriverLinkRequest, None]) -> Answered:
    """
    The same link until it is taken back; good until a day after the booking's end.
    """
    key = acting_once(call.idempotency) if call.idempotency is not None else None
    driver = place_of(call.body.driver)
    done = wiring.share_booking().give(account=call.account, booking=call.path["id"], driver=driver, request=key)
    return DriverLinkView(**done.answer) if isinstance(done, Done) else done


@operation(
    "DELETE",
    "/v1/bookings/{id}/driver-link",
    query=DriverLinkQuery,
    response=None,
    status=204,
    summary="Take a driver's link back",
    **OWN,
)
def revoke_driver_link(call: Call[None, DriverLinkQuery]) -> Answered:
    """
    At once and for good: the next one given is another. Notices to that driver carry no link until then.
    """
    driver = place_of(call.query.driver)
    return wiring.share_booking().revoke(account=call.account, booking=call.path["id"], driver=driver) or Answer(None, 204)


@operation(
    "GET",
    "/v1/driver/{token}",
    response=FollowedView,
    polled=True,
    unversioned={"at"},
    rule="§34",
    summary="The booking I drive for",
    **FOLLOWING,
)
def follow_booking(call: AnyCall) -> Answered:
    """
    When to be where, and whether called. A link taken back or over is as unknown as any.
    """
    booking = wiring.share_booking().open(token=call.path["token"])
    return booking if isinstance(booking, Missing) else followed_view(wiring.read_bookings().followed(booking))


@operation(
    "GET",
    "/v1/driver/{token}/pass",
    response=None,
    media_types=(PDF, SVG),
    problems=(Code.NOT_CONFIRMED, Code.NOT_ACCEPTABLE),
    rule="D25",
    summary="The pass of the booking I drive for",
    **FOLLOWING,
)
def get_driver_pass(call: AnyCall) -> Answered:
    """
    A sheet with the signed code (PDF), or the code alone (`Accept: image/svg+xml`).
    """
    booking = wiring.share_booking().open(token=call.path["token"])
    return booking if isinstance(booking, Missing) else drawn(call, wiring.issue_pass().of(booking))
