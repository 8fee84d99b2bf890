"""
From the form of §16 to what its use case takes.
"""

from typing import Any

from chalicelib import wiring
from chalicelib.api.field_errors import invalid_field
from chalicelib.api.languages import Language
from chalicelib.api.schemas.bookings import BookingRequest, DriverFields, OwnerFields
from chalicelib.domain.vehicles import Cargo, Trailer, Vehicle
from chalicelib.usecases.request_booking import Application, Person


def check_known(form: BookingRequest, *, account: str, language: Language) -> None:
    """
    Refuse what no form by itself shows to be wrong: a checkpoint that does not exist, a driver not yet born, somebody else's session. Raises `ProblemError`.
    """
    if wiring.law().checkpoint(form.checkpoint) is None:
        raise invalid_field("checkpoint", "unknown_id", language=language)
    now = wiring.clock().now()
    today = wiring.rules_on(now).today(now)
    unborn = next((index for index, driver in enumerate(form.drivers) if driver.birth_date >= today), None)
    if unborn is not None:
        raise invalid_field(f"drivers.{unborn}.birth_date", "birth_date", language=language)
    for index, driver in enumerate(form.drivers):
        session = driver.identity_session
        if session is not None and not wiring.keep_identity().belongs(account=account, session=session, iin=driver.iin):
            raise invalid_field(f"drivers.{index}.identity_session", "unknown_id", language=language)


def check_driver(driver: DriverFields, *, account: str, language: Language) -> None:
    """
    Refuse a driver not yet born, and somebody else's session. Raises `ProblemError`.
    """
    now = wiring.clock().now()
    if driver.birth_date >= wiring.rules_on(now).today(now):
        raise invalid_field("birth_date", "birth_date", language=language)
    session = driver.identity_session
    if session is not None and not wiring.keep_identity().belongs(account=account, session=session, iin=driver.iin):
        raise invalid_field("identity_session", "unknown_id", language=language)


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
        owner=person_of(form.owner, kind=form.owner.kind),
        drivers=tuple(person_of(driver, kind="natural") for driver in form.drivers),
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


def person_of(fields: OwnerFields | DriverFields, *, kind: str) -> Person:
    """
    Read a person: what is personal goes into `fields` and nowhere else.
    """
    kept: dict[str, Any] = fields.model_dump(mode="json", exclude_none=True, exclude={"resident", "kind", "identity_session", "consent"})
    return Person(resident=fields.resident, kind=kind, fields=kept, identity_session=getattr(fields, "identity_session", None))
