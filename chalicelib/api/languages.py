"""
Which of the service's languages a caller reads (RFC 9110 §12.5.4).
"""

from enum import StrEnum
from typing import Final


class Language(StrEnum):
    """
    The languages of every text that the service gives.
    """

    KK = "kk"
    RU = "ru"
    EN = "en"


DEFAULT: Final = Language.RU
HEADER_LIMIT: Final = 200
"""Characters of the header that are looked at: no honest one is longer."""


def preferred(header: str | None) -> Language:
    """
    Choose by `Accept-Language`: highest weight first, then the order written; Russian when nothing fits.
    """
    best, weight = DEFAULT, 0.0
    for item in (header or "")[:HEADER_LIMIT].split(","):
        name, _, parameters = item.strip().partition(";")
        language = _known(name)
        if language is not None and _weight(parameters) > weight:
            best, weight = language, _weight(parameters)
    return best


def _known(name: str) -> Language | None:
    primary = name.strip().lower().partition("-")[0]
    if primary == "*":
        return DEFAULT
    return next((language for language in Language if language.value == primary), None)


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
