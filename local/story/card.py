"""
The payer's card, as the provider's own web element would use it.
"""

import secrets
import time
from typing import Any, Final

import httpx

from local.story.door import PATIENCE_S, PAUSE_S, RETRIED, Door, UnseenError

VISA: Final = "pm_card_visa"


def pay_by_card(door: Door, payment: Any, *, card: str = VISA) -> None:
    """
    Confirm a payment at the provider; one that did not answer is asked again under the same key, so that nobody pays twice.
    """
    provider = door.ask("GET", "/local/info")["payment"]
    url = f"{provider['base_url']}/v1/payment_intents/{payment['payment_intent']}/confirm"
    form = {"payment_method": card, "client_secret": payment["client_secret"]}
    headers = {"Authorization": f"Bearer {provider['publishable_key']}", "Idempotency-Key": secrets.token_hex(16)}
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            reply = door.http.post(url, data=form, headers=headers)
        except httpx.TransportError as error:
            if time.monotonic() > until:
                raise UnseenError(f"the provider does not answer: {type(error).__name__}") from error
        else:
            if reply.status_code not in RETRIED or time.monotonic() > until:
                reply.raise_for_status()
                return
        time.sleep(PAUSE_S)
