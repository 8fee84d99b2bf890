"""
A refusal is a value: a stable code, the paragraph that decided it and the figures a sentence about it needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """
    Every refusal and problem the system can state. Texts in kk, ru and en live in `jurisdictions/kz/problems.json`.
    """

    # requests
    MALFORMED_JSON = "MALFORMED_JSON"
    INVALID_FIELDS = "INVALID_FIELDS"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    OTP_INVALID = "OTP_INVALID"
    FORBIDDEN = "FORBIDDEN"
    NOT_YOUR_CHECKPOINT = "NOT_YOUR_CHECKPOINT"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"
    CONFLICT = "CONFLICT"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    RATE_LIMITED = "RATE_LIMITED"
    DEPENDENCY_DOWN = "DEPENDENCY_DOWN"
    BUSY = "BUSY"
    IDEMPOTENCY_KEY_REQUIRED = "IDEMPOTENCY_KEY_REQUIRED"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    WEBHOOK_SIGNATURE_INVALID = "WEBHOOK_SIGNATURE_INVALID"
    # the Order
    NOT_A_TRUCK = "NOT_A_TRUCK"
    NOT_OWNER_OR_DRIVER = "NOT_OWNER_OR_DRIVER"
    CONSENT_REQUIRED = "CONSENT_REQUIRED"
    AGREEMENT_REQUIRED = "AGREEMENT_REQUIRED"
    AGREEMENT_OUTDATED = "AGREEMENT_OUTDATED"
    TOO_LATE = "TOO_LATE"
    NOT_FROM_WAITING_AREA = "NOT_FROM_WAITING_AREA"
    FEE_UNKNOWN = "FEE_UNKNOWN"
    NOT_VERIFIED = "NOT_VERIFIED"
    OUTSIDE_HORIZON = "OUTSIDE_HORIZON"
    SLOT_PAST = "SLOT_PAST"
    SLOT_FULL = "SLOT_FULL"
    SLOT_UNKNOWN = "SLOT_UNKNOWN"
    NO_FREE_PLACE = "NO_FREE_PLACE"
    HOLD_LIMIT = "HOLD_LIMIT"
    HOLD_EXPIRED = "HOLD_EXPIRED"
    CLASS_NOT_ENTITLED = "CLASS_NOT_ENTITLED"
    LIST_REQUIRED = "LIST_REQUIRED"
    LIST_ENTRY_USED = "LIST_ENTRY_USED"
    LIST_NOT_SUBMITTED = "LIST_NOT_SUBMITTED"
    ANOTHER_OFFICER_REQUIRED = "ANOTHER_OFFICER_REQUIRED"
    LOCK_IN_USE = "LOCK_IN_USE"
    NOTHING_TO_RESEND = "NOTHING_TO_RESEND"
    ACTIVE_BOOKING_EXISTS = "ACTIVE_BOOKING_EXISTS"
    ACCOUNT_BLOCKED = "ACCOUNT_BLOCKED"
    DEBT = "DEBT"
    ALREADY_BLOCKED = "ALREADY_BLOCKED"
    NOT_BLOCKED = "NOT_BLOCKED"
    EVIDENCE_UNKNOWN = "EVIDENCE_UNKNOWN"
    HEAD_ONLY = "HEAD_ONLY"
    COMPLAINT_AGAINST_YOU = "COMPLAINT_AGAINST_YOU"
    COMPLAINT_MADE = "COMPLAINT_MADE"
    COMPLAINT_DECIDED = "COMPLAINT_DECIDED"
    EFFECT_IMPOSSIBLE = "EFFECT_IMPOSSIBLE"
    VERIFICATION_FAILED = "VERIFICATION_FAILED"
    VERIFICATION_UNAVAILABLE = "VERIFICATION_UNAVAILABLE"
    CHECKPOINT_CLOSED = "CHECKPOINT_CLOSED"
    INTERVAL_FIXED = "INTERVAL_FIXED"
    POLICY_UNKNOWN = "POLICY_UNKNOWN"
    # state of a booking, money, gate
    NOT_HELD = "NOT_HELD"
    ALREADY_CONFIRMED = "ALREADY_CONFIRMED"
    PAYMENT_UNDER_WAY = "PAYMENT_UNDER_WAY"
    LINK_NOT_PAYABLE = "LINK_NOT_PAYABLE"
    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    PAYEE_UNKNOWN = "PAYEE_UNKNOWN"
    NOTHING_TO_PAY = "NOTHING_TO_PAY"
    NOT_REFUNDABLE = "NOT_REFUNDABLE"
    NOT_CANCELLABLE = "NOT_CANCELLABLE"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    NOT_CHANGEABLE = "NOT_CHANGEABLE"
    RESCHEDULE_NEEDS_FEE = "RESCHEDULE_NEEDS_FEE"
    SECONDARY_PLACE = "SECONDARY_PLACE"
    SAME_SLOT = "SAME_SLOT"
    NOT_EXCUSED = "NOT_EXCUSED"
    OTHER_COUNTRY = "OTHER_COUNTRY"
    ALREADY_CALLED = "ALREADY_CALLED"
    NOT_IN_WAITING_AREA = "NOT_IN_WAITING_AREA"
    NOT_POSSIBLE_NOW = "NOT_POSSIBLE_NOW"
    TOO_MANY_DRIVERS = "TOO_MANY_DRIVERS"
    LAST_DRIVER = "LAST_DRIVER"
    PLATE_CORRECTED = "PLATE_CORRECTED"
    PAPERS_NEEDED = "PAPERS_NEEDED"
    NOT_PRIORITY = "NOT_PRIORITY"
    MATCH_REQUIRED = "MATCH_REQUIRED"
    BARRIER_BUSY = "BARRIER_BUSY"
    REMITTANCE_NOT_CONFIGURED = "REMITTANCE_NOT_CONFIGURED"
    # one machine
    CLOCK_BACKWARDS = "CLOCK_BACKWARDS"


@dataclass(frozen=True, slots=True)
class Reason:
    """
    One ground of a refusal: `rule` is a paragraph ("21") or a decision ("D8"), `parameters` fill the sentence.
    """

    code: Code
    rule: str | None = None
    parameters: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Allowed:
    """
    Nothing stands against it.
    """

    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """
    At least one reason stands against it; nothing was changed.
    """

    reasons: tuple[Reason, ...]

    @classmethod
    def because(cls, code: Code, rule: str | None = None, **parameters: str | int) -> "Refused":
        """
        Refuse for a single reason.
        """
        return cls((Reason(code, rule, parameters),))


Decision = Allowed | Refused
