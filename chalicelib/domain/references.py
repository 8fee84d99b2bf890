"""
Creditor references (ISO 11649): `RF`, two check digits, twelve digits of ours. A slip of the pen is seen, another alphabet is understood.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

DIGITS: Final = 12
"""Digits of our own: none of a reference's characters but `RF` looks different in another alphabet."""
LENGTH: Final = 4 + DIGITS
LETTERS: Final = "271500"
"""`RF00` as ISO 7064 counts letters (A = 10 … Z = 35), behind the digits."""

PREFIX: Final = r"(?:[RРЯ]\W*[FФ]|P\W*F|К\W*А|K\W*A)"
"""`RF` as people write it: in Latin, in Cyrillic by sound (РФ) or by the look, and on a keyboard left in Russian (КА)."""
DIGIT_LOOK_ALIKES: Final = str.maketrans("OОQIІL|ЗB", "000111138")
WRITTEN: Final = re.compile(rf"(?:{PREFIX}\W*)?(?<![0-9])([0-9OОQIІL|ЗB](?:[\s./_·•–—-]*[0-9OОQIІL|ЗB]){{{DIGITS + 1}}})(?![0-9])")


def reference_of(number: int) -> str:
    """
    Spell the reference of a number below 10¹²: `RF47123456789012`.
    """
    body = f"{number:0{DIGITS}d}"
    if len(body) != DIGITS or number < 0:
        raise ValueError(f"{number} is no number of {DIGITS} digits")
    return f"RF{98 - int(body + LETTERS) % 97:02d}{body}"


def is_reference(text: str) -> bool:
    """
    Tell whether a text, written without spaces, is a reference with true check digits.
    """
    return re.fullmatch(rf"RF[0-9]{{{DIGITS + 2}}}", text, re.ASCII) is not None and reference_of(int(text[4:])) == text


def printed(reference: str) -> str:
    """
    Group a reference by four, as it is printed and read aloud: `RF47 1234 5678 9012`.
    """
    return " ".join(reference[start : start + 4] for start in range(0, LENGTH, 4))


def written_references(text: str) -> Sequence[str]:
    """
    Find the references in the purpose of a payment, each once, in whatever hand they are written; what fails its check digits is none.
    """
    spelled = unicodedata.normalize("NFKC", text).upper()
    found = (f"RF{_digits(written)}" for written in WRITTEN.findall(spelled))
    return list(dict.fromkeys(each for each in found if is_reference(each)))


def mistyped_reference(text: str) -> bool:
    """
    Tell whether a text has what was meant for a reference, with a slip in it.
    """
    spelled = unicodedata.normalize("NFKC", text).upper()
    meant = re.search(rf"{PREFIX}\W*[0-9](?:\W?[0-9]){{{DIGITS - 2},{DIGITS + 4}}}", spelled)
    return meant is not None and not written_references(text)


def _digits(written: str) -> str:
    return re.sub(r"[^0-9]", "", written.translate(DIGIT_LOOK_ALIKES))
