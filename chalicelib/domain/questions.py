"""
What a register is told about a subject: exactly the keys its source may have, no more (§18, architecture.md on personal data).
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.vehicles import Party
from chalicelib.domain.verification import Check

TRIP: Final = frozenset({"plate", "country", "vin"})
"""Vehicle data: the relay records for which vehicle it was asked."""
PERSONAL: Final = ("iin", "bin", "phone", "name", "birth_date")
People = Mapping[str, Mapping[str, Any]]


def keys_of(booking: Booking, check: Check, people: People) -> dict[str, str]:
    """
    Gather a question's keys; personal values pass through and are not kept. `people` are fields by pseudonymous id.
    """
    known = _trip(booking) | _drawn(booking, check.subject) | _least(_person(booking, check.subject, people)) | dict(check.given)
    allowed = TRIP | frozenset(check.keys)
    return {name: value for name, value in known.items() if value and name in allowed}


def _trip(booking: Booking) -> dict[str, str]:
    vehicle = booking.vehicle
    return {
        "plate": vehicle.plate,
        "country": vehicle.country,
        "vin": vehicle.vin,
        "category": "CE" if booking.trailer is not None else "C",
        "neighbor_country": booking.toward,
        "declaration": booking.cargo.declaration_number or "",
    }


def _drawn(booking: Booking, subject: str) -> dict[str, str]:
    """
    Name the trailer where it is asked about: by its plate, as its VIN is not part of an application (§16).
    """
    if subject != "trailer" or booking.trailer is None:
        return {}
    return {"plate": booking.trailer.plate, "country": booking.trailer.country, "vin": ""}


def _least(person: dict[str, str]) -> dict[str, str]:
    """
    Keep what names a person best: IIN or BIN, else a document, else the name.
    """
    numbered, documented = person.get("iin") or person.get("bin"), person.get("document")
    superfluous = {"document": numbered, "name": numbered or documented}
    return {name: value for name, value in person.items() if not superfluous.get(name)}


def _person(booking: Booking, subject: str, people: People) -> dict[str, str]:
    fields: dict[str, Any] = {}
    for party in _parties(booking, subject):
        fields |= people.get(party.person, {})
    found = {name: str(fields[name]) for name in PERSONAL if fields.get(name)}
    document = fields.get("document")
    return {**found, "document": str(document.get("number", "")) if isinstance(document, Mapping) else ""}


def _parties(booking: Booking, subject: str) -> tuple[Party, ...]:
    """
    Whose fields describe a subject; the holder's own come over those of the person he applied as: of a company's member his IIN beside its BIN.
    """
    if subject.startswith("driver:"):
        return (booking.drivers[int(subject.partition(":")[2])],)
    return (booking.acting, booking.holder) if subject == "user" else (booking.owner,)
