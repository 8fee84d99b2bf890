"""
Orders by which a settled day's money is paid to the budget: who pays whom, by which codes, in which words (§24, D27).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.settlements import Settlement

BIN: Final = re.compile(r"\d{12}")
IIK: Final = re.compile(r"KZ\d{2}[0-9A-Z]{16}")
BIC: Final = re.compile(r"[A-Z]{4}KZ[A-Z0-9]{2}([A-Z0-9]{3})?")
KBE: Final = re.compile(r"\d{2}")
KNP: Final = re.compile(r"\d{3}")
BUDGET_CODE: Final = re.compile(r"\d{6}")
FIRST_WEIGHTS: Final = tuple(range(1, 12))
SECOND_WEIGHTS: Final = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
LANGUAGES: Final = ("kk", "ru")
MOST_NAME: Final = 140
MOST_PURPOSE: Final = 420
"""What a payment order's purpose may hold, and a name in ISO 20022."""


class InvalidRequisitesError(ValueError):
    """
    Bank details that cannot be right; the message names the field.
    """


@dataclass(frozen=True, slots=True)
class Party:
    """
    An organization and its account: titles in kk and ru, BIN of 12 digits, IIK (an IBAN of 20 characters), the bank's BIC, `kbe` the code of
    residence and sector (two digits). Never a natural person.
    """

    titles: Mapping[str, str]
    business_id: str
    iik: str
    bic: str
    kbe: str

    def __post_init__(self) -> None:
        faults = {
            "bin": BIN.fullmatch(self.business_id) is None or not _bin_checks(self.business_id),
            "iik": IIK.fullmatch(self.iik) is None or not _iban_checks(self.iik),
            "bic": BIC.fullmatch(self.bic) is None,
            "kbe": KBE.fullmatch(self.kbe) is None,
            "name": not all(0 < len(self.titles.get(language, "").strip()) <= MOST_NAME for language in LANGUAGES),
        }
        _refuse(faults)


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """
    The budget of a region: its party, the budget classification code (КБК, six digits), the payment's code (КНП, three), the purpose in kk and ru.

    `{day}` and `{amount}` in a purpose are the settled day and the sum in tenge.
    """

    party: Party
    budget_code: str
    knp: str
    purpose: Mapping[str, str]

    def __post_init__(self) -> None:
        faults = {
            "budget_code": BUDGET_CODE.fullmatch(self.budget_code) is None,
            "knp": KNP.fullmatch(self.knp) is None,
            "purpose": not all(0 < len(self.purpose.get(language, "").strip()) <= MOST_PURPOSE // 2 for language in LANGUAGES),
        }
        _refuse(faults)


@dataclass(frozen=True, slots=True)
class Requisites:
    """
    The registrar's account and each region's beneficiary, by region code. `sample`: they are made up, on one machine; nothing may be paid by them.
    """

    payer: Party
    regions: Mapping[str, Beneficiary]
    sample: bool = False


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """
    One payment to one region's budget: `amount` in tiyn, `number` unique for good, ordered for `execute_on`.
    """

    number: str
    day: date
    region: str
    amount: int
    payer: Party
    beneficiary: Beneficiary
    purpose: str
    execute_on: date
    sample: bool = False


class FileKind(StrEnum):
    """
    The files of a settlement: tables for people, orders for the bank, and the list of them all with their digests.
    """

    CSV = "csv"
    XLSX = "xlsx"
    PAIN001 = "pain001"
    CLIENT_BANK = "1c"
    MANIFEST = "manifest"


NAMES: Final[Mapping[FileKind, str]] = {
    FileKind.CSV: "settlement-{day}.csv",
    FileKind.XLSX: "settlement-{day}.xlsx",
    FileKind.PAIN001: "settlement-{day}.pain.001.xml",
    FileKind.CLIENT_BANK: "settlement-{day}.1c.txt",
    FileKind.MANIFEST: "settlement-{day}.manifest.json",
}


def file_name(day: date, kind: FileKind) -> str:
    """
    Name the file of a settled day.
    """
    return NAMES[kind].format(day=day)


@dataclass(frozen=True, slots=True)
class Export:
    """
    A settlement's export as it was first made: the bank details it went out with, and the SHA-256 of each file. Never changed.
    """

    day: date
    made_at: datetime
    requisites: Requisites
    sha256: Mapping[str, str]
    version: int = 1


@dataclass(frozen=True, slots=True)
class Download:
    """
    Who took which file of which settlement when; never changed. `id` sorts by time and is unique for good, `sha256` is what he got.
    """

    day: date
    id: str
    kind: FileKind
    account: str
    at: datetime
    sha256: str
    size: int


def regions_without(settlement: Settlement, requisites: Requisites | None) -> tuple[str, ...]:
    """
    Name the regions that are owed something and whose bank details are not known; all of them where none are set.
    """
    known = requisites.regions if requisites else {}
    return tuple(region for region in settlement.by_region() if region not in known)


def payment_orders(settlement: Settlement, requisites: Requisites) -> tuple[PaymentOrder, ...]:
    """
    Write one order a region that is owed something, in the order of region codes. A region without details raises `KeyError`.
    """
    return tuple(
        PaymentOrder(
            number=f"{settlement.day:%Y%m%d}-{region}",
            day=settlement.day,
            region=region,
            amount=amount,
            payer=requisites.payer,
            beneficiary=requisites.regions[region],
            purpose=_purpose(requisites.regions[region], settlement.day, amount),
            execute_on=settlement.remit_on,
            sample=requisites.sample,
        )
        for region, amount in settlement.by_region().items()
    )


def tenge(tiyn: int) -> str:
    """
    Write a sum of tiyn in tenge: `8650.00`.
    """
    whole, rest = divmod(abs(tiyn), 100)
    return f"{'-' if tiyn < 0 else ''}{whole}.{rest:02d}"


def _purpose(beneficiary: Beneficiary, day: date, amount: int) -> str:
    spoken = (beneficiary.purpose[language].strip() for language in LANGUAGES)
    text = " / ".join(each.replace("{day}", f"{day:%d.%m.%Y}").replace("{amount}", tenge(amount)) for each in spoken)
    return text[:MOST_PURPOSE]


def _refuse(faults: Mapping[str, bool]) -> None:
    wrong = next((name for name, found in faults.items() if found), None)
    if wrong is not None:
        raise InvalidRequisitesError(wrong)


def _iban_checks(iik: str) -> bool:
    # ISO 7064 MOD 97-10, as ISO 13616 says
    return int("".join(str(int(sign, 36)) for sign in iik[4:] + iik[:4])) % 97 == 1


def _bin_checks(bin_: str) -> bool:
    # the last digit checks the others; weighed anew where the first weights come to ten
    digits = [int(sign) for sign in bin_]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
        if rest < 10:  # noqa: PLR2004 - a digit
            return rest == digits[11]
    return False
