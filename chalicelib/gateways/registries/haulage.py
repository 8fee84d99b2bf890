"""
Registers of what is carried and by what right: 7 haulage permits, 15 certificates, 16 customs declarations.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.gateways.registries.register import Finding, Register, weigh


@dataclass(frozen=True, slots=True)
class PermitQuestion:
    """
    Source 7: may this carrier's vehicle haul abroad?
    """

    plate: str
    country: str
    neighbor_country: str
    iin: str | None = None
    bin: str | None = None


@dataclass(frozen=True, slots=True)
class PermitReply:
    """
    Source 7: a permit in force, and its last day (ISO date).
    """

    permitted: bool
    valid_until: str | None = None

    def finding(self) -> Finding:
        """
        Where one is needed (D12), it must be there.
        """
        return weigh(holds=self.permitted, otherwise="PERMIT_MISSING", valid_until=self.valid_until)


@dataclass(frozen=True, slots=True)
class CertificateQuestion:
    """
    Source 15: what a vehicle carries, by declaration where the application names one.
    """

    plate: str
    country: str
    declaration: str | None = None


@dataclass(frozen=True, slots=True)
class DeclarationQuestion:
    """
    Source 16: what is declared for a vehicle, by the declaration's number where the application names one.
    """

    plate: str
    country: str
    declaration: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateReply:
    """
    Source 15: veterinary or phytosanitary certificate, and its last day (ISO date).
    """

    certified: bool
    valid_until: str | None = None

    def finding(self) -> Finding:
        """
        Regulated goods need it.
        """
        return weigh(holds=self.certified, otherwise="CERTIFICATE_MISSING", valid_until=self.valid_until)


@dataclass(frozen=True, slots=True)
class DeclarationReply:
    """
    Source 16: a declaration for these goods, and the last day of carriage (ISO date).
    """

    declared: bool
    valid_until: str | None = None

    def finding(self) -> Finding:
        """
        Goods under a customs procedure need it.
        """
        return weigh(holds=self.declared, otherwise="DECLARATION_MISSING", valid_until=self.valid_until)


REGISTERS: Final = (
    Register("7", "haulage/permits", PermitQuestion, PermitReply),
    Register("15", "haulage/certificates", CertificateQuestion, CertificateReply),
    Register("16", "haulage/declarations", DeclarationQuestion, DeclarationReply, timeout_seconds=2.5),
)
