"""
Gateways as IoT Core knows them: a thing, a certificate whose key lies in our files, and the policy. Registered again from these files after a crash.
"""

import contextlib
import hashlib
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from chalicelib.contracts import topics
from local.ministack import policy

GATEWAYS: Final = "gateway"
OBSERVERS: Final = "observer"


@dataclass(frozen=True, slots=True)
class Credentials:
    """
    Paths of a device's certificate and private key (PEM).
    """

    cert: Path
    key: Path


def ensure_policies(iot: Any, *, region: str, account: str) -> None:
    """
    Create the policies of gateways and observers unless they are there.
    """
    for name, write in ((GATEWAYS, policy.gateway), (OBSERVERS, policy.observer)):
        with contextlib.suppress(iot.exceptions.ResourceAlreadyExistsException):
            iot.create_policy(policyName=name, policyDocument=write(region=region, account=account))


def ensure_gateway(iot: Any, *, checkpoint: str, directory: Path) -> Credentials:
    """
    Make the thing of a checkpoint's gateway and let its certificate act for it. The certificate is issued once and kept in `directory`.
    """
    thing = topics.thing(checkpoint)
    iot.create_thing(thingName=thing)
    credentials, arn = _ensure_certificate(iot, name=thing, directory=directory)
    iot.attach_policy(policyName=GATEWAYS, target=arn)
    iot.attach_thing_principal(thingName=thing, principal=arn)
    return credentials


def ensure_observer(iot: Any, *, directory: Path) -> Credentials:
    """
    Keep a certificate for those who only listen: tests, and the story's proof of what went by.
    """
    credentials, arn = _ensure_certificate(iot, name=policy.OBSERVER, directory=directory)
    iot.attach_policy(policyName=OBSERVERS, target=arn)
    return credentials


def _ensure_certificate(iot: Any, *, name: str, directory: Path) -> tuple[Credentials, str]:
    credentials = Credentials(cert=directory / f"{name}.pem", key=directory / f"{name}.key")
    known = credentials.cert.exists() and credentials.key.exists()
    return credentials, _register(iot, credentials) if known else _issue(iot, credentials)


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
