"""
Payment intents: opened, changed, canceled, read.
"""

from typing import Any

from local.payments.account import Account, Call
from local.payments.charging import charge_card
from local.payments.parameters import Parameters
from local.payments.problems import invalid, missing, unexpected_state
from local.payments.shapes import CURRENCY, new_intent

AMOUNT_MAX = 99_999_999  # eight digits, as the provider documents
OPEN = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
PUBLIC_FIELDS = (
    "id object amount amount_details automatic_payment_methods canceled_at cancellation_reason capture_method client_secret "
    "confirmation_method created currency description last_payment_error livemode next_action payment_method payment_method_types "
    "processing receipt_email setup_future_usage shipping source status"
)


def public_view(intent: dict[str, Any]) -> dict[str, Any]:
    """
    What the holder of the publishable key and the client secret may see.
    """
    return {name: intent[name] for name in PUBLIC_FIELDS.split()}


def create(account: Account, call: Call) -> dict[str, Any]:
    """
    POST /v1/payment_intents.
    """
    given = call.parameters
    given.only(
        "amount", "currency", "customer", "description", "metadata", "payment_method", "payment_method_types",
        "automatic_payment_methods", "capture_method", "confirm", "return_url", "receipt_email", "setup_future_usage",
    )  # fmt: skip
    currency = given.needed("currency")
    if currency.lower() != CURRENCY:
        raise invalid(f"Invalid currency: {currency[:10]}. This account takes {CURRENCY}.", param="currency")
    intent = new_intent(amount=_amount(account, given), metadata=given.metadata(), now=call.now)
    _set_methods(intent, given)
    given.text("capture_method", choices=("automatic", "automatic_async"))
    intent["description"] = given.text("description")
    intent["customer"] = _customer(account, given)
    if (method := given.text("payment_method")) is not None:
        intent |= {"payment_method": method, "status": "requires_confirmation"}
    account.objects.put(intent)
    account.emit("payment_intent.created", subject=intent, call=call)
    return charge_card(account, call, intent=intent, view=dict) if given.flag("confirm") else intent


def retrieve(account: Account, call: Call) -> dict[str, Any]:
    """
    GET /v1/payment_intents/{id}; with the publishable key only together with the client secret, and only in part.
    """
    call.parameters.only("client_secret")
    intent = _addressed(account, call)
    return public_view(intent) if call.publishable else intent


def update(account: Account, call: Call) -> dict[str, Any]:
    """
    POST /v1/payment_intents/{id}: amount, metadata and description, while it is open.
    """
    given = call.parameters
    given.only("amount", "metadata", "description")
    intent = _addressed(account, call)
    if given.positive("amount") is not None:
        if intent["status"] not in OPEN:
            raise unexpected_state(
                f"This PaymentIntent's amount could not be updated because it has a status of {intent['status']}.", intent=intent
            )
        intent["amount"] = _amount(account, given)
    intent["metadata"] |= given.metadata()
    intent["description"] = given.text("description") or intent["description"]
    account.objects.put(intent)
    return intent


def confirm(account: Account, call: Call) -> dict[str, Any]:
    """
    POST /v1/payment_intents/{id}/confirm: the payer's own step, so the publishable key will do with the client secret.
    """
    call.parameters.only("payment_method", "client_secret", "return_url", "use_stripe_sdk", "expected_payment_method_type", "off_session")
    return charge_card(account, call, intent=_addressed(account, call), view=public_view if call.publishable else dict)


def cancel(account: Account, call: Call) -> dict[str, Any]:
    """
    POST /v1/payment_intents/{id}/cancel, while it is open.
    """
    call.parameters.only("cancellation_reason")
    reason = call.parameters.text("cancellation_reason", choices=REASONS)
    intent = _addressed(account, call)
    if intent["status"] not in OPEN:
        raise unexpected_state(f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}.", intent=intent)
    intent |= {"status": "canceled", "canceled_at": call.now, "cancellation_reason": reason}
    account.objects.put(intent)
    account.emit("payment_intent.canceled", subject=intent, call=call)
    return intent


def _addressed(account: Account, call: Call) -> dict[str, Any]:
    """
    The intent in the address. Who does not know its client secret learns nothing with the publishable key.
    """
    intent = account.objects.find(kind="payment_intent", reference=call.reference)
    secret = call.parameters.needed("client_secret") if call.publishable else call.parameters.text("client_secret")
    if intent is None:
        raise missing("payment_intent", call.reference, param="intent")
    if secret is not None and secret != intent["client_secret"]:
        raise invalid(
            "The client_secret provided does not match the client_secret associated with the PaymentIntent.", param="client_secret"
        )
    return intent


def _amount(account: Account, given: Parameters) -> int:
    amount = given.positive("amount")
    if amount is None:
        raise invalid("Missing required param: amount.", code="parameter_missing", param="amount")
    if amount > AMOUNT_MAX:
        raise invalid(f"Amount must be no more than {AMOUNT_MAX} {CURRENCY} in minor units.", code="amount_too_large", param="amount")
    if amount < account.terms.minimum_amount:
        minimum = f"{account.terms.minimum_amount} {CURRENCY} in minor units"
        raise invalid(f"Amount must be at least {minimum}.", code="amount_too_small", param="amount")
    return amount


def _set_methods(intent: dict[str, Any], given: Parameters) -> None:
    automatic = Parameters(given.mapping("automatic_payment_methods"))
    automatic.only("enabled", "allow_redirects")
    kinds = given.names("payment_method_types")
    if kinds and kinds != ["card"]:
        raise invalid(
            f"The payment method type is invalid: {kinds[0][:40]}", code="payment_intent_invalid_parameter", param="payment_method_types"
        )
    if automatic.flag("enabled"):
        if kinds:
            raise invalid("You may only specify one of these parameters: automatic_payment_methods, payment_method_types.")
        redirects = automatic.text("allow_redirects", choices=("always", "never")) or "always"
        intent["automatic_payment_methods"] = {"allow_redirects": redirects, "enabled": True}


def _customer(account: Account, given: Parameters) -> str | None:
    reference = given.text("customer")
    if reference is not None:
        account.objects.get(kind="customer", reference=reference, param="customer", in_path=False)
    return reference
