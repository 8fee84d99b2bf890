"""
What is asked to change a paid booking, and what a choice after D21 comes to.
"""

from typing import Literal

from pydantic import Field

from chalicelib.api.schemas.base import Query, Request, View, absent
from chalicelib.api.schemas.bookings import DriverFields, Slug, TrailerFields
from chalicelib.api.schemas.fields import Moment, Plate, Prose
from chalicelib.domain.plans import PlaceClass


class RescheduleRequest(Request):
    """
    Another date and time at the same checkpoint (§28).
    """

    slot_start: Moment = Field(examples=["2026-12-05T10:00:00+05:00"])
    fee: Literal["pay"] | None = Field(default=None, description="Agreement to pay the fee again out of the wallet, where one is due.")


class RelocationRequest(Request):
    """
    Another primary place toward the same country (D21).
    """

    checkpoint: Slug
    slot_start: Moment = Field(examples=["2026-12-05T10:00:00+05:00"])


class DriverRequest(DriverFields):
    """
    A driver who comes later.
    """

    consent: bool = Field(
        default=False,
        description="Asks for his consent to the processing of his data (§16): a resident answers in the state service, then the request is "
        "repeated; for anybody else this is the consent. Not needed where he has given it already.",
    )


class TrailerRequest(Request):
    """
    Another trailer, or none.
    """

    trailer: TrailerFields | None = Field(description="Null uncouples it.")


class CorrectionRequest(Request):
    """
    The plate as it is; VIN and owner never change (§36).
    """

    plate: Plate
    ground: Prose | None = Field(default=None, max_length=500, examples=["Опечатка в номере"])


class ClassRequest(Request):
    """
    The class that is left where the ground of a priority is missing (D13).
    """

    class_: Literal["general"] = Field(alias="class")
    reason: Prose = Field(max_length=500, examples=["Декларация не предъявлена"])


class PreviewQuery(Query):
    """
    Whether only to tell.
    """

    preview: bool = Field(default=False, description="Tell what would be, change nothing; needs no key.")


class RelocationView(View):
    """
    Where a booking is moved, or would be: free of charge, the free reschedule kept.
    """

    booking: str
    checkpoint: str
    slot_start: Moment
    class_: PlaceClass = Field(alias="class", description="`general` where the chosen slot has no place of the booking's class.")
    number: str | None = absent(description="The new number; none in a preview.")
    rule: str = Field(examples=["D21"])
