"""
One spelling of a plate for all who compare plates: the cloud, the gateway and the reader (D9).
"""

import unicodedata
from typing import Final

SEPARATORS: Final = " -.·•"
"""What is printed between the parts of a plate."""
LEAST: Final = 3
MOST: Final = 12

CYRILLIC_LOOK_ALIKES: Final = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")

LOOK_ALIKES: Final = (frozenset("0OD"), frozenset("1I"), frozenset("8B"), frozenset("5S"), frozenset("2Z"))
"""Characters a camera mistakes for one another (D23)."""


def normalize(printed: str) -> str:
    """
    Spell a plate for comparison: NFKC, upper case, no separators, Cyrillic look-alikes as Latin. Chinese characters stay.
    """
    upper = unicodedata.normalize("NFKC", printed).upper().translate(CYRILLIC_LOOK_ALIKES)
    return "".join(character for character in upper if character.isalnum())


def plausible(printed: str) -> bool:
    """
    Tell whether something can be a plate: letters, digits and separators, 3-12 of the former, one digit at least (D9: a grammar warns only).
    """
    spelled = normalize(printed)
    written = all(character.isalnum() or character in SEPARATORS for character in printed)
    return written and LEAST <= len(spelled) <= MOST and any(character.isdigit() for character in spelled)


def look_alike(one: str, other: str) -> bool:
    """
    Tell whether two different characters belong to one look-alike group.
    """
    return any(one in group and other in group for group in LOOK_ALIKES)
