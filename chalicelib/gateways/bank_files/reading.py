"""
From bytes to statements: which form it is, and what both forms share.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from chalicelib.domain.statements import BankStatement, InvalidStatementError, StatementFault, StatementFaultCode

LARGEST = Decimal(10) ** 13


def read_statements(content: bytes) -> Sequence[BankStatement]:
    """
    Read a file's statements. Raises `InvalidStatementError` with everything that is wrong with it.
    """
    from chalicelib.gateways.bank_files import camt053, client_bank  # noqa: PLC0415 - the parsers load where a file is read

    if client_bank.recognizes(content):
        return client_bank.read(content)
    if camt053.recognizes(content):
        return camt053.read(content)
    raise InvalidStatementError(StatementFault(StatementFaultCode.FORM))


def tiyn(text: str | None) -> int | None:
    """
    Read a sum in tenge (`90825.00`, `90 825,5`) as tiyn; none for what is no sum, or has parts of a tiyn.
    """
    spelled = re.sub(r"[\s\u00a0']", "", text or "").replace(",", ".")
    if re.fullmatch(r"-?[0-9]{1,13}(?:\.[0-9]{1,5})?", spelled, re.ASCII) is None:
        return None
    try:
        sum_ = Decimal(spelled) * 100
    except InvalidOperation:
        return None
    return int(sum_) if sum_ == int(sum_) and abs(sum_) < LARGEST else None


def iso_day(text: str | None) -> date | None:
    """
    Read a day, `2026-12-03`, with or without a time behind it.
    """
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def local_day(text: str | None) -> date | None:
    """
    Read a day as written here: `03.12.2026`.
    """
    found = re.fullmatch(r"\s*([0-9]{2})\.([0-9]{2})\.([0-9]{4})(?:\s.*)?", text or "", re.ASCII)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def one_line(text: str | None, *, most: int) -> str:
    """
    Write what somebody wrote as one line without control characters, cut to a length.
    """
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())[:most]
