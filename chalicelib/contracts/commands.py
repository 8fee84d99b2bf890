"""
What the cloud may ask of a gateway. A command carries id, author and expiry: a stale "open" never fires.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CommandKind(StrEnum):
    """
    Barrier commands of D26.
    """

    OPEN = "open"
    CLOSE = "close"


class Ground(StrEnum):
    """
    On what ground an officer acts (D26).
    """

    MATCH_CONFIRMED = "match_confirmed"
    EMERGENCY = "emergency"
    SERVICE_VEHICLE = "service_vehicle"


@dataclass(frozen=True, slots=True)
class Command:
    """
    One order to a lane's barrier; `author` is a pseudonymous staff id; ignored after `valid_until` (business time) and when repeated.
    """

    id: str
    lane: str
    kind: CommandKind
    author: str
    ground: Ground
    valid_until: datetime
    booking: str | None = None
    booking_number: str | None = None
