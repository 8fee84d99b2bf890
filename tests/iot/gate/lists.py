"""
Lists of admissions as the cloud would sign them.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.contracts.admissions import Admission, AdmissionsManifest, AdmissionsPart, AdmissionStatus
from chalicelib.contracts.messages import to_document, to_json

NOON = datetime(2026, 12, 3, 7, tzinfo=UTC)
"""Noon in Almaty."""
CHECKPOINT = "nur-zholy"


def admission(plate="123ABC02", *, number=None, now=NOON, starts_in=timedelta(minutes=10), **changes):
    """
    A vehicle called and seen in the waiting area, whose interval is about to begin.
    """
    start = now + starts_in
    fields = {
        "booking": f"b-{number or plate}",
        "version": 3,
        "number": number or f"NZH-{plate}",
        "plate": plate,
        "country": "KZ",
        "status": AdmissionStatus.CALLED,
        "class_": "general",
        "slot_start": start,
        "slot_end": start + timedelta(hours=1),
        "opens_at": start - timedelta(minutes=30),
        "call_due_at": start - timedelta(minutes=90),
        "expires_at": start + timedelta(hours=2),
        "called_at": start - timedelta(minutes=90),
        "arrived_at": start - timedelta(minutes=60),
    }
    return Admission(**(fields | changes))


def confirmed(plate="123ABC02", **changes):
    """
    A vehicle that is neither called nor seen yet.
    """
    return admission(plate, **({"status": AdmissionStatus.CONFIRMED, "called_at": None, "arrived_at": None} | changes))


class Signer:
    """
    The cloud's signing key, and lists made with it.
    """

    def __init__(self, *, kid="one"):
        self._kid = kid
        self._private = ec.generate_private_key(ec.SECP256R1())

    @property
    def keys(self):
        """
        The public JWK set.
        """
        key = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self._private.public_key()))
        return {"keys": [key | {"kid": self._kid, "alg": "ES256", "use": "sig"}]}

    def token(self, manifest, *, kind="admissions+jwt"):
        """
        A signed manifest.
        """
        headers = {"typ": kind, "kid": self._kid}
        return jwt.PyJWS().encode(to_json(manifest).encode(), self._private, algorithm="ES256", headers=headers)

    def parts(self, admissions, *, version=1, parts=1, now=NOON, checkpoint=CHECKPOINT, sha256=None, valid_for=timedelta(hours=72)):
        """
        A list, cut into parts.
        """
        text = json.dumps(to_document(list(admissions)), ensure_ascii=False)
        manifest = AdmissionsManifest(
            checkpoint=checkpoint,
            version=version,
            parts=parts,
            sha256=sha256 or hashlib.sha256(text.encode()).hexdigest(),
            valid_from=now,
            valid_until=now + valid_for,
        )
        token = self.token(manifest)
        size = -(-len(text) // parts)
        slices = [text[index * size : (index + 1) * size] for index in range(parts)]
        return [AdmissionsPart(version=version, index=index, parts=parts, text=one, token=token) for index, one in enumerate(slices)]
