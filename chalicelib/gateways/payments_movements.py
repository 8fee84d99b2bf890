"""
The provider's balance transactions and what moved them, read into movements (Stripe API reference, "The Balance Transaction object").
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from chalicelib.domain.reconciliation import Movement, MovementKind

KINDS: Final = {
    "charge": MovementKind.CHARGE,
    "payment": MovementKind.CHARGE,
    "refund": MovementKind.REFUND,
    "payment_refund": MovementKind.REFUND,
    "refund_failure": MovementKind.REFUND_FAILED,
    "payment_failure_refund": MovementKind.REFUND_FAILED,
    "payout": MovementKind.PAYOUT,
    "payout_failure": MovementKind.PAYOUT_FAILED,
    "payout_cancel": MovementKind.PAYOUT_FAILED,
}


def read_movement(entry: Mapping[str, Any], *, source: Mapping[str, Any] | None = None) -> Movement:
    """
    Read a balance transaction; `source` is what moved it, where it is not expanded in the entry itself.
    """
    held = entry.get("source")
    origin: Mapping[str, Any] = source or (held if isinstance(held, Mapping) else {})
    return Movement(
        id=str(entry["id"]),
        kind=_kind(entry, origin),
        amount=int(entry["amount"]),
        fee=int(entry["fee"]),
        currency=str(entry["currency"]).upper(),
        at=datetime.fromtimestamp(int(entry["created"]), tz=UTC),
        source=str(origin.get("id") or held),
        intent=_id(origin.get("payment_intent")),
        charge=_id(origin.get("charge")) or (_id(origin) if origin.get("object") == "charge" else None),
        attempt=_id((origin.get("metadata") or {}).get("attempt")),
    )


def _kind(entry: Mapping[str, Any], origin: Mapping[str, Any]) -> MovementKind:
    if entry["type"] == "adjustment" and origin.get("object") == "dispute":
        return MovementKind.DISPUTE if entry["amount"] < 0 else MovementKind.DISPUTE_WON
    return KINDS.get(str(entry["type"]), MovementKind.OTHER)


def _id(reference: object) -> str | None:
    if isinstance(reference, Mapping):
        return str(reference["id"])
    return reference if isinstance(reference, str) else None
