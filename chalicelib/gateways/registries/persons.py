"""
Registers of persons: 1 account holders, 11 digital documents, 12 biometric identity, 13 mobile citizens.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.gateways.registries.register import Finding, Register, weigh


@dataclass(frozen=True, slots=True)
class AccountQuestion:
    """
    Source 1: is there such a natural or legal person? A non-resident without IIN is asked by document or name (D10).
    """

    iin: str | None = None
    bin: str | None = None
    document: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class AccountReply:
    """
    Source 1: found, and not struck off.
    """

    found: bool
    active: bool = True

    def finding(self) -> Finding:
        """
        A person who is not there, or no longer, is not confirmed.
        """
        return weigh(holds=self.found and self.active, otherwise="ACCOUNT_NOT_FOUND")


@dataclass(frozen=True, slots=True)
class DocumentsQuestion:
    """
    Source 11: which digital documents does a resident driver hold?
    """

    iin: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentsReply:
    """
    Source 11: identity and driving licence are there; `valid_until` (ISO date) is the earlier end.
    """

    identity: bool
    driving_licence: bool
    valid_until: str | None = None

    def finding(self) -> Finding:
        """
        Both documents are needed.
        """
        return weigh(holds=self.identity and self.driving_licence, otherwise="DOCUMENTS_MISSING", valid_until=self.valid_until)


@dataclass(frozen=True, slots=True)
class IdentityQuestion:
    """
    Source 12: has the person, or who may act for the legal person, been identified by biometrics?
    """

    iin: str | None = None
    bin: str | None = None


@dataclass(frozen=True, slots=True)
class IdentityReply:
    """
    Source 12: the session's outcome.
    """

    matched: bool

    def finding(self) -> Finding:
        """
        Only a match confirms.
        """
        return weigh(holds=self.matched, otherwise="IDENTITY_NOT_CONFIRMED")


@dataclass(frozen=True, slots=True)
class PhoneQuestion:
    """
    Source 13: is the phone number the person's own?
    """

    phone: str
    iin: str


@dataclass(frozen=True, slots=True)
class PhoneReply:
    """
    Source 13: what the database of mobile citizens says.
    """

    belongs: bool

    def finding(self) -> Finding:
        """
        Somebody else's number is refused.
        """
        return weigh(holds=self.belongs, otherwise="PHONE_NOT_THEIRS")


REGISTERS: Final = (
    Register("1", "persons/accounts", AccountQuestion, AccountReply),
    Register("11", "persons/digital-documents", DocumentsQuestion, DocumentsReply),
    Register("12", "persons/identity", IdentityQuestion, IdentityReply, timeout_seconds=2.5),
    Register("13", "persons/phones", PhoneQuestion, PhoneReply),
)
