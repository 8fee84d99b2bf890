"""
Signed tokens: access tokens (RFC 9068 in shape), passes (D25) and the admissions manifest (D23). ES256 and nothing else.
"""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ALGORITHM: Final = "ES256"
ACCESS_TYPE: Final = "at+jwt"
ACCESS_SECONDS: Final = 900
HEADER_KEYS: Final = frozenset({"alg", "typ", "kid"})
"""A header with anything more (`jwk`, `jku`, `x5u`, `crit` …) tries to bring its own key: refused unread."""
TOKEN_LIMIT: Final = 16_384
"""Characters; a manifest lies in an 8 KB shadow, an access token is far smaller."""


class UnableToVerifyTokenError(Exception):
    """
    A token is not ours, not of this kind, or no longer valid. Says no more: its bearer learns nothing from it.
    """


class UnableToReadKeyError(Exception):
    """
    A key given by the wiring is not an EC P-256 private key in PEM.
    """


@dataclass(frozen=True, slots=True)
class SigningKey:
    """
    A private key (PEM) and the name under which its public half is published.
    """

    kid: str
    private_pem: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """
    What a signed-in client carries for `expires_in` seconds.
    """

    token: str = field(repr=False)
    expires_in: int = ACCESS_SECONDS


class Tokens:
    """
    Signs with the first key, verifies with any: the others are those being rotated in or out.

    `wall` gives seconds since the epoch by the wall clock: token lifetimes never follow the business clock.
    """

    def __init__(self, *, keys: tuple[SigningKey, ...], issuer: str, audience: str, wall: Callable[[], float] = time.time) -> None:
        """
        Take keys and names as values; keys are parsed at first use.
        """
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._wall = wall

    def issue(self, *, account: str, session: str | None = None) -> AccessToken:
        """
        Make an access token that says who, and nothing about rights; `session` names the refresh family it came from.
        """
        now = int(self._wall())
        claims = {"iss": self._issuer, "aud": self._audience, "sub": account, "iat": now, "exp": now + ACCESS_SECONDS}
        return AccessToken(self.sign({**claims, **({"sid": session} if session else {})}, typ=ACCESS_TYPE))

    def claims_of(self, token: str) -> dict[str, Any]:
        """
        Read a valid access token's claims (`sub`, `exp`, perhaps `sid`), or raise `UnableToVerifyTokenError`.
        """
        claims = self.verify(token, typ=ACCESS_TYPE)
        whole = all(isinstance(claims.get(name), int) for name in ("iat", "exp")) and isinstance(claims.get("sub"), str)
        if not whole or claims.get("iss") != self._issuer or claims.get("aud") != self._audience:
            raise UnableToVerifyTokenError
        if not claims["iat"] - 60 <= self._wall() < claims["exp"] <= claims["iat"] + ACCESS_SECONDS:
            raise UnableToVerifyTokenError
        return claims

    def sign(self, claims: Mapping[str, Any], *, typ: str) -> str:
        """
        Sign claims as a compact JWS of the kind named (`pass+jwt`, `admissions+jwt`).
        """
        first = self._keys[0]
        return jwt.encode(dict(claims), self._private[first.kid], algorithm=ALGORITHM, headers={"kid": first.kid, "typ": typ})

    def verify(self, token: str, *, typ: str) -> dict[str, Any]:
        """
        Read the claims of a token of this kind. Expiry is the caller's to judge: passes live by business time.
        """
        header = _header(token)
        if header.keys() != HEADER_KEYS or header["alg"] != ALGORITHM or header["typ"] != typ or header["kid"] not in self._public:
            raise UnableToVerifyTokenError
        try:
            # every registered claim is judged by our own code above, by the clock that the kind of token lives by
            return jwt.decode(token, self._public[header["kid"]], algorithms=[ALGORITHM], options=_ONLY_THE_SIGNATURE)
        except jwt.InvalidTokenError as error:
            raise UnableToVerifyTokenError from error

    def public_keys(self) -> dict[str, list[dict[str, str]]]:
        """
        List the public keys as a JWK Set (RFC 7517).
        """
        return {"keys": [_jwk(kid, public) for kid, public in self._public.items()]}

    @cached_property
    def _private(self) -> dict[str, EllipticCurvePrivateKey]:
        return {key.kid: _load(key) for key in self._keys}

    @cached_property
    def _public(self) -> dict[str, EllipticCurvePublicKey]:
        return {kid: private.public_key() for kid, private in self._private.items()}


_ONLY_THE_SIGNATURE: Final[Any] = dict.fromkeys(
    ("verify_exp", "verify_iat", "verify_nbf", "verify_aud", "verify_iss", "verify_sub", "verify_jti"), False
)


def _load(key: SigningKey) -> EllipticCurvePrivateKey:
    try:
        private = load_pem_private_key(key.private_pem, password=None)
    except ValueError as error:
        raise UnableToReadKeyError(f"{key.kid}: not a PEM private key") from error
    if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP256R1):
        raise UnableToReadKeyError(f"{key.kid}: an EC P-256 key is expected")
    return private


def _header(token: str) -> dict[str, Any]:
    """
    Parse the header of a canonically written compact JWS: three parts whose base64url has no spare bits set.
    """
    parts = token.split(".")
    if len(parts) != 3 or len(token) > TOKEN_LIMIT:  # noqa: PLR2004 - header, payload, signature
        raise UnableToVerifyTokenError
    try:
        decoded = [urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4)) for part in parts]
        header = json.loads(decoded[0])
    except ValueError as error:
        raise UnableToVerifyTokenError from error
    written = [urlsafe_b64encode(item).rstrip(b"=").decode("ascii") for item in decoded]
    if written != parts or not isinstance(header, dict) or not all(isinstance(value, str) for value in header.values()):
        raise UnableToVerifyTokenError
    return header


def _jwk(kid: str, public: EllipticCurvePublicKey) -> dict[str, str]:
    numbers = public.public_numbers()
    x, y = (urlsafe_b64encode(value.to_bytes(32, "big")).rstrip(b"=").decode("ascii") for value in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "use": "sig", "alg": ALGORITHM, "kid": kid, "x": x, "y": y}
