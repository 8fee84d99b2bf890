"""
What a device believes because the cloud signed it: compact JWS, ES256 (RFC 7515, RFC 7518 §3.4), by the public keys in its configuration.
"""

from collections.abc import Mapping
from typing import Any, Final

import jwt

ALGORITHM: Final = "ES256"
LONGEST_TOKEN: Final = 8_192
"""A shadow holds no more (architecture, shadows)."""


class UnableToVerifyError(Exception):
    """
    A token is not what a key of ours signed for this use.
    """


class Verifier:
    """
    Public keys by `kid`, from a JWK set `{"keys": [...]}` or one bare JWK.
    """

    def __init__(self, *, keys: Mapping[str, Any]) -> None:
        listed = keys.get("keys", [keys] if "kty" in keys else [])
        try:
            self._keys = {str(key.get("kid", "")): jwt.PyJWK(dict(key), algorithm=ALGORITHM) for key in listed}
        except (jwt.PyJWTError, AttributeError, TypeError, ValueError) as error:
            raise UnableToVerifyError(f"a configured key is no ES256 JWK: {type(error).__name__}") from error

    def payload(self, token: str, *, kind: str) -> bytes:
        """
        Give the payload of a token of the given `typ`; `UnableToVerifyError` for anything doubtful.
        """
        if len(token) > LONGEST_TOKEN:
            raise UnableToVerifyError("token too long")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != kind or header.get("alg") != ALGORITHM:
                raise UnableToVerifyError("another kind of token")
            payload = jwt.PyJWS().decode(token, self._key(header), algorithms=[ALGORITHM])
        except (jwt.PyJWTError, ValueError) as error:
            raise UnableToVerifyError(type(error).__name__) from error
        if not isinstance(payload, bytes):
            raise UnableToVerifyError("no payload")
        return payload

    def _key(self, header: Mapping[str, Any]) -> jwt.PyJWK:
        """
        The key a token names; a set of one key serves tokens that name none.
        """
        kid = header.get("kid")
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        key = self._keys.get(str(kid))
        if key is None:
            raise UnableToVerifyError("signed by an unknown key")
        return key
