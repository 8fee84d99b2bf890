"""
Refunds: never more than was paid.
"""

from typing import Any

from local.payments.account import Account, Call
from local.payments.cards import BY_LAST4
from local.payments.parameters import Parameters
from local.payments.problems import forbidden_step, invalid
from local.payments.shapes import CURRENCY, new_balance_transaction, new_refund

REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create(account: Account, call: Call) -> dict[str, Any]:
    """
    POST /v1/refunds of a charge or payment intent; without an amount, of all that is left.
    """
    given = call.parameters
    given.only("amount", "charge", "payment_intent", "reason", "metadata")
    amount = given.positive("amount")
    reason = given.text("reason", choices=REASONS)
    charge = _charge(account, given)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["disputed"]:
        raise forbidden_step(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if not left:
        raise forbidden_step(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = left if amount is None else amount
    if amount > left:
        message = f"Refund amount ({amount} {CURRENCY}) is greater than unrefunded amount on charge ({left} {CURRENCY}), in minor units"
        raise forbidden_step(message, param="amount")
    refund = new_refund(charge=charge, amount=amount, reason=reason, metadata=given.metadata(), now=call.now)
    entry = new_balance_transaction(kind="refund", source=refund["id"], amount=-amount, now=call.now)
    refund["balance_transaction"] = entry["id"]
    before = {"amount_refunded": charge["amount_refunded"]}
    charge |= {"amount_refunded": charge["amount_refunded"] + amount, "refunded": amount == left}
    for changed in (entry, refund, charge):
        account.objects.put(changed)
    card = BY_LAST4[charge["payment_method_details"]["card"]["last4"]]
    if card.refunds == "pending":
        refund["status"] = "pending"
        account.objects.put(refund)
    account.emit("refund.created", subject=refund, call=call)
    account.emit("charge.refunded", subject=charge, call=call, changed=before)
    first = dict(refund)
    if card.refunds == "pending":
        refund["status"] = "succeeded"
        account.objects.put(refund)
        account.emit("refund.updated", subject=refund, call=call, changed={"status": "pending"})
    if card.refunds == "failed":
        _fail(account, call, refund=refund, charge=charge)
    return first


def _fail(account: Account, call: Call, *, refund: dict[str, Any], charge: dict[str, Any]) -> None:
    # the card's bank sends back what had succeeded
    back = new_balance_transaction(kind="refund_failure", source=refund["id"], amount=refund["amount"], now=call.now)
    refund |= {"status": "failed", "failure_reason": "expired_or_canceled_card", "failure_balance_transaction": back["id"]}
    charge |= {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False}
    for changed in (back, refund, charge):
        account.objects.put(changed)
    account.emit("refund.updated", subject=refund, call=call, changed={"status": "succeeded"})
    account.emit("refund.failed", subject=refund, call=call)


def _charge(account: Account, given: Parameters) -> dict[str, Any]:
    reference, intent = given.text("charge"), given.text("payment_intent")
    if (reference is None) == (intent is None):
        raise invalid("Pass exactly one of these parameters: charge, payment_intent.", code="parameter_missing", param="payment_intent")
    if intent is not None:
        found = account.objects.get(kind="payment_intent", reference=intent, param="payment_intent", in_path=False)
        if found["status"] != "succeeded":
            raise forbidden_step(
                f"This PaymentIntent ({intent}) does not have a successful charge to refund.", code="payment_intent_unexpected_state"
            )
        reference = found["latest_charge"]
    charge = account.objects.get(kind="charge", reference=str(reference), param="charge", in_path=False)
    if not charge["paid"]:
        raise forbidden_step(f"Charge {charge['id']} was not paid; there is nothing to refund.", code="charge_not_refundable")
    return charge
