"""
Who may call: the secret key everything, the publishable key what a payer does with a client secret in hand.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from local.payments.problems import secret_key_required, unauthorized

HINT_MIN = 24  # a shorter key would be told whole


@dataclass(frozen=True, slots=True)
class Keys:
    """
    The account's two keys.
    """

    secret: str
    publishable: str


def is_publishable(headers: Mapping[str, str], *, keys: Keys, allowed: bool) -> bool:
    """
    Tell which key a call carries (bearer, or basic user name); raises StripeError for none, a wrong one, or too weak a one.
    """
    key = _presented(headers.get("authorization", ""))
    if not key:
        raise unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth."
        )
    if hmac.compare_digest(key.encode(), keys.secret.encode()):
        return False
    if hmac.compare_digest(key.encode(), keys.publishable.encode()):
        if not allowed:
            raise secret_key_required()
        return True
    hint = f"{key[:8]}{'*' * 12}{key[-4:]}" if len(key) > HINT_MIN else "*" * 12
    raise unauthorized(f"Invalid API Key provided: {hint}")


def _presented(header: str) -> str:
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""
