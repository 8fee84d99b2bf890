from typing import Literal

from pydantic import Field

from chalicelib.api.schemas.base import View


class HealthView(View):
    """
    The service is up.
    """

    status: Literal["ok"]
    version: str = Field(examples=["0.1.0"])


class KeyView(View):
    """
    One public key, elliptic curve P-256.
    """

    kty: Literal["EC"]
    crv: Literal["P-256"]
    use: Literal["sig"]
    alg: Literal["ES256"]
    kid: str
    x: str
    y: str


class KeySetView(View):
    """
    A JWK Set.
    """

    keys: list[KeyView]
