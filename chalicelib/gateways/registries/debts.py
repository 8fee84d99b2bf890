"""
Registers of debts: 9 taxes, 10 road-safety fines not paid in time, 17 toll roads.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.gateways.registries.register import Finding, Register, weigh


@dataclass(frozen=True, slots=True)
class TaxQuestion:
    """
    Source 9: a resident taxpayer.
    """

    iin: str | None = None
    bin: str | None = None


@dataclass(frozen=True, slots=True)
class TaxReply:
    """
    Source 9: whether obligatory payments are owed.
    """

    debt: bool

    def finding(self) -> Finding:
        """
        A debt is refused.
        """
        return weigh(holds=not self.debt, otherwise="TAX_DEBT")


@dataclass(frozen=True, slots=True)
class FinesQuestion:
    """
    Source 10: owner or user by IIN, BIN or document, else by plate.
    """

    plate: str
    country: str
    iin: str | None = None
    bin: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class FinesReply:
    """
    Source 10: how many decisions were not carried out in time (§18.10); a resident is merely told (§19).
    """

    overdue: int

    def finding(self) -> Finding:
        """
        Only what is overdue counts.
        """
        return weigh(holds=self.overdue == 0, otherwise="FINES_UNPAID")


@dataclass(frozen=True, slots=True)
class TollQuestion:
    """
    Source 17: a vehicle on toll roads.
    """

    plate: str
    country: str


@dataclass(frozen=True, slots=True)
class TollReply:
    """
    Source 17: whether tolls are owed; a resident is merely told (§19).
    """

    debt: bool

    def finding(self) -> Finding:
        """
        A debt is refused or told.
        """
        return weigh(holds=not self.debt, otherwise="TOLL_DEBT")


REGISTERS: Final = (
    Register("9", "debts/taxes", TaxQuestion, TaxReply),
    Register("10", "debts/fines", FinesQuestion, FinesReply),
    Register("17", "debts/tolls", TollQuestion, TollReply),
)
