"""
Tables handed out: texts stay texts, whatever they begin with, so that no program that opens them runs anything.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

LEADS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""
WIDTH: Final = 24
WIDE: Final = 90
AS_TEXT: Final = "@"


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """
    Write CSV as Excel opens it here: UTF-8 with its mark, `;` between the cells.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(headings)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(LEADS) else text


def write_xlsx(*sheets: tuple[str, Sequence[str], Iterable[Sequence[str]]]) -> bytes:
    """
    Write a workbook: title, headings and rows of each sheet; the last column is wide, cells are texts.
    """
    book = openpyxl.Workbook(write_only=True)
    for title, headings, rows in sheets:
        sheet = book.create_sheet(title)
        for index in range(len(headings)):
            sheet.column_dimensions[chr(ord("A") + index)].width = WIDE if index == len(headings) - 1 else WIDTH
        sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
        for row in rows:
            sheet.append([_cell(sheet, text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.number_format = AS_TEXT
    if bold:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True)
    return cell
