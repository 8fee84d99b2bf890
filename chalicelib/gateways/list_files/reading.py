"""
From a file's bytes to a table: which kind it is is seen by its content, never believed from its name.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.list_rows import Table
from chalicelib.domain.vehicle_lists import Column
from chalicelib.gateways.list_files import csv_table, xlsx_table
from chalicelib.gateways.list_files.errors import UnableToReadTableError

ZIP: Final = b"PK\x03\x04"
OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
"""The container of `.xls`, and of an `.xlsx` that is locked by a password."""


def read_table(content: bytes, *, columns: Mapping[str, Column]) -> Table:
    """
    Read CSV or XLSX; `columns` are the known headings, by which a delimiter is told. Raises `UnableToReadTableError`.
    """
    if not content.strip():
        raise UnableToReadTableError("file_empty")
    if content.startswith(OLD_OFFICE):
        raise UnableToReadTableError("file_locked_or_old")
    if content.startswith(ZIP):
        return xlsx_table.read(content)
    return csv_table.read(content, columns=columns)
