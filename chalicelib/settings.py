"""
Everything a deployment decides, as one typed value read from the environment at first use, never at import.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from chalicelib.domain.invoices import Payee
from chalicelib.domain.payees import PAYEE_WORDS, payee_faults


class InvalidSettingsError(ValueError):
    """
    A setting is missing or not what it should be.
    """


@dataclass(frozen=True, slots=True)
class Settings:
    """
    Names and addresses; secrets are only pointed at (`secrets`: a file on one machine, a Secrets Manager id in the cloud).

    `pages_url`: where people open the pages, the shorter the better, for it stands in text messages; none said: where tokens come from.
    `payee`: whose account transfers go to (§23); without it nobody is asked to pay by transfer.
    `payments_key`: what the provider knows payers' browsers by; without it the page for them cannot take a card.
    `payment_methods`: `automatic`, those that the account at the provider allows, or `card` alone.
    Absent endpoints mean AWS. `clock_file` and `limits_file` exist on one machine only. `relay_*` are PEM files of mutual TLS.
    """

    region: str
    table_prefix: str
    secrets: str
    issuer: str
    audience: str
    photos_bucket: str
    relay_url: str
    relay_directory: Path | None
    sms_url: str
    push_url: str
    messenger_url: str
    pages_url: str
    first_day: date
    dynamodb_endpoint: str | None = None
    aws_endpoint: str | None = None
    payments_url: str | None = None
    payment_methods: str = "automatic"
    payments_key: str | None = None
    clock_file: Path | None = None
    limits_file: Path | None = None
    assumptions: Path | None = None
    payee: Payee | None = None

    @property
    def payments_script(self) -> str:
        """
        Say where a payer's browser loads the provider's own web element from.
        """
        return f"{(self.payments_url or 'https://js.stripe.com').rstrip('/')}/v3/"

    @property
    def local(self) -> bool:
        """
        Tell whether the engines stand on this machine.
        """
        return self.dynamodb_endpoint is not None


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """
    Read `QUEUE_…` variables; a missing one raises `InvalidSettingsError` naming it.
    """
    return Settings(
        region=environment.get("AWS_REGION") or _required(environment, "REGION"),
        table_prefix=_required(environment, "TABLE_PREFIX"),
        secrets=_required(environment, "SECRETS"),
        issuer=_required(environment, "ISSUER"),
        audience=_required(environment, "AUDIENCE"),
        photos_bucket=_required(environment, "PHOTOS_BUCKET"),
        relay_url=_required(environment, "RELAY_URL"),
        relay_directory=_path(environment, "RELAY_DIRECTORY"),
        sms_url=_required(environment, "SMS_URL"),
        push_url=_required(environment, "PUSH_URL"),
        messenger_url=environment.get("QUEUE_MESSENGER_URL") or _required(environment, "SMS_URL"),
        pages_url=environment.get("QUEUE_PAGES_URL") or _required(environment, "ISSUER"),
        first_day=_day(environment, "FIRST_DAY"),
        dynamodb_endpoint=environment.get("QUEUE_DYNAMODB_ENDPOINT"),
        aws_endpoint=environment.get("QUEUE_AWS_ENDPOINT"),
        payments_url=environment.get("QUEUE_PAYMENTS_URL"),
        payment_methods=environment.get("QUEUE_PAYMENT_METHODS", "automatic"),
        payments_key=environment.get("QUEUE_PAYMENTS_KEY"),
        clock_file=_path(environment, "CLOCK_FILE"),
        limits_file=_path(environment, "LIMITS_FILE"),
        assumptions=_path(environment, "ASSUMPTIONS"),
        payee=_payee(environment),
    )


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(f"QUEUE_{name}")
    if not value:
        raise InvalidSettingsError(f"QUEUE_{name} is not set")
    return value


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(f"QUEUE_{name}")
    return Path(value) if value else None


def _day(environment: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(_required(environment, name))
    except ValueError as error:
        raise InvalidSettingsError(f"QUEUE_{name} is not a date") from error


def _payee(environment: Mapping[str, str]) -> Payee | None:
    """
    Read whom transfers go to: JSON `{name, bin, iik, bank, bic, kbe, knp}`; nothing, or an empty object, says that nobody knows yet.
    """
    try:
        document: Any = json.loads(environment.get("QUEUE_PAYEE") or "{}")
    except ValueError as error:
        raise InvalidSettingsError("QUEUE_PAYEE is not JSON") from error
    if document == {}:
        return None
    faults = payee_faults(document)
    if faults:
        raise InvalidSettingsError(f"QUEUE_PAYEE: {'; '.join(faults)}")
    return Payee(**{field: document[word] for word, field in PAYEE_WORDS.items()}, sample=document.get("sample", False))
