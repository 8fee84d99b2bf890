"""
Registers of drivers: 3 driving licences, 5 wanted persons.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.gateways.registries.register import Finding, Register, weigh


@dataclass(frozen=True, slots=True)
class LicenceQuestion:
    """
    Source 3: may this driver drive such a vehicle? `category` is `C`, or `CE` with a trailer.
    """

    iin: str
    category: str


@dataclass(frozen=True, slots=True)
class LicenceReply:
    """
    Source 3: the licence exists, is not withdrawn, and its category fits.
    """

    found: bool
    category_fits: bool
    withdrawn: bool = False
    valid_until: str | None = None

    def finding(self) -> Finding:
        """
        All three must hold.
        """
        holds = self.found and self.category_fits and not self.withdrawn
        return weigh(holds=holds, otherwise="LICENCE_NOT_VALID", valid_until=self.valid_until)


@dataclass(frozen=True, slots=True)
class WantedDriverQuestion:
    """
    Source 5: is the person wanted? Asked by IIN, or by document for a non-resident (§19).
    """

    iin: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class WantedDriverReply:
    """
    Source 5: yes or no; no details leave the register.
    """

    wanted: bool

    def finding(self) -> Finding:
        """
        A wanted driver is refused.
        """
        return weigh(holds=not self.wanted, otherwise="DRIVER_WANTED")


REGISTERS: Final = (
    Register("3", "drivers/licences", LicenceQuestion, LicenceReply),
    Register("5", "drivers/wanted", WantedDriverQuestion, WantedDriverReply),
)
