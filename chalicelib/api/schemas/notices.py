"""
Notices in the cabinet, devices for push, and a booking as a driver follows it.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.api.schemas.base import Page, Query, Request, View, absent
from chalicelib.api.schemas.booking_views import SlotView
from chalicelib.api.schemas.fields import Moment
from chalicelib.domain.bookings import Status

Driver = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,2}$"),
    Field(description="A driver's id within the booking (`drivers[].id`).", examples=["0"]),
]


class NotificationView(View):
    """
    A notice, worded in the language it is read in.
    """

    id: str
    at: Moment
    template: str = Field(examples=["called"])
    text: str
    booking: str | None = absent()
    unread: bool
    read_at: Moment | None = absent()


class NotificationPage(Page[NotificationView]):
    """
    Notices, newest first.
    """


class DeviceView(View):
    """
    A device is known: without a word from it no push goes there after this moment.
    """

    fresh_until: Moment


class DriverLinkRequest(Request):
    """
    Whose link: a driver's, or, not said, of whoever drives.
    """

    driver: Driver | None = None


class DriverLinkQuery(Query):
    """
    Whose link is taken back: a driver's, or, not said, everybody's.
    """

    driver: Driver | None = None


class DriverLinkView(View):
    """
    A link to one booking: whoever has it sees what a driver needs and no more.
    """

    url: str = Field(examples=["https://queue.example/d/AAAAAAAAAAAAAAAAAAAAAA"])
    expires_at: Moment


class FollowedPlace(View):
    """
    Where the booking leads.
    """

    id: str
    names: dict[str, str]
    has_waiting_area: bool


class FollowedVehicle(View):
    """
    Plates as printed.
    """

    country: str
    plate: str
    trailer: str | None = absent()


class FollowedView(View):
    """
    A booking as its driver follows it: when to be where; nothing about money or people.

    `call_at` is when he will be called, `expected_at` when he is expected at the gate, `leave_by` until when he leaves the waiting area.
    """

    at: Moment
    number: str | None = absent()
    status: Status
    suspended: bool
    checkpoint: FollowedPlace
    vehicle: FollowedVehicle
    slot: SlotView | None = absent()
    call_at: Moment | None = absent()
    called_at: Moment | None = absent()
    arrived_at: Moment | None = absent()
    expected_at: Moment | None = absent()
    queue_position: int | None = absent()
    leave_by: Moment | None = absent()
    valid_until: Moment | None = absent()
    admitted_at: Moment | None = absent()
    ended_at: Moment | None = absent()
    has_pass: bool
