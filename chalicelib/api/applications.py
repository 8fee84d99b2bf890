"""
From the form of §16 to what its use case takes.
"""

from typing import Any

from chalicelib.api.languages import Language
from chalicelib.api.schemas.bookings import BookingRequest, DriverFields, OwnerFields
from chalicelib.domain.vehicles import Cargo, Trailer, Vehicle
from chalicelib.usecases.request_booking import Application, Person


def application_of(form: BookingRequest, *, language: Language) -> Application:
    """
    Read a form; personal fields go into `Person.fields` and nowhere else.
    """
    vehicle, cargo = form.vehicle, form.cargo
    declaration = cargo.declaration
    return Application(
        checkpoint=form.checkpoint,
        class_=form.class_,
        vehicle=Vehicle(vehicle.country, vehicle.plate, vehicle.vin, vehicle.category, vehicle.body.value),
        trailer=Trailer(form.trailer.country, form.trailer.plate) if form.trailer else None,
        owner=_person(form.owner, kind=form.owner.kind),
        drivers=tuple(_person(driver, kind="natural") for driver in form.drivers),
        authorized_drivers=max(form.authorized_drivers or 0, len(form.drivers)),
        cargo=Cargo(
            kind=cargo.kind.value,
            hs_codes=tuple(cargo.hs_codes),
            exclusive=cargo.exclusive,
            declaration_kind=declaration.kind if declaration else None,
            declaration_number=declaration.number if declaration else None,
        ),
        consent=form.consent,
        language=language.value,
    )


def _person(fields: OwnerFields | DriverFields, *, kind: str) -> Person:
    kept: dict[str, Any] = fields.model_dump(mode="json", exclude_none=True, exclude={"resident", "kind"})
    return Person(resident=fields.resident, kind=kind, fields=kept)
