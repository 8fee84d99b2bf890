"""
What tests of card payments share: opening an intent through the adapter, paying as the payer's web element does, signing letters.
"""

import json

import stripe

from tests.local.payments.double import PUBLISHABLE_KEY, WEBHOOK_SECRET

AMOUNT = 9_082_500  # 1 MCI and a deposit of 20 MCI of 2026, in tiyn


def opened(payments, attempt, amount=AMOUNT, customer=None):
    """
    An intent of ours.
    """
    return payments.open_intent(attempt=attempt, amount=amount, purpose="booking", account="acc-1", booking="bkg-1", customer=customer)


def confirm(double, intent, card="pm_card_visa"):
    """
    The payer's step.
    """
    fields = {"payment_method": card, "client_secret": intent.client_secret}
    return double.call("POST", f"/v1/payment_intents/{intent.id}/confirm", key=PUBLISHABLE_KEY, **fields)


def signed(document, *, secret=WEBHOOK_SECRET, moment=None):
    """
    A letter that is signed as the provider signs: payload and signature.
    """
    payload = json.dumps(document)
    return {"payload": payload.encode(), "signature": stripe.WebhookSignature.generate_signature_header(payload, secret, moment)}
