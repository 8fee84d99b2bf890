"""
The lists that the designated postal operator and state bodies send to the state revenue body: who may book by §6 (1) and (3), and on which day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.decisions import Allowed, Code, Decision, Refused
from chalicelib.domain.plans import PlaceClass

LISTED: Final = frozenset({PlaceClass.PRIORITY_POST, PlaceClass.PRIORITY_STATE})
"""The classes that rest on a list (§6 (1), (3))."""
PART_ROWS: Final = 200
"""Rows kept in one part of a list: a part must stay well under the 400 KB that a row of the store may have."""
MOST_ROWS: Final = 10_000


class ListStatus(StrEnum):
    """
    Where a list stands. One with faults is rejected as it comes and admits nothing; a clean one waits for a second officer.
    """

    REJECTED = "rejected"
    SUBMITTED = "submitted"
    APPROVED = "approved"


class Column(StrEnum):
    """
    What a list tells of each vehicle.
    """

    PLATE = "plate"
    COUNTRY = "country"
    VIN = "vin"
    DATE = "date"
    NOTE = "note"
    CHECKPOINT = "checkpoint"
    CLASS = "class"


COLUMNS: Final = tuple(Column)
NEEDED: Final = (Column.PLATE, Column.COUNTRY, Column.DATE)


class FaultCode(StrEnum):
    """
    What can be wrong with a row, a cell or a whole file; texts in `jurisdictions/kz/vehicle_lists.json`.
    """

    NO_ROWS = "no_rows"
    TOO_MANY_ROWS = "too_many_rows"
    COLUMN_MISSING = "column_missing"
    COLUMN_REPEATED = "column_repeated"
    EMPTY_ROW = "empty_row"
    REQUIRED = "required"
    FORMULA = "formula"
    MERGED = "merged"
    CHARACTERS = "characters"
    TOO_LONG = "too_long"
    PLATE_INVALID = "plate_invalid"
    COUNTRY_UNKNOWN = "country_unknown"
    VIN_INVALID = "vin_invalid"
    DATE_INVALID = "date_invalid"
    DATE_TOO_SOON = "date_too_soon"
    DATE_TOO_FAR = "date_too_far"
    DUPLICATE = "duplicate"
    ALREADY_LISTED = "already_listed"
    CHECKPOINT_DIFFERS = "checkpoint_differs"
    CLASS_DIFFERS = "class_differs"


@dataclass(frozen=True, slots=True)
class RowFault:
    """
    One thing wrong: the row as the clerk's program numbers it, the column (none: the whole row), and the figures its sentence needs.
    """

    row: int
    code: FaultCode
    column: Column | None = None
    parameters: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListedRow:
    """
    One row as written (`cells` in the order of `Column`) and, where it could be read, as understood: plate key, VIN key, booked day.
    """

    row: int
    cells: tuple[str, ...]
    vehicle: str | None = None
    vin: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class VehicleList:
    """
    One list as received. `sender` and `sender_number` (BIN) name an organization; `received_on` is the day on which OGD had it (D2).
    """

    id: str
    version: int
    status: ListStatus
    checkpoint: str
    class_: PlaceClass
    sender: str
    received_on: date
    uploaded_at: datetime
    uploaded_by: str
    rows: int
    faults: int
    parts: int
    sha256: str
    sender_number: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None

    def decided(self, status: ListStatus, *, by: str, at: datetime, reason: str | None = None) -> "VehicleList":
        """
        Give the list as a second officer decided on it.
        """
        return replace(self, status=status, version=self.version + 1, decided_by=by, decided_at=at, reason=reason)


@dataclass(frozen=True, slots=True)
class ListPart:
    """
    Up to `PART_ROWS` rows of a list with what is wrong with them; written before the list itself, never changed.
    """

    list: str
    number: int
    rows: tuple[ListedRow, ...]
    faults: tuple[RowFault, ...]
    version: int = 1


@dataclass(frozen=True, slots=True)
class ListEntry:
    """
    One vehicle that an approved list names for a day: `vehicle` is `class#checkpoint#KZ#123ABC02`. It serves one booking.

    What its booking came to is read from the booking: an ended one leaves the entry free again.
    """

    vehicle: str
    day: date
    list: str
    row: int
    vin: str | None
    version: int
    booking: str | None = None

    def taken(self, booking: str) -> "ListEntry":
        """
        Give the entry as it serves a booking.
        """
        return replace(self, booking=booking, version=self.version + 1)


def entry_key(*, class_: PlaceClass, checkpoint: str, plate_key: str) -> str:
    """
    Name what a listed vehicle is found by, beside the day.
    """
    return f"{class_.value}#{checkpoint}#{plate_key}"


def entry_key_of(booking: Booking) -> str:
    """
    Name what a booking's vehicle would be listed under.
    """
    return entry_key(class_=booking.class_, checkpoint=booking.checkpoint, plate_key=booking.vehicle.plate_key)


def entries_of(list_: VehicleList, rows: Sequence[ListedRow]) -> tuple[ListEntry, ...]:
    """
    Make the entries that an approved list's rows stand for.
    """
    return tuple(
        ListEntry(
            entry_key(class_=list_.class_, checkpoint=list_.checkpoint, plate_key=row.vehicle),
            row.day,
            list_.id,
            row.row,
            row.vin,
            version=1,
        )
        for row in rows
        if row.vehicle is not None and row.day is not None
    )


def may_decide(list_: VehicleList, *, officer: str, approving: bool) -> Decision:
    """
    Test that a list can still be decided on, and that nobody approves what he brought in himself (§6).
    """
    if list_.status is not ListStatus.SUBMITTED:
        return Refused.because(Code.LIST_NOT_SUBMITTED, "6", list_status=list_.status.value)
    if approving and officer == list_.uploaded_by:
        return Refused.because(Code.ANOTHER_OFFICER_REQUIRED, "6")
    return Allowed()


def earliest_day(received_on: date, lead_days: int) -> date:
    """
    Name the first day that a list may book: 10 calendar days after OGD's receipt (§6, D2).
    """
    return received_on + timedelta(days=lead_days)
