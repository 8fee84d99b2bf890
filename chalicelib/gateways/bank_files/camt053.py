"""
Statements in ISO 20022 `camt.053`, every version: entries that are booked, those of a batch one by one. No entity and no DTD is ever read.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

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
from chalicelib.gateways.bank_files.reading import iso_day, one_line, tiyn

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MARK: Final = re.compile(rb"<(?:\w+:)?Document\b|camt\.053")
NAMESPACE: Final = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.[0-9]{2}\}")
BOOKED: Final = "BOOK"
OPENING: Final = ("OPBD", "PRCD")
CLOSING: Final = ("CLBD",)
SIDES: Final = {Direction.IN: "Dbtr", Direction.OUT: "Cdtr"}
"""Who is on the other side."""
NUMBERS: Final = ("AcctSvcrRef", "InstrId", "EndToEndId", "TxId", "ChqNb", "Prtry/Ref")
"""Where a transaction's numbers stand. `NtryRef` is not among them: banks count entries with it."""


def recognizes(content: bytes) -> bool:
    """
    Tell whether a file looks like XML of this message.
    """
    return content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") and MARK.search(content[:4000]) is not None


def read(content: bytes) -> Sequence[BankStatement]:
    """
    Read the statements of a message. Raises `InvalidStatementError`.
    """
    root = _parsed(content)
    faults: list[StatementFault] = []
    rows = iter(range(1, 10**9))
    statements = [statement for element in _all(root, "BkToCstmrStmt/Stmt") for statement in _statement(element, rows, faults)]
    if not statements and not faults:
        faults.append(StatementFault(StatementFaultCode.FORM))
    if faults:
        raise InvalidStatementError(*faults)
    return statements


def _parsed(content: bytes) -> "Element":
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 - the error's name only

    from defusedxml import DefusedXmlException  # noqa: PLC0415 - loads where a file is read
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415

    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise InvalidStatementError(StatementFault(StatementFaultCode.XML)) from error
    if NAMESPACE.match(root.tag) is None:
        raise InvalidStatementError(StatementFault(StatementFaultCode.FORM))
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
    return root


def _statement(element: "Element", rows: Iterator[int], faults: list[StatementFault]) -> Iterator[BankStatement]:
    iik = (_text(element, "Acct/Id/IBAN") or _text(element, "Acct/Id/Othr/Id") or "").replace(" ", "").upper()
    if _text(element, "Acct/Ccy") not in {None, "KZT"}:
        faults.append(StatementFault(StatementFaultCode.CURRENCY, parameters={"currency": (_text(element, "Acct/Ccy") or "")[:10]}))
        return
    lines = tuple(line for entry in _all(element, "Ntry") if _booked(entry) for line in _entry(entry, rows, faults))
    before, after = _balance(element, OPENING), _balance(element, CLOSING)
    opening, closing = _sum(before), _sum(after)
    ended = iso_day(_text(after, "Dt/Dt") or _text(after, "Dt/DtTm")) if after is not None else None
    # a period may be said to end at the next midnight; the closing balance names its day
    last = ended or iso_day(_text(element, "FrToDt/ToDtTm"))
    first = iso_day(_text(element, "FrToDt/FrDtTm")) or min([line.day for line in lines], default=last)
    if opening is None or closing is None or first is None or last is None:
        faults.append(StatementFault(StatementFaultCode.BALANCE_MISSING))
        return
    yield BankStatement(FileForm.CAMT053, iik, first, last, opening, closing, lines)


def _booked(entry: "Element") -> bool:
    # `Sts` holds the code itself in older versions and `Cd` in later ones; a pending entry is not money yet
    return (_text(entry, "Sts/Cd") or _text(entry, "Sts") or BOOKED) == BOOKED


