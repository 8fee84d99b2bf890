"""
A booking binds a person and a vehicle to a date and time at a checkpoint (§2.2); its life is one transition table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
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


class Step(StrEnum):
    """
    The steps that find a booking by its due moment.
    """

    VERIFY = "verify"
    TIDY = "tidy"
    REMIND = "remind"
    CALL = "call"
    ANNUL = "annul"


TRANSITIONS: Final[Mapping[tuple[Status, Happening], Status]] = MappingProxyType(
    {
        (Status.VERIFYING, Happening.CHECKED): Status.VERIFYING,
        (Status.VERIFYING, Happening.VERIFIED): Status.VERIFIED,
        (Status.VERIFYING, Happening.REFUSED): Status.REFUSED,
        (Status.VERIFYING, Happening.CANCELLED): Status.CANCELLED,
        (Status.VERIFIED, Happening.HELD): Status.HELD,
        (Status.VERIFIED, Happening.EXPIRED): Status.EXPIRED,
        (Status.VERIFIED, Happening.CANCELLED): Status.CANCELLED,
        (Status.HELD, Happening.HELD): Status.HELD,
        (Status.HELD, Happening.PAYMENT_STARTED): Status.HELD,
        (Status.HELD, Happening.PAYMENT_ENDED): Status.HELD,
        (Status.HELD, Happening.CONFIRMED): Status.CONFIRMED,
        (Status.HELD, Happening.EXPIRED): Status.EXPIRED,
        (Status.HELD, Happening.CANCELLED): Status.CANCELLED,
        (Status.CONFIRMED, Happening.REMINDED): Status.CONFIRMED,
        (Status.CONFIRMED, Happening.ARRIVED): Status.ARRIVED,
        (Status.CONFIRMED, Happening.CALLED): Status.CALLED,
        (Status.ARRIVED, Happening.REMINDED): Status.ARRIVED,
        (Status.ARRIVED, Happening.CALLED): Status.CALLED,
        (Status.ARRIVED, Happening.LEFT_AREA): Status.ARRIVED,
        (Status.CALLED, Happening.ARRIVED): Status.ARRIVED,
        (Status.CALLED, Happening.LEFT_AREA): Status.CALLED,
        **{(status, Happening.ADMITTED): Status.ADMITTED for status in (Status.CONFIRMED, Status.ARRIVED, Status.CALLED)},
        **{(status, Happening.CANCELLED): Status.CANCELLED for status in (Status.CONFIRMED, Status.ARRIVED, Status.CALLED)},
        **{(status, Happening.ANNULLED): Status.ANNULLED for status in (Status.CONFIRMED, Status.ARRIVED, Status.CALLED)},
        **{(status, Happening.POSTPONED): status for status in (Status.CONFIRMED, Status.ARRIVED, Status.CALLED)},
        # a passage decided on a list then valid stands, whatever was decided meanwhile (D24)
        **{(status, Happening.ADMITTED): Status.ADMITTED for status in (Status.CANCELLED, Status.ANNULLED)},
        (Status.ADMITTED, Happening.CROSSED): Status.CROSSED,
        # an officer who confirms a vehicle at the exit makes up for a reading missed at the entry (D17)
        **{(status, Happening.CROSSED): Status.CROSSED for status in (Status.CONFIRMED, Status.ARRIVED, Status.CALLED)},
    }
)

BEFORE_PAYMENT: Final = frozenset({Status.VERIFYING, Status.VERIFIED, Status.HELD})
ACTIVE: Final = frozenset({Status.HELD, Status.CONFIRMED, Status.ARRIVED, Status.CALLED, Status.ADMITTED})
EXPECTED: Final = frozenset({Status.CONFIRMED, Status.ARRIVED, Status.CALLED})


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
    language: str = "ru"

    def after(self, happening: Happening, **changes: object) -> "Booking":
        """
        Let something happen: the next version in the next status, or `ImpossibleTransitionError`.
        """
        status = TRANSITIONS.get((self.status, happening))
        if status is None:
            raise ImpossibleTransitionError(f"{self.status} cannot be {happening}")
        return replace(self, status=status, version=self.version + 1, **changes)  # type: ignore[arg-type]

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


@dataclass(frozen=True, slots=True)
class NextStep:
    """
    The step a booking waits for and when.
    """

    step: Step
    at: datetime


def next_step(booking: Booking, rules: Rules) -> NextStep | None:
    """
    Derive the step a booking waits for from its state: nothing else schedules work (§29, §34, §35, D16, D18).
    """
    if booking.status is Status.VERIFYING:
        return NextStep(Step.VERIFY, booking.verify_at or booking.created_at)
    ends = booking.runs_out_at(rules)
    if ends is not None:
        return NextStep(Step.TIDY, ends)
    if booking.status not in EXPECTED or booking.slot_start is None:
        return None
    if booking.called_at is None:
        call_at = booking.slot_start - rules.call_lead(booking.slot_start.astimezone(rules.zone).date())
        remind_at = booking.slot_start - rules.notice_before
        return NextStep(Step.REMIND, min(remind_at, call_at)) if booking.reminded_at is None else NextStep(Step.CALL, call_at)
    moment = no_show_at(booking, rules)
    return NextStep(Step.ANNUL, max(moment, booking.annul_not_before or moment))


def no_show_at(booking: Booking, rules: Rules) -> datetime:
    """
    Give the moment after which a called vehicle that was not seen is a no-show (§28, §35, D18).

    From the road: the interval's end + 60 min, had it been called in time; a late call moves it. In the waiting area: `leave_by`; having
    left it: 60 min after leaving.
    """
    if booking.slot_end is None:
        raise ImpossibleTransitionError(f"{booking.id} has no slot")
    if booking.left_area_at is not None:
        moment = max(booking.left_area_at + rules.leave_within, booking.slot_end)
    elif booking.arrived_at is not None and booking.leave_by is not None:
        moment = booking.leave_by
    else:
        moment = max(booking.slot_end, _reachable_by(booking, rules)) + rules.no_show_grace
    return moment


def _reachable_by(booking: Booking, rules: Rules) -> datetime:
    if booking.slot_start is None:
        raise ImpossibleTransitionError(f"{booking.id} has no slot")
    lead = rules.call_lead(rules.today(booking.slot_start))
    return booking.slot_start if booking.called_at is None else booking.called_at + lead


def leave_by(*, told_at: datetime, slot_end: datetime, rules: Rules) -> datetime:
    """
    Give a waiting vehicle until 60 min after it is told to go, never before the interval's end (D18).
    """
    return max(told_at + rules.leave_within, slot_end)


def forgiveness_again_on(used_on: date, rules: Rules) -> date:
    """
    Name the day from which a miss may be forgiven again: the first with no other in the 90 calendar days before it (§28, D20).
    """
    return used_on + timedelta(days=rules.forgiveness_days + 1)
