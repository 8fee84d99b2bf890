"""
A booking binds a person and a vehicle to a date and time at a checkpoint (§1, §2, §2.2); its life is one transition table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from chalicelib.domain.money import DepositState, Due
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass, Position
from chalicelib.domain.registers import Answer
from chalicelib.domain.rules import Rules
from chalicelib.domain.vehicles import Cargo, Party, Trailer, Vehicle


class Status(StrEnum):
    """
    The statuses of the HTTP contract.
    """

    VERIFYING = "verifying"
    REFUSED = "refused"
    VERIFIED = "verified"
    HELD = "held"
    EXPIRED = "expired"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    CALLED = "called"
    ADMITTED = "admitted"
    CROSSED = "crossed"
    CANCELLED = "cancelled"
    ANNULLED = "annulled"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Happening(StrEnum):
    """
    What can happen to a booking; each one writes one event.
    """

    REQUESTED = "requested"
    CHECKED = "checked"
    VERIFIED = "verified"
    REFUSED = "refused"
    HELD = "held"
    PAYMENT_STARTED = "payment_started"
    PAYMENT_ENDED = "payment_ended"
    CONFIRMED = "confirmed"
    REMINDED = "reminded"
    ARRIVED = "arrived"
    CALLED = "called"
    LEFT_AREA = "left_area"
    ADMITTED = "admitted"
    CROSSED = "crossed"
    CANCELLED = "cancelled"
    ANNULLED = "annulled"
    EXPIRED = "expired"
    POSTPONED = "postponed"
    RETIMED = "retimed"
    RECHECKED = "rechecked"
    READY = "ready"
    RESCHEDULED = "rescheduled"
    RELOCATED = "relocated"
    RELOCATED_IN_AREA = "relocated_in_area"
    MOVED = "moved"
    MOVED_IN_AREA = "moved_in_area"
    SHIFTED = "shifted"
    REPACED = "repaced"
    DRIVERS_CHANGED = "drivers_changed"
    TRAILER_CHANGED = "trailer_changed"
    PLATE_CORRECTED = "plate_corrected"
    CLASS_CHANGED = "class_changed"
    REDRESSED = "redressed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    NOTICES_RESENT = "notices_resent"
    LOCK_RELEASED = "lock_released"


_EXPECTED: Final = (Status.CONFIRMED, Status.ARRIVED, Status.CALLED)
_OVER: Final = (Status.CROSSED, Status.CANCELLED, Status.ANNULLED, Status.RETURNED, Status.WITHDRAWN)


def _staying(happening: Happening, *statuses: Status) -> dict[tuple[Status, Happening], Status]:
    return {(status, happening): status for status in statuses}


def _leading(happening: Happening, to: Status, *statuses: Status) -> dict[tuple[Status, Happening], Status]:
    return dict.fromkeys(((status, happening) for status in statuses), to)


TRANSITIONS: Final[Mapping[tuple[Status, Happening], Status]] = MappingProxyType(
    {
        **_staying(Happening.CHECKED, Status.VERIFYING),
        **_leading(Happening.VERIFIED, Status.VERIFIED, Status.VERIFYING),
        **_leading(Happening.REFUSED, Status.REFUSED, Status.VERIFYING),
        **_leading(Happening.HELD, Status.HELD, Status.VERIFIED, Status.HELD),
        **_staying(Happening.PAYMENT_STARTED, Status.HELD),
        **_staying(Happening.PAYMENT_ENDED, Status.HELD),
        **_leading(Happening.CONFIRMED, Status.CONFIRMED, Status.HELD),
        **_leading(Happening.EXPIRED, Status.EXPIRED, Status.VERIFIED, Status.HELD),
        **_leading(Happening.CANCELLED, Status.CANCELLED, Status.VERIFYING, Status.VERIFIED, Status.HELD, *_EXPECTED),
        # the way to the gate (D17): the waiting area and the call come in either order
        **_staying(Happening.REMINDED, Status.CONFIRMED, Status.ARRIVED),
        **_leading(Happening.ARRIVED, Status.ARRIVED, Status.CONFIRMED, Status.CALLED),
        **_staying(Happening.READY, Status.ARRIVED),
        **_leading(Happening.CALLED, Status.CALLED, Status.CONFIRMED, Status.ARRIVED),
        **_staying(Happening.LEFT_AREA, Status.ARRIVED, Status.CALLED),
        **_staying(Happening.REPACED, *_EXPECTED),
        **_staying(Happening.POSTPONED, *_EXPECTED),
        **_staying(Happening.RETIMED, Status.VERIFYING, Status.VERIFIED, Status.HELD, *_EXPECTED, Status.ADMITTED, Status.CROSSED),
        **_staying(Happening.RECHECKED, *_EXPECTED, Status.ADMITTED, *_OVER),
        **_leading(Happening.ADMITTED, Status.ADMITTED, *_EXPECTED),
        **_leading(Happening.ANNULLED, Status.ANNULLED, *_EXPECTED),
        # what the user changes (D14, D15), and what is done to him through no fault of his own (D21)
        **_staying(Happening.RESCHEDULED, Status.CONFIRMED, Status.ARRIVED),
        **_leading(Happening.RELOCATED, Status.CONFIRMED, *_EXPECTED),
        **_leading(Happening.RELOCATED_IN_AREA, Status.ARRIVED, Status.ARRIVED, Status.CALLED),
        **_staying(Happening.DRIVERS_CHANGED, *_EXPECTED),
        **_staying(Happening.TRAILER_CHANGED, *_EXPECTED),
        **_staying(Happening.PLATE_CORRECTED, Status.CONFIRMED, Status.ARRIVED),
        **_leading(Happening.MOVED, Status.CONFIRMED, Status.CONFIRMED, Status.CALLED),
        **_leading(Happening.MOVED_IN_AREA, Status.ARRIVED, Status.ARRIVED, Status.CALLED),
        **_staying(Happening.SHIFTED, *_EXPECTED),
        **_staying(Happening.CLASS_CHANGED, *_EXPECTED),
        **_staying(Happening.SUSPENDED, Status.VERIFYING, Status.VERIFIED, Status.HELD, *_EXPECTED),
        **_staying(Happening.RESUMED, Status.VERIFYING, Status.VERIFIED, Status.HELD, *_EXPECTED),
        **_leading(Happening.WITHDRAWN, Status.WITHDRAWN, *_EXPECTED),
        # what an upheld complaint sets right: fee, deposit or reschedule given back, whatever the booking has come to (§28, D22)
        **_staying(Happening.REDRESSED, *_EXPECTED, Status.ADMITTED, *_OVER),
        # what the registrar does for a user
        **_staying(Happening.NOTICES_RESENT, Status.VERIFIED, Status.REFUSED, Status.EXPIRED, *_EXPECTED, Status.ADMITTED, *_OVER),
        **_staying(Happening.LOCK_RELEASED, Status.EXPIRED, *_OVER),
        # a passage decided on a list then valid stands, whatever was decided meanwhile (D24)
        **_leading(Happening.ADMITTED, Status.ADMITTED, Status.CANCELLED, Status.ANNULLED, Status.WITHDRAWN),
        # an officer who confirms a vehicle at the exit makes up for a reading missed at the entry (D17); registers confirm too (17-2)
        **_leading(Happening.CROSSED, Status.CROSSED, Status.ADMITTED, *_EXPECTED),
        **_leading(Happening.RETURNED, Status.RETURNED, Status.ADMITTED),
    }
)

BEFORE_PAYMENT: Final = frozenset({Status.VERIFYING, Status.VERIFIED, Status.HELD})
ACTIVE: Final = frozenset({Status.HELD, Status.CONFIRMED, Status.ARRIVED, Status.CALLED, Status.ADMITTED})
EXPECTED: Final = frozenset(_EXPECTED)


@dataclass(frozen=True, slots=True)
class Suspension:
    """
    Why a booking stands still: `rule` a paragraph or decision, `reason` a code, `case` the block, complaint or debt it rests on (D22, D28).
    """

    rule: str
    reason: str
    case: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Excuse:
    """
    What befell a booking through no fault of its user (D21): until admission he may take another place or end it with everything back.
    """

    ground: str
    measure: str
    at: datetime


class ImpossibleTransitionError(ValueError):
    """
    A booking cannot do that in its status.
    """


@dataclass(frozen=True, slots=True)
class Booking:
    """
    One booking; every instant carries an offset, sums are tiyn, people are ids.
    """

    id: str
    version: int
    account: str
    status: Status
    class_: PlaceClass
    checkpoint: str
    toward: str
    created_at: datetime
    vehicle: Vehicle
    owner: Party
    drivers: tuple[Party, ...]
    authorized_drivers: int
    cargo: Cargo
    trailer: Trailer | None = None
    user: Party | None = None
    acts_as: str = "owner"
    checks: tuple[Answer, ...] = ()
    refusal: str | None = None
    verify_attempts: int = 0
    verify_at: datetime | None = None
    verified_at: datetime | None = None
    pool: Pool | None = None
    day: date | None = None
    position: Position | None = None
    slot_start: datetime | None = None
    slot_end: datetime | None = None
    number: str | None = None
    hold_expires_at: datetime | None = None
    hold_extended: bool = False
    due: Due | None = None
    attempt: str | None = None
    deposit: DepositState = DepositState.NONE
    reschedules_left: int = 0
    forgiven_on: date | None = None
    confirmed_at: datetime | None = None
    reminded_at: datetime | None = None
    arrived_at: datetime | None = None
    called_at: datetime | None = None
    leave_by: datetime | None = None
    left_area_at: datetime | None = None
    admitted_at: datetime | None = None
    crossed_at: datetime | None = None
    ended_at: datetime | None = None
    annul_not_before: datetime | None = None
    crossing_ask_at: datetime | None = None
    shift_minutes: int = 0
    valid_until: datetime | None = None
    excuse: Excuse | None = None
    ready_at: datetime | None = None
    suspended: Suspension | None = None
    fee_returned: bool = False
    plate_corrected: bool = False
    demoted: bool = False
    listed: str | None = None
    rechecked_at: datetime | None = None
    recheck_attempts: int = 0
    officer_only: str | None = None
    language: str = "ru"
    changed: Mapping[str, object] = field(init=False, default_factory=dict, compare=False, repr=False)
    """What the last happening changed, by field: its event keeps it, so that events alone rebuild the booking (`domain/replay.py`)."""

    def after(self, happening: Happening, **changes: object) -> "Booking":
        """
        Let something happen: the next version in the next status, or `ImpossibleTransitionError`.
        """
        status = TRANSITIONS.get((self.status, happening))
        if status is None:
            raise ImpossibleTransitionError(f"{self.status} cannot be {happening}")
        changed = {"status": status, "version": self.version + 1, **changes}
        following = replace(self, **changed)  # type: ignore[arg-type]
        object.__setattr__(following, "changed", changed)
        return following

    @property
    def holder(self) -> Party:
        """
        Name the account's holder (D10: the user); one of whom nothing is known counts as the owner.
        """
        return self.user or self.owner

    @property
    def acting(self) -> Party:
        """
        Name the owner or driver as whom the account's holder applied (§3); for a company's own person the company.
        """
        role, _, index = self.acts_as.partition(":")
        return self.drivers[int(index)] if role == "driver" and int(index) < len(self.drivers) else self.owner

    def may(self, happening: Happening) -> bool:
        """
        Tell whether something can happen in this status.
        """
        return (self.status, happening) in TRANSITIONS

    def status_at(self, now: datetime, rules: Rules) -> Status:
        """
        Give the status as time alone has made it: a hold or a verified application may have run out (D32).
        """
        ends = self.runs_out_at(rules)
        return Status.EXPIRED if ends is not None and ends <= now else self.status

    def runs_out_at(self, rules: Rules) -> datetime | None:
        """
        Give the moment at which a hold lapses or a verified application ends (D11).
        """
        if self.status is Status.HELD:
            return self.hold_expires_at
        if self.status is Status.VERIFIED and self.verified_at is not None:
            return self.verified_at + rules.application_validity
        return None