def _entry(entry: "Element", rows: Iterator[int], faults: list[StatementFault]) -> Iterator[StatementLine]:
    row = next(rows)
    direction = {"CRDT": Direction.IN, "DBIT": Direction.OUT}.get(_text(entry, "CdtDbtInd") or "")
    amount, day = _amount(entry, row, faults), iso_day(_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm"))
    if direction is None:
        faults.append(StatementFault(StatementFaultCode.DIRECTION, row))
    if day is None:
        faults.append(StatementFault(StatementFaultCode.DAY, row))
    if direction is None or day is None or amount is None:
        return
    details = _all(entry, "NtryDtls/TxDtls")
    single = len(details) <= 1
    sums = [amount] if single else [_amount(detail, row, faults) for detail in details]
    if sum(each or 0 for each in sums) != amount:
        faults.append(StatementFault(StatementFaultCode.BATCH, row))
        return
    for order, (detail, part) in enumerate(zip(details or [entry], sums, strict=True)):
        shared = mark(_text(entry, "AcctSvcrRef")) if single else frozenset[str]()
        if part is not None:
            yield _line(row if order == 0 else next(rows), entry, detail, direction, part, shared)


def _line(row: int, entry: "Element", detail: "Element", direction: Direction, amount: int, shared: frozenset[str]) -> StatementLine:
    day = iso_day(_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm"))
    if day is None:
        raise LookupError("BookgDt")
    side = f"RltdPties/{SIDES[direction]}"
    numbers = [found.text for name in NUMBERS for found in _all(detail, f"Refs/{name}")]
    purpose = " ".join(found.text or "" for found in (*_all(detail, "RmtInf/Ustrd"), *_all(detail, "RmtInf/Strd/CdtrRefInf/Ref")))
    who = next((text for path in (f"{side}/Nm", f"{side}/Pty/Nm") for text in [_text(detail, path)] if text), None)
    number = next((found.text for found in detail.iter("Id") if re.fullmatch(r"[0-9]{12}", found.text or "")), None)
    account = _text(detail, f"{side}Acct/Id/IBAN") or _text(detail, f"{side}Acct/Id/Othr/Id")
    return StatementLine(
        row=row,
        direction=direction,
        amount=amount,
        day=day,
        marks=shared.union(*(mark(each) for each in numbers)),
        other_iik=account.replace(" ", "").upper() if account else None,
        payer=one_line(who, most=200) or None,
        payer_number=number,
        purpose=one_line(purpose or _text(entry, "AddtlNtryInf"), most=MOST_PURPOSE),
    )


def _amount(element: "Element", row: int, faults: list[StatementFault]) -> int | None:
    found = element.find("Amt")
    if found is None:
        found = element.find("AmtDtls/TxAmt/Amt")
    amount = tiyn(found.text) if found is not None else None
    if found is not None and found.get("Ccy") != "KZT":
        faults.append(StatementFault(StatementFaultCode.CURRENCY, row, {"currency": (found.get("Ccy") or "")[:10]}))
        return None
    if amount is None or amount <= 0:
        faults.append(StatementFault(StatementFaultCode.AMOUNT, row))
        return None
    return amount


def _balance(element: "Element", codes: Sequence[str]) -> "Element | None":
    """
    Find the first balance of a kind, the likeliest first.
    """
    known = {_text(balance, "Tp/CdOrPrtry/Cd"): balance for balance in reversed(_all(element, "Bal"))}
    return next((known[code] for code in codes if code in known), None)


def _sum(balance: "Element | None") -> int | None:
    found = balance.find("Amt") if balance is not None else None
    if balance is None or found is None or found.get("Ccy") != "KZT":
        return None
    sum_ = tiyn(found.text)
    return None if sum_ is None else (-sum_ if _text(balance, "CdtDbtInd") == "DBIT" else sum_)


def _all(element: "Element", path: str) -> Sequence["Element"]:
    return element.findall(path)


def _text(element: "Element", path: str) -> str | None:
    found = element.find(path)
    text = found.text.strip() if found is not None and found.text else ""
    return text or None
