"""
Whom the story is about: a truck with its own plate and VIN, its owner and driver, and the form they fill in.
"""

import random
import secrets
from dataclasses import dataclass
from typing import Any, Final

LETTERS: Final = "ABCDEFHKMNPRSTUVXYZ"
VIN_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


@dataclass(frozen=True, slots=True)
class Truck:
    """
    One truck and the phone of its driver.
    """

    plate: str
    vin: str
    phone: str

    @classmethod
    def draw(cls, chance: random.Random | None = None) -> "Truck":
        """
        Draw a truck that nobody has seen: a plate of a legal person in Almaty, a VIN, a phone.
        """
        chance = chance or random.Random(secrets.randbits(64))
        plate = f"{chance.randrange(1, 1000):03d}{''.join(chance.choices(LETTERS, k=2))}{chance.randrange(1, 21):02d}"
        vin = "XTC" + "".join(chance.choices(VIN_LETTERS, k=14))
        return cls(plate, vin, f"+7701{chance.randrange(1_000_000, 10_000_000)}")

    def form(self, checkpoint: str) -> dict[str, Any]:
        """
        Fill in the application of §16.
        """
        document = {"type": "id_card", "country": "KZ", "number": "012345678", "expires_on": "2031-05-01"}
        return {
            "checkpoint": checkpoint,
            "class": "general",
            "vehicle": {"country": "KZ", "plate": self.plate, "vin": self.vin, "category": "tractor_unit", "body": "curtain"},
            "trailer": {"country": "KZ", "plate": f"{self.plate[1:3]}TRA02"},
            "owner": {"resident": True, "kind": "legal", "name": "ТОО «Жібек жолы транс»", "bin": "150140012343"},
            "drivers": [
                {
                    "resident": True,
                    "name": "Серік Асанов",
                    "iin": "850615300129",
                    "birth_date": "1985-06-15",
                    "phone": self.phone,
                    "document": document,
                }
            ],
            "authorized_drivers": 1,
            "cargo": {"kind": "general", "hs_codes": ["8418"], "exclusive": False},
            "consent": True,
        }
