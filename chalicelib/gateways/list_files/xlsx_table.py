"""
XLSX (ECMA-376) read as what it is: an archive from a stranger. Sizes are checked before anything is unpacked, entities are never resolved.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from chalicelib.domain.list_rows import Cell, Table
from chalicelib.domain.vehicle_lists import MOST_ROWS
from chalicelib.gateways.list_files.errors import UnableToReadTableError

MOST_MEMBERS: Final = 200
MOST_INFLATED: Final = 32 * 1024 * 1024
"""Bytes of all members together; 10,000 rows take some three million."""
MOST_COLUMNS: Final = 40
MOST_MERGES: Final = 500
ENCRYPTED: Final = 0x1
DECLARATIONS: Final = (b"<!DOCTYPE", b"<!ENTITY")
MERGE: Final = re.compile(rb'<(?:\w{1,16}:)?mergeCell\s[^<>]{0,64}?ref="(\$?[A-Z]{1,3}\$?\d{1,7}:\$?[A-Z]{1,3}\$?\d{1,7})"')
BROKEN: Final = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, InvalidFileException, ParseError, EOFError, NotImplementedError),
    *(ArithmeticError, AttributeError, LookupError, RecursionError, RuntimeError, TypeError, ValueError),
)
"""Whatever openpyxl meets in a file that is not as it should be: it checks little and fails by the error of the moment."""


@dataclass(frozen=True, slots=True)
class Merged:
    """
    One merged range, both ends included.
    """

    left: int
    top: int
    right: int
    bottom: int

    def covers(self, row: int, column: int) -> bool:
        """
        Tell whether a cell lies in it.
        """
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def read(content: bytes) -> Table:
    """
    Read the first sheet of a workbook. Raises `UnableToReadTableError`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check(archive)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            return _table(book.worksheets[0])
        finally:
            book.close()
    except DefusedXmlException as error:
        raise UnableToReadTableError("file_entities") from error
    except BROKEN as error:
        raise UnableToReadTableError("file_unreadable") from error


def check(archive: zipfile.ZipFile) -> None:
    """
    Refuse bombs, locked archives, macros and document type declarations before a reader sees them.
    """
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_INFLATED:
        raise UnableToReadTableError("file_inflated")
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise UnableToReadTableError("file_locked_or_old")
    names = [member.filename for member in members]
    if len(set(names)) != len(names) or "xl/workbook.xml" not in names:
        raise UnableToReadTableError("file_unknown")
    if any(name.lower().endswith((".bin", ".exe", ".dll", ".vbs")) and "printersettings" not in name.lower() for name in names):
        raise UnableToReadTableError("file_macros")
    for name in names:
        if name.lower().endswith((".xml", ".rels", ".vml")):
            text = archive.read(name)
            if b"\0" in text or any(mark in text for mark in DECLARATIONS):
                raise UnableToReadTableError("file_entities")


def _table(sheet: Any) -> Table:
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    merges = _merges(sheet)
    found: list[tuple[int, Sequence[Cell]]] = []
    for number, cells in _rows(sheet, merges):
        last = max((index for index, cell in enumerate(cells, 1) if cell.value is not None), default=0)
        if not any(cell.text for cell in cells[:last]):
            continue
        if len(found) > MOST_ROWS:
            return Table(found, cut=True)
        found.append((number, cells[:last]))
    return Table(found)


def _merges(sheet: Any) -> Sequence[Merged]:
    with sheet.parent._archive.open(sheet._worksheet_path) as source:  # noqa: SLF001  the read-only reader tells of no merges
        text = source.read()
    found = []
    for match in MERGE.finditer(text):
        left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(match[1].decode().replace("$", "")))
        found.append(Merged(left, top, right, bottom))
        if len(found) == MOST_MERGES:
            break
    return found


def _rows(sheet: Any, merges: Sequence[Merged]) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        here = [merge for merge in merges if merge.top <= number <= merge.bottom]
        yield number, [_cell(cell, merged=any(merge.covers(number, column) for merge in here)) for column, cell in enumerate(row, 1)]


def _cell(cell: Any, *, merged: bool) -> Cell:
    value = cell.value
    formula = cell.data_type == "f" or (isinstance(value, str) and value.lstrip().startswith("="))
    return Cell(_value(value), formula=formula, merged=merged)


def _value(value: object) -> str | date | None:
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value.isoformat(sep=" ")
    if value is None or isinstance(value, str | date):
        return value
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
