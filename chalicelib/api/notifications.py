"""
The cabinet's notices, and the devices that push notices go to.
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.call import AnyCall, Call
from chalicelib.api.operation import SIGNED_IN, Answered, PathParameter, Rate, operation
from chalicelib.api.parameters import USER
from chalicelib.api.schemas.base import PageQuery
from chalicelib.api.schemas.notices import DeviceView, NotificationPage, NotificationView
from chalicelib.api.views.notices import notification_page, notification_view
from chalicelib.usecases.outcomes import Missing

NOTICES = ("Notices",)
NOTIFICATION = PathParameter(r"[\w.-]{1,200}", "A notice's id.", "20261201T043000000000.notify.bkg_1.000004.called")
DEVICE = PathParameter(r"[\w:.~-]{8,512}", "The token that the push service gave the device.", "fcm-0123456789abcdef")


@operation(
    "GET",
    "/v1/me/notifications",
    query=PageQuery,
    response=NotificationPage,
    roles=USER,
    polled=True,
    rule="§29",
    tags=NOTICES,
    summary="My notices",
)
def list_notifications(call: Call[None, PageQuery]) -> Answered:
    """
    Newest first, each with the figures it was given with, in the language that is read.
    """
    page = wiring.read_notifications().mine(account=call.account, limit=call.query.limit, cursor=call.query.cursor)
    return notification_page(page, language=call.language)


@operation(
    "POST",
    "/v1/me/notifications/{id}/read",
    response=NotificationView,
    roles=USER,
    own="id",
    parameters={"id": NOTIFICATION},
    rate=Rate.WRITE,
    tags=NOTICES,
    summary="I have read a notice",
)
def read_notification(call: AnyCall) -> Answered:
    """
    For good: reading it again changes nothing.
    """
    seen = wiring.read_notifications().read(account=call.account, notification=call.path["id"])
    return seen if isinstance(seen, Missing) else notification_view(seen, language=call.language)


@operation(
    "PUT",
    "/v1/me/push-tokens/{token}",
    response=DeviceView,
    roles=SIGNED_IN,
    parameters={"token": DEVICE},
    rate=Rate.WRITE,
    tags=NOTICES,
    summary="Send push notices to this device",
)
def put_push_token(call: AnyCall) -> Answered:
    """
    At every start of the application: ten devices at most, the one not heard of for longest goes first.
    """
    seen = wiring.keep_push_tokens().put(account=call.account, token=call.path["token"])
    if isinstance(seen, Missing):
        return seen
    return DeviceView(fresh_until=seen + wiring.rules_on(seen).push_token_fresh)


@operation(
    "DELETE",
    "/v1/me/push-tokens/{token}",
    response=None,
    status=204,
    roles=SIGNED_IN,
    parameters={"token": DEVICE},
    rate=Rate.WRITE,
    tags=NOTICES,
    summary="Send no more push notices there",
)
def delete_push_token(call: AnyCall) -> Answered:
    """
    An unknown one is forgotten already.
    """
    return wiring.keep_push_tokens().remove(account=call.account, token=call.path["token"]) or Answer(None, 204)
