"""
New objects in the provider's shapes, field by field as its current API version returns them for card payments.
"""

from typing import Any

from local.payments.cards import Card
from local.payments.objects import new_id

CURRENCY = "kzt"
FEE_PER_MILLE = 29  # what the provider keeps of a payment

INTENT_NULLS = (
    "amount_details application application_fee_amount automatic_payment_methods canceled_at cancellation_reason customer "
    "customer_account description excluded_payment_method_types hooks last_payment_error latest_charge managed_payments next_action "
    "on_behalf_of payment_details payment_method payment_method_configuration_details payment_record processing receipt_email review "
    "setup_future_usage shipping source statement_descriptor statement_descriptor_suffix transfer_data transfer_group"
)
PAYOUT_NULLS = (
    "application_fee application_fee_amount balance_transaction description failure_balance_transaction failure_code failure_message "
    "original_payout payout_method reversed_by statement_descriptor trace_id"
)
CATEGORIES = {"adjustment": "dispute", "payout_failure": "payout_reversal"}
CHARGE_NULLS = (
    "application application_fee application_fee_amount authorization_code balance_transaction calculated_statement_descriptor "
    "failure_balance_transaction failure_code failure_message on_behalf_of radar_options receipt_email receipt_number receipt_url "
    "review shipping source source_transfer statement_descriptor statement_descriptor_suffix transfer_data transfer_group"
)


def new_intent(*, amount: int, metadata: dict[str, str], now: int) -> dict[str, Any]:
    """
    An intent to collect `amount` (tiyn) that nobody has tried to pay yet.
    """
    identity = new_id("pi")
    return dict.fromkeys(INTENT_NULLS.split()) | {
        "id": identity,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": f"{identity}_{new_id('secret')}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": CURRENCY,
        "livemode": False,
        "metadata": metadata,
        "payment_method_options": {"card": {"installments": None, "network": None, "request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
    }


def new_charge(*, intent: dict[str, Any], card: Card, method: str, now: int) -> dict[str, Any]:
    """
    One try to charge the card for an intent, paid or failed as the card says.
    """
    amount = intent["amount"]
    paid = card.failure is None
    return dict.fromkeys(CHARGE_NULLS.split()) | {
        "id": new_id("ch"),
        "object": "charge",
        "amount": amount,
        "amount_captured": amount if paid else 0,
        "amount_refunded": 0,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "captured": paid,
        "created": now,
        "currency": CURRENCY,
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": None if card.failure is None else card.failure.code,
        "failure_message": None if card.failure is None else card.failure.message,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "outcome": _outcome(card),
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": method,
        "payment_method_details": {"type": "card", "card": card.details()},
        "refunded": False,
        "status": "succeeded" if paid else "failed",
    }


def _outcome(card: Card) -> dict[str, Any]:
    failure = card.failure
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network" if failure is None else "declined_by_network",
        "reason": None if failure is None else failure.decline_code or failure.code,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": "Payment complete." if failure is None else "The bank did not return any further details with this decline.",
        "type": "authorized" if failure is None else "issuer_declined",
    }


def new_payment_method(*, card: Card, now: int) -> dict[str, Any]:
    """
    The payer's card as it was entered for one payment.
    """
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "card": card.summary(),
        "created": now,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


def new_refund(*, charge: dict[str, Any], amount: int, reason: str | None, metadata: dict[str, str], now: int) -> dict[str, Any]:
    """
    Part or all of a charge on its way back to the card.
    """
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": now,
        "currency": CURRENCY,
        "customer": charge["customer"],
        "destination_details": {
            "type": "card",
            "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
        },
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def new_dispute(*, charge: dict[str, Any], now: int) -> dict[str, Any]:
    """
    The card's holder says that he did not pay this: the whole charge is taken back at once.
    """
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": CURRENCY,
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + 7 * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "type": "card",
            "card": {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "10.4"},
        },
        "reason": "fraudulent",
        "status": "needs_response",
    }


def new_balance_transaction(*, kind: str, source: str, amount: int, now: int) -> dict[str, Any]:
    """
    What an event did to our money at the provider: `charge` brings it (less the provider's fee), `refund` and `adjustment` take it.
    """
    fee = (amount * FEE_PER_MILLE + 500) // 1000 if kind == "charge" else 0
    details = {"amount": fee, "application": None, "currency": CURRENCY, "description": "Processing fees", "type": "stripe_fee"}
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + 2 * 86_400,
        "balance_type": "payments",
        "created": now,
        "currency": CURRENCY,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [details] if fee else [],
        "net": amount - fee,
        "reporting_category": CATEGORIES.get(kind, kind),
        "source": source,
        "status": "pending",
        "type": kind,
    }


def new_payout(*, amount: int, destination: str, metadata: dict[str, str], now: int) -> dict[str, Any]:
    """
    A part of the balance on its way to the bank.
    """
    return dict.fromkeys(PAYOUT_NULLS.split()) | {
        "id": new_id("po"),
        "object": "payout",
        "amount": amount,
        "arrival_date": now,
        "automatic": False,
        "created": now,
        "currency": CURRENCY,
        "destination": destination,
        "livemode": False,
        "metadata": metadata,
        "method": "standard",
        "reconciliation_status": "not_applicable",
        "source_type": "card",
        "status": "pending",
        "type": "bank_account",
    }


def new_customer(*, fields: dict[str, str | None], metadata: dict[str, str], now: int) -> dict[str, Any]:
    """
    A payer known to the account.
    """
    return fields | {
        "id": new_id("cus"),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "invoice_settings": {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None},
        "livemode": False,
        "metadata": metadata,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
