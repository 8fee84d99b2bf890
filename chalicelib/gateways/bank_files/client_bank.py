"""
Statements in 1C's exchange with banks (`1CClientBankExchange`): lines `name=value` in sections, Windows-1251, DOS or UTF-8, as banks of
Kazakhstan write them (`НомерДокумента`, `СуммаПриход`, `…ИИК`) and as the common form does (`Номер`, `ДатаПоступило`, `…РасчСчет`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.statements import (
    MOST_PURPOSE,
    BankStatement,
    Direction,
    FileForm,
    InvalidStatementError,
    StatementFault,
    StatementFaultCode,
    StatementLine,
    mark,
)
from chalicelib.gateways.bank_files.reading import local_day, one_line, tiyn

HEAD: Final = b"1CClientBankExchange"
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("номердокумента", "номер"),
    "day": ("датаоперации",),
    "day_in": ("датапоступило", "датаоперации"),
    "day_out": ("датасписано", "датаоперации"),
    "sum": ("сумма",),
    "sum_in": ("суммаприход", "сумма"),
    "sum_out": ("суммарасход", "сумма"),
    "payer_iik": ("плательщикиик", "плательщикрасчсчет", "плательщиксчет"),
    "payee_iik": ("получательиик", "получательрасчсчет", "получательсчет"),
    "payer": ("плательщикнаименование", "плательщик1", "плательщик"),
    "payee": ("получательнаименование", "получатель1", "получатель"),
    "payer_number": ("плательщикбин_иин", "плательщикиин_бин", "плательщикбин", "плательщикиин", "плательщикинн"),
    "payee_number": ("получательбин_иин", "получательиин_бин", "получательбин", "получательиин", "получательинн"),
    "purpose": ("назначениеплатежа", "назначениеплатежа1"),
    "currency": ("валюта", "валютадокумента"),
}
"""What is looked for → the names under which it may stand, the likeliest first."""
KZT: Final = frozenset({"", "KZT", "398", "ТЕНГЕ"})
Fields = Mapping[str, str]


@dataclass(slots=True)
class Sections:
    """
    A file taken apart: the sections of accounts and those of documents, each as its fields.
    """

    accounts: list[Fields] = field(default_factory=list)
    documents: list[Fields] = field(default_factory=list)


def recognizes(content: bytes) -> bool:
    """
    Tell whether a file says of itself that it is of this form.
    """
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[: len(HEAD)] == HEAD


def read(content: bytes) -> Sequence[BankStatement]:
    """
    Read the statements of a file, one an account's section. Raises `InvalidStatementError`.
    """
    sections = _sections(_decoded(content))
    faults: list[StatementFault] = []
    if not sections.accounts:
        raise InvalidStatementError(StatementFault(StatementFaultCode.BALANCE_MISSING))
    own = {_iik(account.get("расчсчет")) for account in sections.accounts}
    lines = [(iik, line) for row, document in enumerate(sections.documents, 1) for iik, line in _line(document, row, own, faults)]
    statements = [statement for account in sections.accounts for statement in _statement(account, lines, faults)]
    if not faults and sum(len(statement.lines) for statement in statements) < len(lines):
        taken = {line.row for statement in statements for line in statement.lines}
        faults += [
            StatementFault(StatementFaultCode.OUTSIDE, line.row, {"day": str(line.day)}) for _, line in lines if line.row not in taken
        ]
    if faults:
        raise InvalidStatementError(*faults)
    return statements


def _decoded(content: bytes) -> str:
    raw = content.removeprefix(b"\xef\xbb\xbf")
    said = re.search(
        rb"^\s*\xca\xee\xe4\xe8\xf0\xee\xe2\xea\xe0\s*=|^\s*\x8a\xae\xa4\xa8\xe0\xae\xa2\xaa\xa0\s*=", raw[:2000], re.MULTILINE
    )
    codec = "utf-8" if said is None else ("cp1251" if b"\xca\xee\xe4" in said.group() else "cp866")
    for each in (codec, "cp1251") if codec == "utf-8" else (codec,):
        try:
            return raw.decode(each)
        except UnicodeDecodeError:
            continue
    raise InvalidStatementError(StatementFault(StatementFaultCode.ENCODING))


def _sections(text: str) -> Sections:
    found = Sections()
    current: dict[str, str] | None = None
    for written in text.splitlines():
        name, _, value = written.partition("=")
        key = name.strip().casefold()
        if key in {"секциярасчсчет", "секциядокумент"}:
            current = {}
            (found.accounts if key == "секциярасчсчет" else found.documents).append(current)
        elif key in {"конецрасчсчет", "конецдокумента", "конецфайла"}:
            current = None
        elif current is not None and key:
            current.setdefault(key, value.strip())
    return found


def _line(document: Fields, row: int, own: set[str], faults: list[StatementFault]) -> Iterator[tuple[str, StatementLine]]:
    payer, payee = _iik(_get(document, "payer_iik")), _iik(_get(document, "payee_iik"))
    if (payer in own) == (payee in own):
        faults.append(StatementFault(StatementFaultCode.DIRECTION, row))
        return
    direction = Direction.IN if payee in own else Direction.OUT
    ours, other, who = (payee, payer, "payer") if direction is Direction.IN else (payer, payee, "payee")
    amount, day = tiyn(_get(document, f"sum_{direction.value}")), local_day(_get(document, f"day_{direction.value}"))
    if amount is None or amount <= 0:
        faults.append(StatementFault(StatementFaultCode.AMOUNT, row))
    if day is None:
        faults.append(StatementFault(StatementFaultCode.DAY, row))
    if _get(document, "currency").upper() not in KZT:
        faults.append(StatementFault(StatementFaultCode.CURRENCY, row, {"currency": _get(document, "currency")[:10]}))
    if amount is None or amount <= 0 or day is None:
        return
    yield (
        ours,
        StatementLine(
            row=row,
            direction=direction,
            amount=amount,
            day=day,
            marks=mark(_get(document, "number")),
            other_iik=other or None,
            payer=one_line(_get(document, who), most=200) or None,
            payer_number=one_line(_get(document, f"{who}_number"), most=12) or None,
            purpose=one_line(_get(document, "purpose"), most=MOST_PURPOSE),
        ),
    )


def _statement(account: Fields, lines: Sequence[tuple[str, StatementLine]], faults: list[StatementFault]) -> Iterator[BankStatement]:
    iik = _iik(account.get("расчсчет"))
    opening, closing = tiyn(account.get("начальныйостаток")), tiyn(account.get("конечныйостаток"))
    first = local_day(account.get("датаначала"))
    last = local_day(account.get("датаконца")) or first
    if opening is None or closing is None or first is None or last is None:
        faults.append(StatementFault(StatementFaultCode.BALANCE_MISSING))
        return
    own = tuple(line for ours, line in lines if ours == iik and first <= line.day <= last)
    yield BankStatement(FileForm.CLIENT_BANK, iik, first, last, opening, closing, own)


def _get(document: Fields, what: str) -> str:
    return next((document[name] for name in NAMES[what] if document.get(name)), "")


def _iik(text: str | None) -> str:
    return "".join((text or "").split()).upper()
