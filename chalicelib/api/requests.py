"""
From calls to what use cases take.
"""

from chalicelib import wiring
from chalicelib.api.call import IdempotencyKey
from chalicelib.usecases.outcomes import IdempotentRequest


def acting_once(key: IdempotencyKey) -> IdempotentRequest:
    """
    Make the request that acts once: its key is scope and client's key, its body only ever a keyed hash.
    """
    return IdempotentRequest(f"{key.scope} {key.key}", wiring.keyed_hash().of(key.request))


def perhaps_once(key: IdempotencyKey | None) -> IdempotentRequest | None:
    """
    Make it where the client gave a key.
    """
    return acting_once(key) if key is not None else None


def acting_unseen(key: IdempotencyKey | None) -> IdempotentRequest | None:
    """
    Make it where the path itself is a secret, which no row may hold.
    """
    if key is None:
        return None
    hashed = wiring.keyed_hash().of
    return IdempotentRequest(f"- {hashed(f'{key.scope} {key.key}')}", hashed(key.request))
