"""
A settlement as tables for a spreadsheet (CSV, XLSX): no cell is ever a formula, sums stay numbers (tenge with two decimals).
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from chalicelib.domain.remittance import PaymentOrder, tenge
from chalicelib.domain.settlements import Settlement

COLUMNS: Final = (
    "day",
    "checkpoint",
    "class",
    "fee_count",
    "fees_kzt",
    "forfeit_count",
    "forfeits_kzt",
    "total_kzt",
    "due_on",
    "region",
)
ORDER_COLUMNS: Final = (
    *("number", "region", "beneficiary_kk", "beneficiary_ru", "bin", "iik", "bic", "kbe", "budget_code", "knp"),
    *("purpose", "amount_kzt", "execute_on", "sample"),
)
RISKY: Final = tuple("=+-@\t\r\n\0;＝＋－＠")
UNPRINTABLE: Final = frozenset(range(32)) - {9, 10, 13}
"""Signs that XML cannot hold."""
DIRECTIONS: Final = frozenset(map(chr, (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Marks that turn the direction of writing: in a table they can only make one thing look like another (Unicode TR 36)."""
LONGEST: Final = 32_767
"""Signs that a spreadsheet's cell can hold."""
SUM_FORMAT: Final = "0.00"
TEXT_FORMAT: Final = "@"
MIDNIGHT: Final = (1980, 1, 1, 0, 0, 0)
"""The moment of every file inside a workbook: the first that ZIP knows."""
Cell = str | int | Decimal


def write_csv(settlement: Settlement) -> bytes:
    """
    Write one row a checkpoint and class, and their total (RFC 4180, UTF-8 with a mark that spreadsheets look for).
    """
    drawn = io.StringIO(newline="")
    writer = csv.writer(drawn, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_plain(cell) for cell in row] for row in _rows(settlement))
    return drawn.getvalue().encode("utf-8-sig")


def write_xlsx(settlement: Settlement, orders: Sequence[PaymentOrder]) -> bytes:
    """
    Write a workbook of two sheets: the settlement, and the payment orders with their beneficiaries.
    """
    import openpyxl  # noqa: PLC0415 - 150 ms that only this file needs

    book = openpyxl.Workbook(write_only=True)
    book.properties.created = book.properties.modified = datetime.combine(settlement.day, datetime.min.time())
    book.properties.creator = "settlement"
    _sheet(book, "settlement", COLUMNS, _rows(settlement))
    _sheet(book, "orders", ORDER_COLUMNS, (_order(order) for order in orders))
    drawn = io.BytesIO()
    book.save(drawn)
    return _timeless(drawn.getvalue(), saved_at=datetime.combine(settlement.day, datetime.min.time(), UTC))


def _rows(settlement: Settlement) -> Iterable[Sequence[Cell]]:
    day, due_on = str(settlement.day), str(settlement.due_on)
    for row in settlement.rows:
        counted = (row.fee_count, _sum(row.fees), row.forfeit_count, _sum(row.forfeits), _sum(row.total))
        yield (day, row.checkpoint, row.place_class, *counted, due_on, row.region)
    fees, forfeits = sum(row.fees for row in settlement.rows), sum(row.forfeits for row in settlement.rows)
    counts = (sum(row.fee_count for row in settlement.rows), sum(row.forfeit_count for row in settlement.rows))
    yield (day, "total", "", counts[0], _sum(fees), counts[1], _sum(forfeits), _sum(settlement.due), due_on, "")


def _order(order: PaymentOrder) -> Sequence[Cell]:
    to, party = order.beneficiary, order.beneficiary.party
    named = (party.titles["kk"], party.titles["ru"], party.business_id, party.iik, party.bic, party.kbe, to.budget_code, to.knp)
    return (order.number, order.region, *named, order.purpose, _sum(order.amount), str(order.execute_on), "sample" if order.sample else "")


def _sum(tiyn: int) -> Decimal:
    return Decimal(tenge(tiyn))


def _plain(cell: Cell) -> str | int:
    return cell if isinstance(cell, int) else str(cell) if isinstance(cell, Decimal) else harmless(cell)


def harmless(text: str) -> str:
    """
    Keep a text from being taken for a formula (OWASP ASVS 1.2.10) and from being read in another direction than it is written.
    """
    straight = "".join(sign for sign in text if sign not in DIRECTIONS)
    return f"'{straight}" if straight.startswith(RISKY) else straight


def _sheet(book: Any, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(headings)
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])


def _cell(sheet: Any, value: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - loaded by the caller

    if not isinstance(value, str):
        cell: Any = WriteOnlyCell(sheet)
        cell.value = value
        cell.number_format = SUM_FORMAT if isinstance(value, Decimal) else "0"
        return cell
    cell = WriteOnlyCell(sheet, value=harmless("".join(sign for sign in value if ord(sign) not in UNPRINTABLE))[:LONGEST])
    cell.data_type = "s"  # else a text that begins like a formula is one
    cell.number_format = TEXT_FORMAT
    return cell


def _timeless(content: bytes, *, saved_at: datetime) -> bytes:
    """
    Pack a workbook anew without the moment it was packed at, and with its day where the library notes the moment of saving.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in sorted(before.namelist()):
            part = before.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + saved_at.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), part)
            entry = zipfile.ZipInfo(name, MIDNIGHT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            after.writestr(entry, part)
    return packed.getvalue()
