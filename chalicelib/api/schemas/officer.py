from typing import Any, Final

from pydantic import Field, model_validator

from chalicelib.api.schemas.base import Page, Request, View, WholeQuery, absent
from chalicelib.api.schemas.booking_views import BookingView, SuspensionView
from chalicelib.api.schemas.bookings import Slug
from chalicelib.api.schemas.fields import Country, Day, Moment, Plate, Prose, Text, Vin, fault
from chalicelib.contracts.commands import CommandKind, Ground
from chalicelib.contracts.passages import Action, DecisionReason, LaneKind
from chalicelib.domain.bookings import Status
from chalicelib.domain.plans import PlaceClass
from chalicelib.usecases.register_passage import Told
from chalicelib.usecases.watch_checkpoint import TaskKind, Whereabouts

NUMBER: Final = r"^[A-Z]{3}-[0-9]{6}-[0-9]{2}-[0-9]{2,3}(-[0-9]+)?$"


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
    queue_position: int | None = absent()
    ready_at: Moment | None = absent()
    suspended: SuspensionView | None = absent()
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


class TaskView(View):
    """
    Something that only an officer can decide: a passage nobody could tell, a vehicle that stood at the shut gate, one past its time of which
    the silent gateway may know more, one that entered three days ago and was not seen to leave.
    """

    kind: TaskKind
    since: Moment
    lane: str | None = absent()
    plate: str | None = absent()
    booking: str | None = absent()
    number: str | None = absent()
    reason: str | None = absent()


class WaitingAreaView(View):
    """
    How many vehicles the waiting area is meant for, and how many are there.
    """

    capacity: int
    vehicles: int


class LiveView(View):
    """
    A checkpoint now.
    """

    checkpoint: str
    at: Moment
    counts: dict[str, int]
    vehicles: list[SeenVehicleView]
    tasks: list[TaskView]
    waiting_area: WaitingAreaView
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


class PassageRequest(Request):
    """
    A passage that an officer saw: by booking or plate; `resolved` needs neither where nobody expected passed.
    """

    lane: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+){0,3}$", max_length=40, examples=["entry-1"])
    at: Moment = Field(description="When it passed: not to come, and not longer ago than 72 hours.")
    action: Told = Field(examples=["admitted"])
    reason: Prose = Field(max_length=500, examples=["Номер в грязи, документы сверены"])
    booking: str | None = Field(default=None, pattern=r"^[\w-]{1,64}$")
    plate: Plate | None = None
    country: Country | None = Field(default=None, description="Of the plate; Kazakhstan and its neighbors when not said.", examples=["KZ"])
    photo: str | None = Field(
        default=None, pattern=r"^[0-9a-f]{64}$", description="SHA-256 of a photograph that is kept.", examples=["0f" * 32]
    )

    @model_validator(mode="after")
    def check_whom(self) -> "PassageRequest":
        """
        Refuse to let nobody in.
        """
        if self.action is not Told.RESOLVED and self.booking is None and self.plate is None:
            raise fault("at_least_one", field="booking", expected="booking, plate")
        return self


class PassageView(View):
    """
    The officer's word is kept, and what follows from it is done.
    """

    id: str
    event: str
    booking: str | None = absent()


class SearchQuery(WholeQuery):
    """
    By plate, number, VIN or day: at least one.
    """

    plate: Plate | None = Field(default=None, examples=["123ABC02"])
    country: Country | None = Field(default=None, description="Of the plate; Kazakhstan and its neighbors when not said.", examples=["KZ"])
    number: str | None = Field(default=None, pattern=NUMBER, examples=["NZH-261203-14-07"])
    vin: Vin | None = None
    date: Day | None = None
    checkpoint: Slug | None = Field(default=None, description="One of the caller's; needed where all are his and only a day is asked for.")

    @model_validator(mode="after")
    def check_some(self) -> "SearchQuery":
        """
        Refuse to list everything.
        """
        wanted: list[Any] = [self.plate, self.number, self.vin, self.date]
        if not any(wanted):
            raise fault("at_least_one", field="plate", expected="plate, number, vin, date")
        return self


class RegistrarQuery(WholeQuery):
    """
    By plate, number or VIN, at whatever checkpoint.
    """

    plate: Plate | None = Field(default=None, examples=["123ABC02"])
    country: Country | None = Field(default=None, description="Of the plate; Kazakhstan and its neighbors when not said.", examples=["KZ"])
    number: str | None = Field(default=None, pattern=NUMBER, examples=["NZH-261203-14-07"])
    vin: Vin | None = None

    @model_validator(mode="after")
    def check_some(self) -> "RegistrarQuery":
        """
        Refuse to list everything.
        """
        if not (self.plate or self.number or self.vin):
            raise fault("at_least_one", field="plate", expected="plate, number, vin")
        return self


class NameSearch(Request):
    """
    Whose bookings: an owner's or a driver's name, never in an address.
    """

    name: Text = Field(examples=["Асқар Серіков"])


class FoundPage(Page[BookingView]):
    """
    What was found, all on one page unless smaller ones are asked for.
    """
