"""
Gateways as IoT Core knows them: a thing, a certificate whose key lies in our files, and the policy. Registered again from these files after a crash.
"""

import hashlib
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from chalicelib.contracts import topics
from local.ministack import policy

POLICY: Final = "gateway"


@dataclass(frozen=True, slots=True)
class Credentials:
    """
    Paths of a device's certificate and private key (PEM).
    """

    cert: Path
    key: Path


def ensure_policy(iot: Any, *, region: str, account: str) -> None:
    """
    Create the gateways' policy unless it is there.
    """
    try:
        iot.create_policy(policyName=POLICY, policyDocument=policy.document(region=region, account=account))
    except iot.exceptions.ResourceAlreadyExistsException:
        return


def ensure_device(iot: Any, *, checkpoint: str, directory: Path) -> Credentials:
    """
    Make the thing of a checkpoint's gateway and let its certificate act for it. The certificate is issued once and kept in `directory`.
    """
    thing = topics.thing(checkpoint)
    credentials = Credentials(cert=directory / f"{thing}.pem", key=directory / f"{thing}.key")
    iot.create_thing(thingName=thing)
    arn = _register(iot, credentials) if credentials.cert.exists() and credentials.key.exists() else _issue(iot, credentials)
    iot.attach_policy(policyName=POLICY, target=arn)
    iot.attach_thing_principal(thingName=thing, principal=arn)
    return credentials


def _issue(iot: Any, credentials: Credentials) -> str:
    issued = iot.create_keys_and_certificate(setAsActive=True)
    _keep(credentials.key, issued["keyPair"]["PrivateKey"])
    _keep(credentials.cert, issued["certificatePem"])
    return str(issued["certificateArn"])


def _register(iot: Any, credentials: Credentials) -> str:
    pem = credentials.cert.read_text()
    identity = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    try:
        return str(iot.describe_certificate(certificateId=identity)["certificateDescription"]["certificateArn"])
    except iot.exceptions.ResourceNotFoundException:
        return str(iot.register_certificate_without_ca(certificatePem=pem, status="ACTIVE")["certificateArn"])


def _keep(path: Path, pem: str) -> None:
    """
    Write a file readable by its owner alone, whole or not at all.
    """
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(pem, encoding="ascii")
    draft.replace(path)
