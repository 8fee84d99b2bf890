"""
What a payment order in Kazakhstan needs to know of who is paid: the forms of its numbers and codes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

PAYEE_WORDS: Final[Mapping[str, str]] = {
    "name": "title",
    "bin": "number",
    "iik": "iik",
    "bank": "bank",
    "bic": "bic",
    "kbe": "kbe",
    "knp": "knp",
}
"""Words of the setting → fields of `Payee`."""

FORMS: Final = {
    "name": r".{3,200}",
    "bin": r"[0-9]{12}",
    "iik": r"KZ[0-9]{5}[0-9A-Z]{13}",
    "bank": r".{3,200}",
    "bic": r"[A-Z]{4}KZ[0-9A-Z]{2}(?:[0-9A-Z]{3})?",
    "kbe": r"[0-9]{2}",
    "knp": r"[0-9]{3}",
}


def payee_faults(document: Any) -> Sequence[str]:
    """
    Say what is wrong with a payee as written: words that are missing or unknown, numbers that cannot be.
    """
    if not isinstance(document, dict):
        return ("not an object",)
    known = {*FORMS, "sample"}
    unknown = [f"{word} is unknown" for word in document if word not in known]
    wrong = [f"{word} is missing or cannot be" for word, form in FORMS.items() if not _fits(document.get(word), form)]
    if not wrong and not is_iban(document["iik"]):
        wrong = ["iik has other check digits"]
    if not isinstance(document.get("sample", False), bool):
        wrong.append("sample is neither true nor false")
    return (*unknown, *wrong)


def is_iban(account: str) -> bool:
    """
    Tell whether an account number has the form and the check digits of an IBAN (ISO 13616): `KZ…`, 20 characters in Kazakhstan.
    """
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}", account, re.ASCII) is None:
        return False
    return int("".join(str(int(character, 36)) for character in account[4:] + account[:4])) % 97 == 1


def _fits(value: object, form: str) -> bool:
    return isinstance(value, str) and re.fullmatch(form, value) is not None
