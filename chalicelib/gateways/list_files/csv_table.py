"""
CSV as Excel and other programs write it: UTF-8 with or without its mark, UTF-16 with it, CP1251; `;`, `,` or tab between the cells (RFC 4180).
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from chalicelib.domain.list_rows import Cell, Table, known_columns
from chalicelib.domain.vehicle_lists import MOST_ROWS, Column
from chalicelib.gateways.list_files.errors import UnableToReadTableError

DELIMITERS: Final = (";", ",", "\t")
MOST_COLUMNS: Final = 40


def read(content: bytes, *, columns: Mapping[str, Column]) -> Table:
    """
    Read a CSV file. Raises `UnableToReadTableError`.
    """
    text = decode(content)
    if "\0" in text:
        raise UnableToReadTableError("file_unknown")
    try:
        best = max(DELIMITERS, key=lambda delimiter: _known(text, delimiter, columns))
        return _table(_rows(text, best))
    except csv.Error as error:
        raise UnableToReadTableError("file_unreadable") from error


def decode(content: bytes) -> str:
    """
    Read bytes as text. CP1251 only where it cannot be UTF-8: a Russian text in CP1251 never is, for its letters are no UTF-8 sequences.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1251")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnableToReadTableError("file_encoding")


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number, row in enumerate(reader, 1):
        yield number, row[:MOST_COLUMNS]


def _known(text: str, delimiter: str, columns: Mapping[str, Column]) -> int:
    heading = next((row for _, row in _rows(text, delimiter) if any(cell.strip() for cell in row)), ())
    return sum(column is not None for column in known_columns([Cell(cell) for cell in heading], columns))


def _table(rows: Iterator[tuple[int, Sequence[str]]]) -> Table:
    found: list[tuple[int, Sequence[Cell]]] = []
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(found) > MOST_ROWS:
            return Table(found, cut=True)
        found.append((number, [Cell(cell, formula=cell.lstrip().startswith("=")) for cell in row]))
    return Table(found)
