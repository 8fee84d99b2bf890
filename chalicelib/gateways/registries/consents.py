"""
The state service of access to personal data: has the person consented (§16)? Reached over the same relay as the registers.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.domain.consents import CONSENT, PENDING, REFUSED, WITHDRAWN
from chalicelib.domain.registers import CheckResult
from chalicelib.gateways.registries.register import Finding, Register, failed, passed


@dataclass(frozen=True, slots=True)
class ConsentQuestion:
    """
    The service asks the person once per `reference`, and tells what became of it; `text` is version and SHA-256 of what is consented to.
    """

    reference: str
    text: str
    iin: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentReply:
    """
    `given`, `refused`, `withdrawn`, or `pending` while the person has not answered.
    """

    status: str

    def finding(self) -> Finding:
        """
        Only a consent that is given passes; one awaited is as good as silence.
        """
        found = {"given": passed(), "refused": failed(REFUSED), "withdrawn": failed(WITHDRAWN)}
        found["pending"] = Finding(CheckResult.UNAVAILABLE, PENDING)
        if self.status not in found:
            raise ValueError(f"consent status {self.status}")
        return found[self.status]


REGISTERS: Final = (Register(CONSENT, "consents", ConsentQuestion, ConsentReply),)
