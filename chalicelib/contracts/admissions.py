"""
The list from which a gateway decides alone (D23): who may enter, when, in the next 72 hours, and the signed manifest that vouches for it.

What is called is known at the gate twice: from the cloud while there is a line, from this list when there is none (§33).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

PART_CHARACTERS: Final = 90_000
"""The most of a list that one message carries: IoT Core takes 128 KB."""


class AdmissionStatus(StrEnum):
    """
    Where the cloud last knew the vehicle to be (D17).
    """

    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    CALLED = "called"
    ADMITTED = "admitted"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Admission:
    """
    One vehicle that may come. `plate` is normalized; `country` is ISO 3166 alpha-2 of the plate; all moments carry an offset.

    `opens_at` is the earliest entry (30 min before the interval, D17); `call_due_at` is when its call lead begins (D16, D24);
    `called_at` is set once called; `expires_at` is when a no-show is annulled (D18): what the cloud knows of. What the gate sees while it is cut
    off moves it: `ends_at` is the interval's end as delays have moved it, `leave_minutes` from being told to go, `reach_minutes` from leaving.
    """

    booking: str
    version: int
    number: str
    plate: str
    country: str
    status: AdmissionStatus
    class_: str
    slot_start: datetime
    slot_end: datetime
    opens_at: datetime
    call_due_at: datetime
    expires_at: datetime
    trailer: str | None = None
    called_at: datetime | None = None
    arrived_at: datetime | None = None
    left_area_at: datetime | None = None
    officer_only: str | None = None
    ends_at: datetime | None = None
    leave_minutes: int = 60
    reach_minutes: int = 60


@dataclass(frozen=True, slots=True)
class AdmissionsManifest:
    """
    What is signed (compact JWS, ES256, `typ: admissions+jwt`) and lies in the shadow's `desired.admissions.token`.

    `sha256` is over the UTF-8 JSON array of all admissions in order, joined from the parts.
    """

    checkpoint: str
    version: int
    parts: int
    sha256: str
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class AdmissionsPart:
    """
    Part `index` (from 0) of list `version`; `text` is a slice of the JSON array's text, ≤ `PART_CHARACTERS`.
    """

    version: int
    index: int
    parts: int
    text: str
    token: str


@dataclass(frozen=True, slots=True)
class AdmissionsWanted:
    """
    A gateway holds version `have` (0: none) and asks for the current one.
    """

    have: int


def in_parts(text: str) -> list[str]:
    """
    Cut a list's text as its messages carry it, into one part at least.
    """
    return [text[start : start + PART_CHARACTERS] for start in range(0, len(text), PART_CHARACTERS)] or [""]
