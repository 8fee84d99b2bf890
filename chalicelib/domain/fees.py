"""
What a place costs (§25, D27): fees in multiples of the monthly calculation index, by class and pool, and the guarantee deposit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass


@dataclass(frozen=True, slots=True)
class Tariff:
    """
    Fees in force on a day, in tiyn; `mci` is the index in tiyn, `multiples` are the same fees in MCI.
    """

    since: date
    mci: int
    multiples: Mapping[PlaceClass, int]
    secondary_multiple: int
    deposit_multiple: int
    source: str
    assumed: bool = False

    @property
    def deposit(self) -> int:
        """
        Give the guarantee deposit.
        """
        return self.mci * self.deposit_multiple

    def fee(self, class_: PlaceClass, pool: Pool) -> int:
        """
        Give a place's fee; class and secondary fees never add, the higher is due (D5).
        """
        multiple = self.multiples[class_]
        return self.mci * (max(multiple, self.secondary_multiple) if pool is Pool.SECONDARY else multiple)
