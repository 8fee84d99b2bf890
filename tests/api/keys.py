from functools import cache

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chalicelib.gateways.tokens import SigningKey, Tokens

ISSUER = "https://queue.test"
AUDIENCE = "queue-api"


@cache
def private_pem(name="first"):
    private = generate_private_key(SECP256R1())
    assert name
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def tokens(*, kids=("first",), **changes):
    keys = tuple(SigningKey(kid, private_pem(kid)) for kid in kids)
    return Tokens(**{"keys": keys, "issuer": ISSUER, "audience": AUDIENCE, **changes})
