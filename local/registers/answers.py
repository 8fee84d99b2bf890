"""
What a simulated register says when it passes and when it fails, in the shapes of `chalicelib.gateways.registries`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from local.registers.modes import Mode

LEAST_DAYS: Final = 180
SPREAD_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class Desk:
    """
    One register's service: `passing` and `failing` replies; `dated` ones name the last day of what they confirm.

    `untold` is how it behaves toward who has not been steered: nobody has crossed a border until somebody says so.
    """

    source: str
    passing: Mapping[str, Any]
    failing: Mapping[str, Any]
    dated: bool = False
    untold: Mode = "pass"
    others: Mapping[Mode, Mapping[str, Any]] = field(default_factory=dict)

    def reply(self, *, mode: Mode, seed: str, today: date) -> dict[str, Any]:
        """
        Answer; the last day is plausible and always the same for the same subject and day.
        """
        if mode == "fail" or mode in self.others:
            return dict(self.others.get(mode, self.failing))
        if not self.dated:
            return dict(self.passing)
        spread = int.from_bytes(hashlib.sha256(f"{self.source} {seed}".encode()).digest()[:2]) % SPREAD_DAYS
        return {**self.passing, "valid_until": (today + timedelta(days=LEAST_DAYS + spread)).isoformat()}


DESKS: Final[Mapping[str, Desk]] = {
    "persons/accounts": Desk("1", {"found": True, "active": True}, {"found": False, "active": False}),
    "vehicles/registrations": Desk("2", {"registered": True, "vin_matches": True}, {"registered": True, "vin_matches": False}),
    "drivers/licences": Desk("3", {"found": True, "category_fits": True}, {"found": True, "category_fits": False}, dated=True),
    "vehicles/wanted": Desk("4", {"wanted": False}, {"wanted": True}),
    "drivers/wanted": Desk("5", {"wanted": False}, {"wanted": True}),
    "vehicles/machinery": Desk("6", {"registered": True}, {"registered": False}),
    "haulage/permits": Desk("7", {"permitted": True}, {"permitted": False}, dated=True),
    "vehicles/insurance": Desk("8", {"insured": True}, {"insured": False}, dated=True),
    "debts/taxes": Desk("9", {"debt": False}, {"debt": True}),
    "debts/fines": Desk("10", {"overdue": 0}, {"overdue": 1}),
    "persons/digital-documents": Desk(
        "11", {"identity": True, "driving_licence": True}, {"identity": True, "driving_licence": False}, dated=True
    ),
    "persons/identity": Desk("12", {"matched": True}, {"matched": False}),
    "persons/phones": Desk("13", {"belongs": True}, {"belongs": False}),
    "vehicles/inspections": Desk("14", {"roadworthy": True}, {"roadworthy": False}, dated=True),
    "haulage/certificates": Desk("15", {"certified": True}, {"certified": False}, dated=True),
    "haulage/declarations": Desk("16", {"declared": True}, {"declared": False}, dated=True),
    "debts/tolls": Desk("17", {"debt": False}, {"debt": True}),
    "vehicles/crossings": Desk("17-2", {"crossed": True}, {"crossed": False}, untold="fail"),
    "consents": Desk(
        "consent",
        {"status": "given"},
        {"status": "refused"},
        others={"pending": {"status": "pending"}, "withdrawn": {"status": "withdrawn"}},
    ),
    "vehicles/movements": Desk("18", {"seen": True}, {"seen": False}),
}

SOURCES: Final = frozenset({desk.source for desk in DESKS.values()} | {"17-1"})
"""What may be steered, consents beside the registers; 17-1 is the queue's own ledger, steering it changes nothing here."""
