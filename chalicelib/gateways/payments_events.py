"""
The provider's event documents, read into the few facts the ledger needs.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.payments import PaymentEvent, PaymentEventKind

KINDS = {
    "payment_intent.succeeded": PaymentEventKind.INTENT_SUCCEEDED,
    "payment_intent.payment_failed": PaymentEventKind.INTENT_FAILED,
    "payment_intent.canceled": PaymentEventKind.INTENT_CANCELED,
    "refund.created": PaymentEventKind.REFUNDED,
    "refund.updated": PaymentEventKind.REFUNDED,
    "refund.failed": PaymentEventKind.REFUND_FAILED,
    "charge.dispute.created": PaymentEventKind.DISPUTE_OPENED,
}


def read_event(document: Mapping[str, Any]) -> PaymentEvent:
    """
    Read an event document (Stripe API reference, "The Event object"). Raises KeyError, TypeError or ValueError when it is none.

    Of the two messages about a refund the single `refund.*` is read and the cumulative `charge.refunded` is `OTHER`;
    a refund that is still pending is `OTHER` too, until its `refund.updated` says that it succeeded.
    """
    subject = document["data"]["object"]
    kind = KINDS.get(document["type"], PaymentEventKind.OTHER)
    if kind is PaymentEventKind.REFUNDED and subject["status"] != "succeeded":
        kind = PaymentEventKind.OTHER
    ids = _ids(kind=kind, subject=subject)
    amount = 0 if kind is PaymentEventKind.OTHER else int(subject["amount"])
    if kind is PaymentEventKind.INTENT_SUCCEEDED:
        amount = int(subject["amount_received"])
    return PaymentEvent(
        id=str(document["id"]),
        kind=kind,
        intent=ids["intent"],
        attempt=(subject.get("metadata") or {}).get("attempt"),
        amount=amount,
        currency=str(subject.get("currency") or "").upper(),
        created=datetime.fromtimestamp(int(document["created"]), UTC),
        livemode=bool(document["livemode"]),
        charge=ids["charge"],
        refund=ids["refund"],
    )


def _ids(*, kind: PaymentEventKind, subject: Mapping[str, Any]) -> dict[str, str | None]:
    """
    The ids of intent, charge and refund, wherever this kind of subject carries them.
    """
    if kind is PaymentEventKind.OTHER:
        return {"intent": None, "charge": None, "refund": None}
    if subject["object"] == "payment_intent":
        return {"intent": str(subject["id"]), "charge": _id(subject.get("latest_charge")), "refund": None}
    return {
        "intent": _id(subject.get("payment_intent")),
        "charge": _id(subject.get("charge")),
        "refund": str(subject["id"]) if subject["object"] == "refund" else None,
    }


def _id(reference: object) -> str | None:
    """
    A reference is an id, or the object itself where somebody expanded it.
    """
    if isinstance(reference, Mapping):
        return str(reference["id"])
    return reference if isinstance(reference, str) else None
