"""
What is asked to apply, to take a place, to pay and to cancel.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, PlainValidator, StringConstraints, WithJsonSchema, model_validator

from chalicelib.api.languages import Language
from chalicelib.api.schemas.base import Query, Request
from chalicelib.api.schemas.fields import Bin, Country, Day, Email, Iin, Moment, Phone, Plate, Text, Vin, fault, parse_moment, shown_moment
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.vehicles import Category

FIRST_FREE = "first_free"
MOST_DRIVERS = 4
EARLIEST_BIRTH = date(1920, 1, 1)
HsCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4,10}$"), Field(examples=["080810"])]
DocumentNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-zА-Яа-яЁё/ -]{3,32}$"), Field(examples=["N12345678"])]
SessionId = Annotated[
    str,
    StringConstraints(pattern=r"^ids_[\w-]{1,64}$"),
    Field(description="Of `POST /v1/me/identity-sessions`.", examples=["ids_2M9sVbS1wT"]),
]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40), Field(examples=["nur-zholy"])]


class Body(StrEnum):
    """
    A truck's body.
    """

    CURTAIN = "curtain"
    BOX = "box"
    TANK = "tank"
    REFRIGERATOR = "refrigerator"
    FLATBED = "flatbed"
    CONTAINER = "container"
    OTHER = "other"


class CargoKind(StrEnum):
    """
    What is carried, as far as the Order asks.
    """

    GENERAL = "general"
    EMPTY = "empty"
    PERISHABLE = "perishable"
    ANIMALS = "animals"
    DANGEROUS = "dangerous"
    EXPORT = "export"
    HUMANITARIAN = "humanitarian"
    MILITARY = "military"
    DIPLOMATIC = "diplomatic"
    POST = "post"


class VehicleFields(Request):
    """
    The truck as registered.
    """

    country: Country
    plate: Plate
    vin: Vin
    category: Category
    body: Body


class TrailerFields(Request):
    """
    Its trailer.
    """

    country: Country
    plate: Plate


class OwnerFields(Request):
    """
    Whose truck it is: a resident gives his IIN or BIN.
    """

    resident: bool
    kind: Literal["natural", "legal"]
    name: Text
    iin: Iin | None = None
    bin: Bin | None = None

    @model_validator(mode="after")
    def check_number(self) -> "OwnerFields":
        """
        Refuse a resident without a number.
        """
        field = "bin" if self.kind == "legal" else "iin"
        if self.resident and getattr(self, field) is None:
            raise fault("required_with", field=field, other="resident: true")
        return self


class DocumentFields(Request):
    """
    A driver's identity document.
    """

    type: Literal["id_card", "passport", "residence_permit"]
    country: Country
    number: DocumentNumber
    expires_on: Day = Field(examples=["2033-05-17"])


class DriverFields(Request):
    """
    A driver: a resident gives his IIN.
    """

    resident: bool
    name: Text
    iin: Iin | None = None
    birth_date: Day = Field(examples=["1988-01-01"])
    phone: Phone
    email: Email | None = None
    language: Language | None = Field(default=None, description="What he reads; by his number when not said.", examples=["kk"])
    channel: Literal["sms", "messenger"] | None = Field(
        default=None, description="How notices reach him: SMS when not said.", examples=["sms"]
    )
    document: DocumentFields
    identity_session: SessionId | None = None

    @model_validator(mode="after")
    def check_person(self) -> "DriverFields":
        """
        Refuse a resident without IIN and an impossible birth.
        """
        if self.resident and self.iin is None:
            raise fault("required_with", field="iin", other="resident: true")
        if not EARLIEST_BIRTH <= self.birth_date < self.document.expires_on:
            raise fault("birth_date", field="birth_date")
        return self


class DeclarationFields(Request):
    """
    A goods declaration, a transit declaration, or a document used as one (D13).
    """

    kind: Literal["goods", "transit", "used_as_transit"]
    number: DocumentNumber


class CargoFields(Request):
    """
    What is carried; `exclusive`: nothing else beside.
    """

    kind: CargoKind
    hs_codes: list[HsCode] = Field(default_factory=list, max_length=50)
    exclusive: bool = False
    declaration: DeclarationFields | None = None


class BookingRequest(Request):
    """
    An application (§16).
    """

    checkpoint: Slug
    class_: PlaceClass = Field(default=PlaceClass.GENERAL, alias="class")
    vehicle: VehicleFields
    trailer: TrailerFields | None = None
    owner: OwnerFields
    drivers: list[DriverFields] = Field(min_length=1, max_length=MOST_DRIVERS)
    authorized_drivers: int | None = Field(default=None, ge=0, le=MOST_DRIVERS, description="Declared number; never fewer than are named.")
    cargo: CargoFields
    consent: bool = Field(
        default=False,
        description="Asks for every person's consent to the processing of his data (§16): residents answer in the state service, for others this "
        "is the consent. Not needed where all consents are given already.",
    )


def parse_slot_start(value: object) -> datetime | None:
    """
    Read a moment, or none for `first_free`.
    """
    return None if value == FIRST_FREE else parse_moment(value)


def shown_slot_start(value: datetime | None) -> str:
    """
    Write it again.
    """
    return FIRST_FREE if value is None else shown_moment(value)


_SLOT_START: Any = {"anyOf": [{"type": "string", "format": "date-time"}, {"const": FIRST_FREE}], "examples": ["2026-12-03T14:00:00+05:00"]}
SlotStart = Annotated[
    datetime | None, PlainValidator(parse_slot_start), PlainSerializer(shown_slot_start, return_type=str), WithJsonSchema(_SLOT_START)
]


class PlaceRequest(Request):
    """
    Which place is wanted: an interval by its start, or the first free one not before `after`.
    """

    slot_start: SlotStart
    after: Moment | None = None
    pool: Pool = Pool.PRIMARY


class PaymentRequest(Request):
    """
    From the wallet, or by card for what it lacks.
    """

    method: Literal["balance", "card"]


class CancelQuery(Query):
    """
    Whether only to tell.
    """

    preview: bool = Field(default=False, description="Tell what it would cost, change nothing; needs no key.")
