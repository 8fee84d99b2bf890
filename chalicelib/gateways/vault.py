"""
Secrets, fetched once: a JSON file on one machine, AWS Secrets Manager in the cloud.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class UnableToOpenVaultError(Exception):
    """
    The secrets are not there or not whole.
    """


@dataclass(frozen=True, slots=True)
class Secrets:
    """
    Keys and tokens; never printed.
    """

    signing_key_id: str
    signing_key_pem: bytes = field(repr=False)
    hash_key: bytes = field(repr=False)
    payments_secret: str = field(repr=False)
    payments_webhook_secret: str = field(repr=False)
    messages_token: str | None = field(default=None, repr=False)
    relay: Mapping[str, str] = field(default_factory=dict, repr=False)
    """PEM texts of mutual TLS with the registers' relay by file name, where they are not files of the machine."""
    remittance: Mapping[str, Any] | None = field(default=None, repr=False)
    """Bank details of the registrar and of each region's budget (`gateways/remittance/requisites.py`); none set: nothing is exported."""


def open_vault(*, where: str, region: str) -> Secrets:
    """
    Read the secrets from a file path (`file:…`) or a Secrets Manager id; anything missing raises `UnableToOpenVaultError`.
    """
    document = _from_file(Path(where.removeprefix("file:"))) if where.startswith("file:") else _from_manager(where, region)
    try:
        return Secrets(
            signing_key_id=document["signing_key_id"],
            signing_key_pem=document["signing_key_pem"].encode(),
            hash_key=bytes.fromhex(document["hash_key"]),
            payments_secret=document["payments_secret"],
            payments_webhook_secret=document["payments_webhook_secret"],
            messages_token=document.get("messages_token"),
            relay=document.get("relay", {}),
            remittance=document.get("remittance"),
        )
    except (KeyError, ValueError) as error:
        raise UnableToOpenVaultError(f"the secrets are not whole: {error}") from error


def _from_file(path: Path) -> Mapping[str, Any]:
    try:
        document: Mapping[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise UnableToOpenVaultError("the secrets file cannot be read") from error
    return document


def _from_manager(name: str, region: str) -> Mapping[str, Any]:
    import boto3  # noqa: PLC0415 - only where there is a Secrets Manager
    from botocore.exceptions import ClientError  # noqa: PLC0415

    try:
        found = boto3.client("secretsmanager", region_name=region).get_secret_value(SecretId=name)
    except ClientError as error:
        raise UnableToOpenVaultError("the Secrets Manager does not give the secrets") from error
    document: Mapping[str, Any] = json.loads(found["SecretString"])
    return document
