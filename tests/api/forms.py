"""
What callers of the tests send: a whole form, and the provider's signed messages.
"""

import hashlib
import hmac
import json
import secrets
import time

HERE = "nur-zholy"
ELSEWHERE = "dostyk"
WEBHOOK_SECRET = "whsec_tests"


def application(**changes):
    """
    A whole form for a truck that nobody else has.
    """
    number = secrets.randbelow(900) + 100
    letters = "".join(secrets.choice("ABEKMHOPCTYX") for _ in range(3))
    driver = {
        "resident": True,
        "name": "Асқар Серіков",
        "iin": "880101300123",
        "birth_date": "1988-01-01",
        "phone": "+77011234567",
        "document": {"type": "passport", "country": "KZ", "number": "N12345678", "expires_on": "2033-05-17"},
    }
    return {
        "checkpoint": HERE,
        "class": "general",
        "vehicle": {
            "country": "KZ",
            "plate": f"{number} {letters} 02",
            "vin": f"WDB9634031L{secrets.randbelow(10**6):06d}",
            "category": "tractor_unit",
            "body": "curtain",
        },
        "owner": {"resident": True, "kind": "natural", "name": "Асқар Серіков", "iin": "880101300123"},
        "drivers": [driver],
        "authorized_drivers": 2,
        "cargo": {"kind": "general", "hs_codes": ["080810"]},
        "consent": True,
        **changes,
    }


def event(intent, amount):
    """
    The provider's message that an intent succeeded.
    """
    subject = {
        "object": "payment_intent",
        "id": intent,
        "amount_received": amount,
        "currency": "kzt",
        "metadata": {"attempt": intent.removeprefix("pi_")},
        "latest_charge": f"ch_{intent}",
        "status": "succeeded",
    }
    document = {
        "id": f"evt_{intent}",
        "object": "event",
        "type": "payment_intent.succeeded",
        "created": 1_790_000_000,
        "livemode": False,
        "data": {"object": subject},
    }
    return json.dumps(document).encode()


def signature(payload):
    """
    Sign a message as the provider does.
    """
    now = int(time.time())
    made = hmac.new(WEBHOOK_SECRET.encode(), f"{now}.".encode() + payload, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={now},v1={made}", "Content-Type": "application/json"}
