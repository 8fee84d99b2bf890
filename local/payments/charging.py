"""
The moment of payment: a card is charged for an intent, and pays or declines.
"""

from collections.abc import Callable
from typing import Any

from local.payments.account import Account, Call
from local.payments.cards import CARDS, Card, Failure
from local.payments.problems import declined, missing, unexpected_state
from local.payments.shapes import new_balance_transaction, new_charge, new_dispute, new_payment_method

View = Callable[[dict[str, Any]], dict[str, Any]]


def charge_card(account: Account, call: Call, *, intent: dict[str, Any], view: View) -> dict[str, Any]:
    """
    Charge the card given with the call, or else the one given before; `view` is what the caller may see of the intent.
    """
    if intent["status"] == "succeeded":
        message = "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
        raise unexpected_state(message, intent=view(intent))
    if intent["status"] == "canceled":
        message = "You cannot confirm this PaymentIntent because it has a status of canceled."
        raise unexpected_state(message, intent=view(intent))
    name = call.parameters.text("payment_method") or intent["payment_method"]
    if name is None:
        message = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise unexpected_state(message, intent=view(intent))
    card = CARDS.get(name)
    if card is None:
        raise missing("PaymentMethod", name, param="payment_method", in_path=False)
    method = new_payment_method(card=card, now=call.now)
    account.objects.put(method)
    charge = new_charge(intent=intent, card=card, method=method["id"], now=call.now)
    intent["latest_charge"] = charge["id"]
    if card.failure is not None:
        _fail(account, call, intent=intent, charge=charge, failure=card.failure, method=method)
        raise declined(
            card.failure.message, code=card.failure.code, decline_code=card.failure.decline_code, charge=charge["id"], intent=view(intent)
        )
    _succeed(account, call, intent=intent, charge=charge, card=card)
    return view(intent)


def _succeed(account: Account, call: Call, *, intent: dict[str, Any], charge: dict[str, Any], card: Card) -> None:
    entry = new_balance_transaction(kind="charge", source=charge["id"], amount=charge["amount"], now=call.now)
    charge["balance_transaction"] = entry["id"]
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "payment_method": charge["payment_method"],
        "last_payment_error": None,
    }
    for changed in (entry, charge, intent):
        account.objects.put(changed)
    account.emit("charge.succeeded", subject=charge, call=call)
    account.emit("payment_intent.succeeded", subject=intent, call=call)
    if card.disputed:
        _dispute(account, call, charge=charge)


def _fail(
    account: Account, call: Call, *, intent: dict[str, Any], charge: dict[str, Any], failure: Failure, method: dict[str, Any]
) -> None:
    error = {"charge": charge["id"], "code": failure.code, "message": failure.message, "payment_method": method, "type": "card_error"}
    if failure.decline_code is not None:
        error["decline_code"] = failure.decline_code
    intent |= {"status": "requires_payment_method", "payment_method": None, "last_payment_error": error}
    account.objects.put(charge)
    account.objects.put(intent)
    account.emit("charge.failed", subject=charge, call=call)
    account.emit("payment_intent.payment_failed", subject=intent, call=call)


def _dispute(account: Account, call: Call, *, charge: dict[str, Any]) -> None:
    dispute = new_dispute(charge=charge, now=call.now)
    entry = new_balance_transaction(kind="adjustment", source=dispute["id"], amount=-charge["amount"], now=call.now)
    dispute["balance_transactions"] = [entry]
    charge["disputed"] = True
    for changed in (entry, dispute, charge):
        account.objects.put(changed)
    account.emit("charge.dispute.created", subject=dispute, call=call)
    account.emit("charge.dispute.funds_withdrawn", subject=dispute, call=call)
