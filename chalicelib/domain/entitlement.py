"""
Who may book out of turn: one test for all classes, asked when an application comes in, when a place is taken and when a day is changed (§6, §6-1, D13).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.decisions import Allowed, Code, Decision, Reason, Refused
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.registers import CheckResult
from chalicelib.domain.rules import Rules
from chalicelib.domain.vehicle_lists import LISTED, ListEntry, entry_key_of
from chalicelib.domain.vehicles import Cargo

PRIORITY_GOODS: Final = frozenset({"animals", "perishable", "dangerous", "export"})
STATE_GOODS: Final = frozenset({"humanitarian", "military", "diplomatic"})
DECLARATIONS: Final = frozenset({"goods", "transit", "used_as_transit"})
CUSTOMS: Final = "16"
"""The source of §18 that finds declarations."""
OVER: Final = frozenset(
    {Status.EXPIRED, Status.REFUSED, Status.CANCELLED, Status.ANNULLED, Status.WITHDRAWN},
)
"""A booking that ended so has not used its list entry; one that crossed or was turned back has."""


class Listed(StrEnum):
    """
    What the approved lists say of a vehicle and a day.
    """

    ABSENT = "absent"
    PRESENT = "present"
    OTHER_VIN = "listed_vin_differs"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What is known: the lists' word, and what the customs register answered (none: it has not been asked yet).
    """

    listed: Listed = Listed.ABSENT
    customs: CheckResult | None = None


def entitled(*, class_: PlaceClass, cargo: Cargo, evidence: Evidence, rules: Rules) -> Decision:
    """
    Test the ground of a class: a list (§6 (1), (3)), goods alone under a declaration (§6 (2), D13), for `expedited` its fee alone (§6-1).
    """
    reasons: list[Reason] = []
    lacks = _lacking(class_, cargo, evidence)
    if lacks:
        reasons.append(Reason(Code.CLASS_NOT_ENTITLED, "6", {"class_": class_.value, "lacks": ", ".join(lacks)}))
    if class_ in LISTED and evidence.listed is not Listed.PRESENT:
        reasons.append(_unlisted(evidence.listed, rules))
    return Refused(tuple(reasons)) if reasons else Allowed()


def _lacking(class_: PlaceClass, cargo: Cargo, evidence: Evidence) -> list[str]:
    if class_ is PlaceClass.PRIORITY_STATE:
        return [] if cargo.kind in STATE_GOODS else ["state_cargo"]
    if class_ is not PlaceClass.PRIORITY_GOODS:
        return []
    asked = evidence.customs is not None
    tests = {
        "priority_cargo": cargo.kind in PRIORITY_GOODS,
        "exclusive_cargo": cargo.exclusive,
        "declaration": cargo.declaration_number is not None and cargo.declaration_kind in DECLARATIONS,
        "declaration_found": not asked or evidence.customs is CheckResult.PASSED,
    }
    return [name for name, holds in tests.items() if not holds]


def _unlisted(listed: Listed, rules: Rules) -> Reason:
    if listed is Listed.USED:
        return Reason(Code.LIST_ENTRY_USED, "6")
    more = {"lacks": listed.value} if listed is Listed.OTHER_VIN else {}
    return Reason(Code.LIST_REQUIRED, "6", {"days": rules.list_lead_days, **more})


def listed(entry: ListEntry | None, *, booking: Booking, holder: Booking | None, now: datetime, rules: Rules) -> Listed:
    """
    Say what an entry means for a booking. `holder` is the booking that the entry serves, as it is now.
    """
    if entry is None:
        return Listed.ABSENT
    if entry.vin is not None and entry.vin != booking.vehicle.vin_key:
        return Listed.OTHER_VIN
    return Listed.USED if holder is not None and _uses(holder, entry, booking=booking, now=now, rules=rules) else Listed.PRESENT


def _uses(holder: Booking, entry: ListEntry, *, booking: Booking, now: datetime, rules: Rules) -> bool:
    """
    Tell whether another booking uses the entry still: it runs or was used, and was not moved to another day or checkpoint meanwhile.
    """
    stays = holder.day == entry.day and entry_key_of(holder) == entry.vehicle
    return holder.id != booking.id and stays and holder.status_at(now, rules) not in OVER


def customs_answer(booking: Booking) -> CheckResult:
    """
    Give what the customs register said of a verified booking; one that was never asked has not found anything.
    """
    return next((answer.result for answer in booking.checks if answer.source == CUSTOMS), CheckResult.NOT_APPLICABLE)
