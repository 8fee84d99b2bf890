"""
Secrets of one machine, made at the first start and kept in files that only their owner reads.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.jurisdictions import jurisdiction
from local.supervisor.requisites import sample_requisites

PUBLISHABLE_KEY = "pk_test_ashyqkezek"


def write_private(path: Path, text: str) -> None:
    """
    Write a file for its owner's eyes only.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def ensure_secrets(directory: Path) -> Path:
    """
    Make what is missing in a folder: `secrets.json`, and the payment double's two files beside it.
    """
    path = directory / "secrets.json"
    if path.exists():
        return path
    key = ec.generate_private_key(ec.SECP256R1())
    encoding, form, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    document: dict[str, Any] = {
        "signing_key_id": secrets.token_hex(8),
        "signing_key_pem": key.private_bytes(encoding, form, plain).decode(),
        "hash_key": secrets.token_hex(32),
        "payments_secret": f"sk_test_{secrets.token_hex(16)}",
        "payments_webhook_secret": f"whsec_{secrets.token_hex(16)}",
        "messages_token": secrets.token_hex(16),
        "remittance": sample_requisites({checkpoint.region.code for checkpoint in jurisdiction().checkpoints.values()}),
    }
    write_private(directory / "payments-secret-key", document["payments_secret"])
    write_private(directory / "payments-webhook-secret", document["payments_webhook_secret"])
    write_private(path, json.dumps(document))
    return path
