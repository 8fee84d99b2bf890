"""
The use cases of closed days: their settlement, and the files by which they are paid to the budget.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib import observability
from chalicelib.domain.remittance import InvalidRequisitesError, Requisites
from chalicelib.gateways.remittance.files import RemittanceFiles
from chalicelib.gateways.remittance.requisites import read_requisites
from chalicelib.gateways.tokens import UnableToVerifyTokenError
from chalicelib.usecases.audit import Audit
from chalicelib.usecases.hand_out_files import LINK_TYPE, HandOutFiles
from chalicelib.usecases.settle_days import SettleDays
from chalicelib.usecases.watch_settlements import Watched, WatchSettlements
from chalicelib.wiring.outside import configuration, law, once, parts, secrets, tokens


@once
def settle_days() -> SettleDays:
    """
    §24.
    """
    return SettleDays(
        **parts("committer", "ledger", "clock", "rules_on"),
        calendar=lambda: law().calendar.working,
        checkpoints=lambda: list(law().checkpoints),
        region_of=_region_of,
        first_day=lambda: configuration().first_day,
    )


@once
def audit() -> Audit:
    """
    D30.
    """
    return Audit(**parts("scans", "ledger", "bookings"), region_of=_region_of)


def _region_of(checkpoint: str) -> str:
    return law().checkpoints[checkpoint].region.code


@once
def requisites() -> Requisites | None:
    """
    Give the bank details that the operator has set; those that cannot be right are none, and a fault is logged.
    """
    try:
        return read_requisites(secrets().remittance)
    except InvalidRequisitesError as error:
        observability.fault(error)
        return None


@once
def hand_out_files() -> HandOutFiles:
    """
    §24.
    """

    def opened(token: str) -> Mapping[str, Any] | None:
        try:
            return tokens().verify(token, typ=LINK_TYPE)
        except UnableToVerifyTokenError:
            return None

    return HandOutFiles(
        **parts("committer", "ledger", "remittances", "clock", "chance"),
        files=RemittanceFiles(zone=law().zone),
        requisites=requisites,
        signer=tokens,
        opened=opened,
    )


@once
def _watch() -> WatchSettlements:
    return WatchSettlements(
        **parts("ledger", "remittances", "clock", "rules_on"),
        calendar=lambda: law().calendar.working,
        requisites=requisites,
        first_day=lambda: configuration().first_day,
    )


def watch_settlements() -> Watched:
    """
    Look after settled money, and alarm about what is not on its way.
    """
    found = _watch()()
    counts = {
        "LateSettlements": len(found.late),
        "UnpayableDays": len(found.unpayable),
        "RegionsWithoutRequisites": len(found.unconfigured),
    }
    observability.figures({name: (count, "Count") for name, count in counts.items()})
    for state, days in (("late", found.late), ("unpayable", found.unpayable)):
        if days:
            observability.warn("settlements", state=state, day=[str(day) for day in days])
    if found.unconfigured:
        observability.warn("settlements", state="unconfigured", code=list(found.unconfigured))
    return found
