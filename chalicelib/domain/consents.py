"""
Consent to the processing of personal data (§16): a resident's through the state service, anybody else's by agreement; one a person and account.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from chalicelib.domain.registers import Answer, CheckResult

CONSENT: Final = "consent"
"""What stands for a source where a consent is shown as a check."""
REFUSED: Final = "CONSENT_REFUSED"
WITHDRAWN: Final = "CONSENT_WITHDRAWN"
PENDING: Final = "CONSENT_PENDING"


class Via(StrEnum):
    """
    Who vouches for it: the state service of access to personal data, or the agreement signed here.
    """

    STATE_SERVICE = "state_service"
    AGREEMENT = "agreement"


class ConsentStatus(StrEnum):
    """
    Asked for, given, refused, taken back.
    """

    PENDING = "pending"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STANDING: Final = frozenset({ConsentStatus.PENDING, ConsentStatus.GIVEN})
"""What may still become, or is, a consent."""


@dataclass(frozen=True, slots=True)
class Text:
    """
    What is consented to: the agreement's version and the fingerprint of its text.
    """

    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Consent:
    """
    One person's consent to one account's processing. Who it is lies in the personal data store under `person`; `subject` is the role asked in.

    `round` counts how often it was asked for anew: the state service knows each by `reference`.
    """

    account: str
    id: str
    person: str
    subject: str
    via: Via
    status: ConsentStatus
    text: Text
    asked_at: datetime
    answered_at: datetime | None = None
    round: int = 1
    tries: int = 0
    version: int = 1

    @property
    def reference(self) -> str:
        """
        Name this asking at the state service.
        """
        return f"{self.id}-{self.round}"

    def answered(self, status: ConsentStatus, at: datetime) -> "Consent":
        """
        Note what became of it; the same again changes nothing.
        """
        return self if status is self.status else replace(self, status=status, answered_at=at, version=self.version + 1)

    def polled(self) -> "Consent":
        """
        Note that it was asked about in vain.
        """
        return replace(self, tries=self.tries + 1, version=self.version + 1)


def who(fields: Mapping[str, Any]) -> str:
    """
    Spell what tells a person from others, to be hashed with a key: IIN, BIN, else document, else phone and name.
    """
    number = fields.get("iin") or fields.get("bin")
    document = fields.get("document")
    if number:
        return f"number {number}"
    if isinstance(document, Mapping):
        return f"document {document.get('country')} {document.get('number')}"
    return f"person {fields.get('phone')} {fields.get('name')}"


def asked_for(known: Consent | None, *, wanted: Consent) -> Consent:
    """
    Ask for a consent: what was given to the same text stands, what is pending stays so; refused, taken back or to another text it is asked anew.

    By agreement asking is giving: `wanted` says so.
    """
    if known is None:
        return wanted
    if known.via is wanted.via and known.text == wanted.text and known.status in STANDING:
        return known
    return replace(wanted, round=known.round + 1, version=known.version + 1)


def status_after(answer: Answer) -> ConsentStatus:
    """
    Read what the state service's answer makes of a consent.
    """
    if answer.result is CheckResult.PASSED:
        return ConsentStatus.GIVEN
    if answer.result is CheckResult.FAILED:
        return ConsentStatus.WITHDRAWN if answer.message == WITHDRAWN else ConsentStatus.REFUSED
    return ConsentStatus.PENDING


def known_answer(consent: Consent, subject: str) -> Answer | None:
    """
    Answer from what is known here: an agreement, a refusal and a withdrawal need no asking; none: the state service must be asked.
    """
    if consent.status is ConsentStatus.GIVEN and consent.via is Via.AGREEMENT:
        return Answer(CONSENT, subject, CheckResult.PASSED)
    if consent.status in STANDING:
        return None
    return Answer(CONSENT, subject, CheckResult.FAILED, message=WITHDRAWN if consent.status is ConsentStatus.WITHDRAWN else REFUSED)
