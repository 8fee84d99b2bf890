"""
The provider's event documents, read into the few facts the ledger needs.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.payments import PaymentEvent, PaymentEventKind

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KINDS = {
    "payment_intent.succeeded": PaymentEventKind.INTENT_SUCCEEDED,
    "payment_intent.payment_failed": PaymentEventKind.INTENT_FAILED,
    "payment_intent.canceled": PaymentEventKind.INTENT_CANCELED,
    "refund.created": PaymentEventKind.REFUNDED,
    "refund.updated": PaymentEventKind.REFUNDED,
    "refund.failed": PaymentEventKind.REFUND_FAILED,
    "charge.dispute.created": PaymentEventKind.DISPUTE_OPENED,
    "charge.dispute.closed": PaymentEventKind.DISPUTE_WON,
    "payout.paid": PaymentEventKind.PAYOUT_PAID,
    "payout.failed": PaymentEventKind.PAYOUT_FAILED,
}

REFUND_NEWS = {
    "succeeded": PaymentEventKind.REFUNDED,
    "failed": PaymentEventKind.REFUND_FAILED,
    "canceled": PaymentEventKind.REFUND_FAILED,
}


def read_event(document: Mapping[str, Any]) -> PaymentEvent:
    """
    Read an event document (Stripe API reference, "The Event object"). Raises KeyError, TypeError or ValueError when it is none.

    Of the two messages about a refund the single `refund.*` is read and the cumulative `charge.refunded` is `OTHER`;
    a refund that is still pending is `OTHER` too, until its `refund.updated` says that it succeeded. A dispute that closed otherwise than won
    changes nothing any more.
    """
    subject = document["data"]["object"]
    kind = KINDS.get(document["type"], PaymentEventKind.OTHER)
    if kind is PaymentEventKind.REFUNDED:
        kind = REFUND_NEWS.get(subject["status"], PaymentEventKind.OTHER)
    if kind is PaymentEventKind.DISPUTE_WON and subject["status"] != "won":
        kind = PaymentEventKind.OTHER
    ids = _ids(kind=kind, subject=subject)
    field = "amount_received" if kind is PaymentEventKind.INTENT_SUCCEEDED else "amount"
    return PaymentEvent(
        id=_text(document["id"]),
        kind=kind,
        intent=ids["intent"],
        attempt=_id((subject.get("metadata") or {}).get("attempt")),
        amount=0 if kind is PaymentEventKind.OTHER else _whole(subject[field]),
        currency=str(subject.get("currency") or "").upper(),
        created=_moment(document["created"]),
        livemode=_flag(document["livemode"]),
        charge=ids["charge"],
        refund=ids["refund"],
        payout=ids["payout"],
        delayed=kind is PaymentEventKind.INTENT_FAILED and _answers_late(subject),
    )


def _ids(*, kind: PaymentEventKind, subject: Mapping[str, Any]) -> dict[str, str | None]:
    """
    The ids of intent, charge, refund and payout, wherever this kind of subject carries them.
    """
    if kind is PaymentEventKind.OTHER:
        return dict.fromkeys(("intent", "charge", "refund", "payout"))
    if subject["object"] == "payment_intent":
        return {"intent": _text(subject["id"]), "charge": _id(subject.get("latest_charge")), "refund": None, "payout": None}
    return {
        "intent": _id(subject.get("payment_intent")),
        "charge": _id(subject.get("charge")),
        "refund": _text(subject["id"]) if subject["object"] == "refund" else None,
        "payout": _text(subject["id"]) if subject["object"] == "payout" else None,
    }


def _answers_late(intent: Mapping[str, Any]) -> bool:
    # a card says no while the payer looks on; a bank debit or a transfer days later
    method = (intent.get("last_payment_error") or {}).get("payment_method") or {}
    return str(method.get("type", "card")) != "card"


def _id(reference: object) -> str | None:
    """
    A reference is an id, or the object itself where somebody expanded it.
    """
    if isinstance(reference, Mapping):
        return _text(reference["id"])
    return reference if isinstance(reference, str) else None


def _text(value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise TypeError("not a text")


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise TypeError("not an amount")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError("not a flag")


def _moment(value: object) -> datetime:
    try:
        return EPOCH + timedelta(seconds=_whole(value))
    except OverflowError as error:
        raise ValueError("not a moment") from error
