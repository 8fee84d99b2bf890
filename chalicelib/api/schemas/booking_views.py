"""
A booking as it is shown.
"""

from typing import Any, Literal

from pydantic import Field

from chalicelib.api.schemas.base import Page, View, absent
from chalicelib.api.schemas.fields import Day, Moment, Money
from chalicelib.domain.bookings import Status
from chalicelib.domain.money import DepositState
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.registers import CheckResult


class SlotView(View):
    """
    The booked interval, half-open.
    """

    start: Moment
    end: Moment


class VehicleView(View):
    """
    The truck.
    """

    country: str
    plate: str
    vin: str
    category: str
    body: str


class TrailerView(View):
    """
    The trailer.
    """

    country: str
    plate: str


class PersonView(View):
    """
    An owner or driver; personal fields are left out while their store is away.
    """

    resident: bool
    kind: str
    name: str | None = absent()
    iin: str | None = absent()
    bin: str | None = absent()
    birth_date: str | None = absent()
    phone: str | None = absent()
    email: str | None = absent()
    document: dict[str, str] | None = absent()


class DriverView(PersonView):
    """
    A driver by its id within the booking; `language` and `channel` as he or the user said.
    """

    id: str
    language: str | None = absent()
    channel: str | None = absent()


class DueView(View):
    """
    What a held place costs.
    """

    fee: Money
    deposit: Money
    from_wallet: Money
    to_pay: Money


class CheckView(View):
    """
    What one register of §18 said about one subject; of a silent one, since when and when it is asked next.
    """

    source: str = Field(examples=["17-1"])
    name: str | None = absent(examples=["Liability insurance: single insurance database"])
    subject: str = Field(examples=["driver:0"])
    result: CheckResult
    valid_until: Day | None = absent()
    silent_since: Moment | None = absent()
    next_try_at: Moment | None = absent()
    message: str


class VerificationView(View):
    """
    Where the verification stands.
    """

    status: Literal["verifying", "verified", "refused"]
    reason: str | None = absent()
    checks: list[CheckView]


class ForgivenessView(View):
    """
    The one forgiven miss of the vehicle in 90 days (§28, D20): with this booking or another, and from when on one is forgiven again.
    """

    used_on: Day | None = absent()
    again_on: Day | None = absent()


class EventView(View):
    """
    What happened, when, by whom, with what ground; `id` finds it in the record.
    """

    id: str
    at: Moment
    event: str
    by: str = Field(examples=["user", "payer", "system", "gateway", "officer", "provider"])
    ground: str | None = absent()
    detail: dict[str, Any]


class SuspensionView(View):
    """
    Why a booking stands still: the paragraph, the reason's code, and since when (D22, D28).
    """

    rule: str = Field(examples=["§27"])
    reason: str = Field(examples=["debt"])
    since: Moment


class ChoiceView(View):
    """
    What the user may do instead, as something befell the booking through no fault of his: another place, or everything back (D21).
    """

    may_relocate: bool
    may_withdraw: bool
    ground: str = Field(examples=["closure"])


class BookingView(View):
    """
    A booking.
    """

    id: str
    number: str | None = absent()
    status: Status
    class_: PlaceClass = Field(alias="class")
    pool: Pool | None
    checkpoint: str
    created_at: Moment
    slot: SlotView | None = absent()
    vehicle: VehicleView
    trailer: TrailerView | None = absent()
    owner: PersonView
    drivers: list[DriverView]
    authorized_drivers: int
    due: DueView | None = absent()
    deposit: DepositState
    hold_expires_at: Moment | None = absent()
    verification: VerificationView
    reschedules_left: int
    forgiveness: ForgivenessView
    arrived_at: Moment | None = absent()
    called_at: Moment | None = absent()
    leave_by: Moment | None = absent()
    left_area_at: Moment | None = absent()
    admitted_at: Moment | None = absent()
    crossed_at: Moment | None = absent()
    expected_at: Moment | None = absent()
    valid_until: Moment | None = absent()
    ready_at: Moment | None = absent()
    suspended: SuspensionView | None = absent()
    choice: ChoiceView | None = absent()
    account: str | None = absent(description="Whose it is; officers and the registrar see it.")
    queue_position: int | None = absent(description="Of all who are expected within a day, in queue order; 1 is next.")
    personal_data: Literal["unavailable"] | None = absent()
    timeline: list[EventView]


class BookingPage(Page[BookingView]):
    """
    Bookings, newest first, without their timelines.
    """


class CancellationView(View):
    """
    What a cancellation costs, or would.
    """

    fee: Literal["kept", "returned"]
    deposit: DepositState
    rule: str = Field(examples=["§28"])
    booking: str
