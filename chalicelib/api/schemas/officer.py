from typing import Any

from pydantic import Field, model_validator

from chalicelib.api.schemas.base import Page, Request, View, WholeQuery, absent
from chalicelib.api.schemas.booking_views import BookingView
from chalicelib.api.schemas.fields import Country, Day, Moment, Plate, Prose, Vin, fault
from chalicelib.contracts.commands import CommandKind, Ground
from chalicelib.contracts.passages import Action, DecisionReason, LaneKind
from chalicelib.domain.bookings import Status
from chalicelib.domain.plans import PlaceClass
from chalicelib.usecases.watch_checkpoint import Whereabouts


class SeenVehicleView(View):
    """
    One vehicle of now.
    """

    booking: str
    number: str | None = absent()
    plate: str
    country: str
    class_: PlaceClass = Field(alias="class")
    status: Status
    state: Whereabouts
    slot_start: Moment | None = absent()
    slot_end: Moment | None = absent()
    expected_at: Moment | None = absent()
    called_at: Moment | None = absent()
    arrived_at: Moment | None = absent()
    left_area_at: Moment | None = absent()
    leave_by: Moment | None = absent()


class PhotoView(View):
    """
    A photograph behind a link of a minute.
    """

    url: str
    expires_at: Moment


class PlateReadView(View):
    """
    One plate read, what the gateway did and why.
    """

    id: str
    at: Moment
    lane: str
    lane_kind: LaneKind
    plate: str | None = absent()
    country: str | None = absent()
    confidence: float | None = absent()
    action: Action
    reason: DecisionReason
    booking: str | None = absent()
    booking_number: str | None = absent()
    detail: str | None = absent()
    note: str | None = absent()
    elsewhere: str | None = absent(description="The checkpoint where this vehicle is booked instead.")
    photo: PhotoView | None = absent()


class DeviceView(View):
    """
    One camera, barrier or board.
    """

    device: str
    kind: str
    lane: str | None = absent()
    ok: bool
    state: str
    since: Moment


class GatewayView(View):
    """
    The line to the site.
    """

    connected: bool
    last_seen: Moment | None = absent()
    reported_up_to: Moment | None = absent()


class LiveView(View):
    """
    A checkpoint now.
    """

    checkpoint: str
    at: Moment
    counts: dict[str, int]
    vehicles: list[SeenVehicleView]
    readings: list[PlateReadView]
    devices: list[DeviceView]
    gateway: GatewayView


class BarrierRequest(Request):
    """
    An order to a barrier: a match that the officer confirms, or a ground that is counted (D26).
    """

    command: CommandKind
    ground: Ground
    reason: Prose = Field(max_length=500, examples=["Документы сверены"])
    booking: str | None = Field(default=None, pattern=r"^[\w-]{1,64}$")


class BarrierView(View):
    """
    The order is kept and on its way.
    """

    id: str
    event: str


class SearchQuery(WholeQuery):
    """
    By plate, number, VIN or day: at least one.
    """

    plate: Plate | None = Field(default=None, examples=["123ABC02"])
    country: Country | None = Field(default=None, description="Of the plate; Kazakhstan and its neighbors when not said.", examples=["KZ"])
    number: str | None = Field(default=None, pattern=r"^[A-Z]{3}-[0-9]{6}-[0-9]{2}-[0-9]{2,3}(-[0-9]+)?$", examples=["NZH-261203-14-07"])
    vin: Vin | None = None
    date: Day | None = None

    @model_validator(mode="after")
    def check_some(self) -> "SearchQuery":
        """
        Refuse to list everything.
        """
        wanted: list[Any] = [self.plate, self.number, self.vin, self.date]
        if not any(wanted):
            raise fault("at_least_one", field="plate", expected="plate, number, vin, date")
        return self


class FoundPage(Page[BookingView]):
    """
    What was found, all on one page unless smaller ones are asked for.
    """
