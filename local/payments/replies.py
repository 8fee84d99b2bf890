"""
Idempotency: the first answer to a key, again and again (Stripe API reference, "Idempotent requests").
"""

import hashlib
import sqlite3
from dataclasses import dataclass, field

from local.payments.problems import invalid, key_reused

KEY_MAX = 255
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Reply:
    """
    An answer: JSON text with its status and headers.
    """

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """
    What an idempotency key (with its owner) was used for: the address, and the parameters by hash.
    """

    key: str
    address: str
    fingerprint: str

    @classmethod
    def of(cls, *, owner: str, key: str, address: str, form: str) -> "KeyedRequest":
        """
        Take the parameters in any order as the same.
        """
        if len(key) > KEY_MAX:
            raise invalid(f"Idempotency keys can be up to {KEY_MAX} characters long.")
        digest = hashlib.sha256("&".join(sorted(form.split("&"))).encode()).hexdigest()
        return cls(f"{owner}:{key}", address, digest)


class Replies:
    """
    Kept answers. Every method runs inside the transaction that makes the change, so that a key and its effect live or die together.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def recall(self, request: KeyedRequest, *, now: int) -> Reply | None:
        """
        The first answer, if there was one in the last 24 h. Raises StripeError when the key was used for something else.
        """
        self._connection.execute("DELETE FROM replies WHERE created < ?", (now - KEPT_SECONDS,))
        sentence = "SELECT address, fingerprint, status, body, request FROM replies WHERE key = ?"
        row = self._connection.execute(sentence, (request.key,)).fetchone()
        if row is None:
            return None
        address, fingerprint, status, body, first = row
        if address != request.address:
            message = f"Keys for idempotent requests can only be used for the same endpoint they were first used for ('{address}')."
            raise key_reused(message)
        if fingerprint != request.fingerprint:
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                "Try using another key if you meant to execute a different request."
            )
            raise key_reused(message)
        return Reply(status, body, {"Idempotent-Replayed": "true", "Original-Request": first})

    def keep(self, request: KeyedRequest, *, reply: Reply, first: str, now: int) -> None:
        """
        Keep the answer of the request with the id `first`.
        """
        self._connection.execute(
            "INSERT INTO replies (key, address, fingerprint, status, body, request, created) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (request.key, request.address, request.fingerprint, reply.status, reply.body, first, now),
        )
