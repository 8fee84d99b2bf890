"""
What the registrar is asked for and shown.
"""

from pydantic import Field

from chalicelib.api.schemas.base import Page, Request, View, absent
from chalicelib.api.schemas.fields import Country, Moment, Plate, Prose
from chalicelib.api.schemas.officer import DeviceView


class HelpRequest(Request):
    """
    Why something is done for a booking; the user reads it.
    """

    reason: Prose = Field(max_length=500, examples=["Пользователь не получил сообщение"])


class PlateRequest(HelpRequest):
    """
    The plate as the papers have it; the VIN stays.
    """

    plate: Plate
    country: Country | None = Field(default=None, description="Of the plate; the booking's when not said.", examples=["CN"])


class HelpView(View):
    """
    What was done.
    """

    booking: str
    released: int | None = absent(description="Locks let go.")


class SiteDeviceView(DeviceView):
    """
    One device as its gateway told last.
    """

    autonomy_minutes: int | None = absent(description="How long a supply can run without the grid (§8).")


class SiteView(View):
    """
    A checkpoint's equipment.
    """

    checkpoint: str
    connected: bool
    last_seen: Moment | None = absent()
    reported_up_to: Moment | None = absent()
    autonomy_minutes: int | None = absent(description="The shortest that a supply there tells of.")
    autonomy_enough: bool | None = absent(description="Whether that is the five hours of §8; unknown where nothing tells.")
    devices: list[SiteDeviceView]
    unheard: list[str] = Field(description="Devices of the checkpoint's lanes that never told of themselves.")


class SitePage(Page[SiteView]):
    """
    All checkpoints, on one page unless smaller ones are asked for.
    """
