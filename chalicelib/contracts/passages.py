"""
What a gateway reports: readings, decisions, barrier moves and executed commands, in a journal that is never renumbered.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LaneKind(StrEnum):
    """
    What a lane's camera looks at.
    """

    ENTRY = "entry"
    EXIT = "exit"
    WAITING_AREA_ENTRY = "waiting_area_entry"
    WAITING_AREA_EXIT = "waiting_area_exit"


class Action(StrEnum):
    """
    What the gateway did about a frame.
    """

    OPEN = "open"
    STAY = "stay"
    ARRIVED = "arrived"
    DEPARTED = "departed"
    NONE = "none"


class DecisionReason(StrEnum):
    """
    Why. Of the gateway's own only `MATCH` and `MATCH_REPAIRED` open a barrier; `OFFICER_CONFIRMED` is a match that an officer stands for (D26).
    """

    MATCH = "MATCH"
    MATCH_REPAIRED = "MATCH_REPAIRED"
    UNKNOWN_VEHICLE = "UNKNOWN_VEHICLE"
    SIMILAR_PLATE = "SIMILAR_PLATE"
    AMBIGUOUS = "AMBIGUOUS"
    UNREADABLE = "UNREADABLE"
    NOT_A_PICTURE = "NOT_A_PICTURE"
    TOO_EARLY = "TOO_EARLY"
    NOT_CALLED = "NOT_CALLED"
    NOT_FROM_WAITING_AREA = "NOT_FROM_WAITING_AREA"
    EXPIRED = "EXPIRED"
    ALREADY_ADMITTED = "ALREADY_ADMITTED"
    NOT_ADMITTED = "NOT_ADMITTED"
    OFFICER_ONLY = "OFFICER_ONLY"
    OFFICER_CONFIRMED = "OFFICER_CONFIRMED"
    TRAILER_DIFFERS = "TRAILER_DIFFERS"
    NO_LIST = "NO_LIST"
    BARRIER_FAULTED = "BARRIER_FAULTED"


class BarrierState(StrEnum):
    """
    The barrier's own states; each leaves by an event or by its timeout.
    """

    CLOSED = "closed"
    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"
    FAULTED = "faulted"


@dataclass(frozen=True, slots=True)
class Reading:
    """
    One plate as read: `text` normalized, confidence 0–1, `char_confidences` one per character of `text`.
    """

    text: str
    country: str
    confidence: float
    char_confidences: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """
    The gateway's word on one frame.
    """

    action: Action
    reason: DecisionReason
    booking: str | None = None
    booking_number: str | None = None
    detail: str | None = None
    by: str = "gateway"


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """
    From the plate reader: what one frame of a lane shows, best first. `error` is `NOT_A_PICTURE` or none.
    """

    frame: str
    lane: str
    at: datetime
    readings: tuple[Reading, ...]
    photo: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class GateDecision:
    """
    From the gate, for boards and consoles on the site.
    """

    frame: str
    lane: str
    at: datetime
    readings: tuple[Reading, ...]
    decision: Decision


@dataclass(frozen=True, slots=True)
class BarrierChange:
    """
    A barrier's new state and what caused it (a frame, a command, a timeout).
    """

    lane: str
    at: datetime
    state: BarrierState
    previous: BarrierState
    cause: str


class EntryKind(StrEnum):
    """
    What a journal entry is about.
    """

    PASSAGE = "passage"
    BARRIER = "barrier"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class CommandResult:
    """
    What became of a command: `done`, `stale`, `refused`, `repeated`; `author` is the account of the officer who gave it.
    """

    id: str
    result: str
    detail: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """
    One line of a gateway's journal; `sequence` counts from 1 without gaps; `photo` is the SHA-256 (hex) of the JPEG kept for it.
    """

    sequence: int
    at: datetime
    kind: EntryKind
    lane: str
    lane_kind: LaneKind
    frame: str | None = None
    readings: tuple[Reading, ...] = ()
    decision: Decision | None = None
    barrier: BarrierChange | None = None
    command: CommandResult | None = None
    photo: str | None = None
    admissions_version: int | None = None


@dataclass(frozen=True, slots=True)
class JournalBatch:
    """
    Entries in order. `journal` was born with the gateway's database file.
    """

    journal: str
    entries: tuple[JournalEntry, ...]


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """
    The cloud has committed every entry of `journal` up to and including `upto`.
    """

    journal: str
    upto: int


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """
    One camera, barrier, board or power supply and whether it answers; a supply says how long it can run without the grid (§8).
    """

    device: str
    kind: str
    lane: str | None
    ok: bool
    state: str
    since: datetime
    autonomy_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """
    A gateway is alive: `last_sequence` written at `at` (gate time), so everything before `at` has a sequence up to it.
    """

    journal: str
    last_sequence: int
    at: datetime
    admissions_version: int
    devices: tuple[DeviceHealth, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoWanted:
    """
    A photograph (JPEG) of `size` bytes waits at the gateway.
    """

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class PhotoGranted:
    """
    Where it may be put by HTTP PUT (`Content-Type: image/jpeg`) until the moment given; no `url`: the cloud has it already.
    """

    sha256: str
    expires_at: datetime
    url: str | None = None
