"""
Bank details of nobody, so that settlements can be exported on one machine. Every name says that it is a sample, and every file is marked.
"""

from collections.abc import Iterable
from typing import Any, Final

from chalicelib.domain.remittance import FIRST_WEIGHTS, SECOND_WEIGHTS

BANK: Final = "000"
"""No bank has this code."""
BIC: Final = "SMPLKZK0"
BUDGET_CODE: Final = "000000"
KNP: Final = "911"
PURPOSE: Final = {
    "kk": "ҮЛГІ. Кезек төлемдері {day} үшін, {amount} теңге",
    "ru": "ОБРАЗЕЦ. Плата за очередь за {day}, {amount} тенге",
}


def sample_requisites(regions: Iterable[str]) -> dict[str, Any]:
    """
    Make up a payer and a beneficiary for each region code.
    """
    payer = {**_account(1, "16"), "name": _named("тіркеуші", "регистратор")}
    return {"sample": True, "payer": payer, "regions": {code: _region(number, code) for number, code in enumerate(sorted(regions), 2)}}


def _region(number: int, code: str) -> dict[str, Any]:
    name = _named(f"{code} өңірінің бюджеті", f"бюджет региона {code}")
    return {**_account(number, "11"), "name": name, "budget_code": BUDGET_CODE, "knp": KNP, "purpose": PURPOSE}


def _named(kk: str, ru: str) -> dict[str, str]:
    return {"kk": f"ҮЛГІ, төлеуге болмайды: {kk}", "ru": f"ОБРАЗЕЦ, не перечислять: {ru}"}


def _account(number: int, kbe: str) -> dict[str, str]:
    return {"bin": _bin(number), "iik": _iik(f"{BANK}{number:013d}"), "bic": BIC, "kbe": kbe}


def _iik(account: str) -> str:
    rest = int("".join(str(int(sign, 36)) for sign in f"{account}KZ00")) % 97
    return f"KZ{98 - rest:02d}{account}"


def _bin(number: int) -> str:
    digits = f"0001400{number:04d}"
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        rest = sum(int(sign) * weight for sign, weight in zip(digits, weights, strict=True)) % 11
        if rest < 10:  # noqa: PLR2004 - a digit
            return f"{digits}{rest}"
    return _bin(number + 100)
