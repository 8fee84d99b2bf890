"""
What is booked for: a vehicle, its trailer, its cargo, and the people around it by pseudonymous ids.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from chalicelib.contracts.plates import normalize
from chalicelib.domain.decisions import Allowed, Code, Decision, Refused

CHASSIS: Final = re.compile(r"[A-Z0-9]{5,17}", re.ASCII)


def spell_chassis(printed: str) -> str:
    """
    Spell a VIN or chassis number without blanks and hyphens, in capitals.
    """
    return re.sub(r"[\s-]", "", printed).upper()


def is_chassis(printed: str) -> bool:
    """
    Tell whether something can be a VIN or chassis number: 5-17 Latin letters and digits; old and foreign ones keep no standard.
    """
    return CHASSIS.fullmatch(spell_chassis(printed)) is not None


class Category(StrEnum):
    """
    Vehicle categories; only the first two book (§3).
    """

    TRUCK = "truck"
    TRACTOR_UNIT = "tractor_unit"
    BUS = "bus"
    CAR = "car"
    MOTORCYCLE = "motorcycle"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Vehicle:
    """
    A vehicle as registered: `plate` as printed, `country` of the plate (ISO 3166 alpha-2).
    """

    country: str
    plate: str
    vin: str
    category: Category
    body: str

    @property
    def plate_key(self) -> str:
        """
        Spell country and plate for comparison (D9).
        """
        return f"{self.country}#{normalize(self.plate)}"

    @property
    def vin_key(self) -> str:
        """
        Spell the VIN for comparison.
        """
        return normalize(self.vin)


@dataclass(frozen=True, slots=True)
class Trailer:
    """
    A trailer's plate and its country.
    """

    country: str
    plate: str


@dataclass(frozen=True, slots=True)
class Party:
    """
    An owner, driver or account holder: who it is lies in the personal data store under `person`.

    `document_until` is the last day of the document named in the application; `identity_session` confirmed the face (§18.12); `consent` is the
    person's to the processing of his data (§16).
    """

    person: str
    resident: bool
    kind: str = "natural"
    document_until: date | None = None
    identity_session: str | None = None
    consent: str | None = None


@dataclass(frozen=True, slots=True)
class Cargo:
    """
    What is carried, as far as the Order asks (§6).
    """

    kind: str
    hs_codes: tuple[str, ...] = ()
    exclusive: bool = False
    declaration_kind: str | None = None
    declaration_number: str | None = None


def must_book(category: Category) -> Decision:
    """
    Only trucks and tractor units book; others need no booking (§3).
    """
    if category in {Category.TRUCK, Category.TRACTOR_UNIT}:
        return Allowed()
    return Refused.because(Code.NOT_A_TRUCK, "3", category=category.value)


@dataclass(frozen=True, slots=True)
class VehicleLock:
    """
    One of a vehicle's two locks toward a neighboring country (§21, D8): `key` is `CN#plate#KZ#123ABC02` or `CN#vin#…`.

    A lock taken with a hold lapses with it (`until`); a confirmed booking's lock has none.
    """

    key: str
    booking: str | None
    checkpoint: str
    version: int
    until: datetime | None = None

    def binds(self, *, other_than: str, now: datetime) -> bool:
        """
        Tell whether it keeps the vehicle from another booking now.
        """
        if self.booking is None or self.booking == other_than:
            return False
        return self.until is None or now < self.until


def lock_keys(vehicle: Vehicle, *, toward: str) -> tuple[str, str]:
    """
    Name the vehicle's plate and VIN locks toward a country.
    """
    return f"{toward}#plate#{vehicle.plate_key}", f"{toward}#vin#{vehicle.vin_key}"


def hold_keys(vehicle: Vehicle, *, account: str) -> tuple[str, ...]:
    """
    Name whose holds are counted: the account's and the vehicle's, by plate and by VIN, so that another plate begins no new count (D8, D11).
    """
    by_vin = (f"vin#{vehicle.vin_key}",) if vehicle.vin_key else ()
    return f"account#{account}", f"plate#{vehicle.plate_key}", *by_vin


@dataclass(frozen=True, slots=True)
class MissRecord:
    """
    The no-shows and cancellations of one vehicle key (`plate#…` or `vin#…`), whatever the account (D20): booking id → local day.
    """

    key: str
    misses: Mapping[str, date]
    version: int

    def others(self, *, booking: str, since: date) -> int:
        """
        Count the misses of other bookings on or after a day.
        """
        return sum(1 for other, day in self.misses.items() if other != booking and day >= since)

    def latest(self, *, booking: str, since: date) -> date | None:
        """
        Name the last day of another booking's miss on or after a day, if there is one.
        """
        return max((day for other, day in self.misses.items() if other != booking and day >= since), default=None)


def miss_keys(vehicle: Vehicle) -> tuple[str, str]:
    """
    Name the vehicle's two miss records.
    """
    return f"plate#{vehicle.plate_key}", f"vin#{vehicle.vin_key}"
