"""
A list's table read row by row: every fault is found and named by row and column, none stops the reading (§6, D2).
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from chalicelib.contracts.plates import normalize, plausible
from chalicelib.domain.vehicle_lists import COLUMNS, MOST_ROWS, NEEDED, Column, FaultCode, ListedRow, RowFault
from chalicelib.domain.vehicles import is_chassis, spell_chassis

MOST_LETTERS: Final = 200
KEPT_LETTERS: Final = 60
"""Letters kept of a cell that is too long."""
UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One cell: a text, or a day where the file itself knows dates; `formula` and `merged` as the file says.
    """

    value: str | date | None = None
    formula: bool = False
    merged: bool = False

    @property
    def text(self) -> str:
        """
        Spell it as read: composed, trimmed, blanks made single.
        """
        written = self.value.isoformat() if isinstance(self.value, date) else self.value or ""
        return " ".join(unicodedata.normalize("NFC", written).split())


@dataclass(frozen=True, slots=True)
class Table:
    """
    A file's rows as its reader gives them: number and cells, blank ones left out; `cut` tells that there were more than may be.
    """

    rows: Sequence[tuple[int, Sequence[Cell]]]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """
    What a list is for, and the words by which its columns, countries, checkpoint and class may be called (folded, see `fold`).
    """

    first_day: date
    last_day: date
    columns: Mapping[str, Column]
    countries: Mapping[str, str]
    checkpoint_words: frozenset[str]
    class_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReadList:
    """
    All rows, and all that is wrong with them in order.
    """

    rows: tuple[ListedRow, ...]
    faults: tuple[RowFault, ...]


def fold(text: str) -> str:
    """
    Spell a word for comparison: composed, without case, punctuation and blanks.
    """
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def known_columns(cells: Sequence[Cell], columns: Mapping[str, Column]) -> Sequence[Column | None]:
    """
    Tell what a heading row's columns are; none for what a list does not ask for.
    """
    return [columns.get(fold(cell.text)) for cell in cells]


def read_list(table: Table, expected: Expected) -> ReadList:
    """
    Read a table whose first row is its heading.
    """
    if not table.rows:
        return ReadList((), (RowFault(1, FaultCode.NO_ROWS),))
    number, heading = table.rows[0]
    columns = known_columns(heading, expected.columns)
    faults = _heading_faults(number, columns)
    if faults:
        return ReadList((), faults)
    reader = _Reader(columns, expected)
    previous = number
    for row, cells in table.rows[1 : MOST_ROWS + 1]:
        if row > previous + 1:
            reader.faults.append(RowFault(previous + 1, FaultCode.EMPTY_ROW, parameters={"last": row - 1}))
        reader.read(row, cells)
        previous = row
    if len(table.rows) == 1:
        reader.faults.append(RowFault(number, FaultCode.NO_ROWS))
    if table.cut or len(table.rows) > MOST_ROWS + 1:
        reader.faults.append(RowFault(previous + 1, FaultCode.TOO_MANY_ROWS, parameters={"most": MOST_ROWS}))
    return ReadList(tuple(reader.rows), tuple(reader.faults))


def _heading_faults(number: int, columns: Sequence[Column | None]) -> tuple[RowFault, ...]:
    missing = [RowFault(number, FaultCode.COLUMN_MISSING, column) for column in NEEDED if column not in columns]
    repeated = [RowFault(number, FaultCode.COLUMN_REPEATED, column) for column in COLUMNS if columns.count(column) > 1]
    return (*missing, *repeated)


class _Reader:
    """
    Reads rows one after another, remembering the vehicles it has met.
    """

    def __init__(self, columns: Sequence[Column | None], expected: Expected) -> None:
        self._columns = columns
        self._expected = expected
        self._met: dict[tuple[Column, str, date], int] = {}
        self.rows: list[ListedRow] = []
        self.faults: list[RowFault] = []

    def read(self, row: int, cells: Sequence[Cell]) -> None:
        """
        Read one row: what it says, and all that is wrong with it.
        """
        said = {column: cell for column, cell in zip(self._columns, cells, strict=False) if column is not None}
        before = len(self.faults)
        for column in COLUMNS:
            if column in self._columns:
                self._check_cell(row, column, said.get(column, Cell()))
        bad = {fault.column for fault in self.faults[before:]}
        good = {column: said.get(column, Cell()) for column in COLUMNS if column not in bad}
        country = self._country(row, good)
        plate = self._plate(row, good)
        vin, day = self._vin(row, good), self._day(row, good)
        self._check_words(row, good)
        vehicle = f"{country}#{plate}" if country and plate else None
        if day is not None:
            self._check_met(row, Column.PLATE, vehicle, day)
            self._check_met(row, Column.VIN, vin, day)
        texts = tuple(_kept(said.get(column, Cell())) for column in COLUMNS)
        self.rows.append(ListedRow(row, texts, vehicle, vin, day))

    def _fault(self, row: int, code: FaultCode, column: Column | None, **parameters: str | int) -> None:
        self.faults.append(RowFault(row, code, column, parameters))

    def _check_cell(self, row: int, column: Column, cell: Cell) -> None:
        text = cell.text
        if cell.formula:
            self._fault(row, FaultCode.FORMULA, column)
        elif cell.merged:
            self._fault(row, FaultCode.MERGED, column)
        elif any(unicodedata.category(letter) in UNSEEN for letter in text):
            self._fault(row, FaultCode.CHARACTERS, column)
        elif len(text) > MOST_LETTERS:
            self._fault(row, FaultCode.TOO_LONG, column, most=MOST_LETTERS)
        elif not text and column in NEEDED:
            self._fault(row, FaultCode.REQUIRED, column)

    def _country(self, row: int, said: Mapping[Column, Cell]) -> str | None:
        if Column.COUNTRY not in said:
            return None
        found = self._expected.countries.get(fold(said[Column.COUNTRY].text))
        if found is None:
            self._fault(row, FaultCode.COUNTRY_UNKNOWN, Column.COUNTRY)
        return found

    def _plate(self, row: int, said: Mapping[Column, Cell]) -> str | None:
        if Column.PLATE not in said:
            return None
        text = said[Column.PLATE].text
        if not plausible(text):
            self._fault(row, FaultCode.PLATE_INVALID, Column.PLATE)
            return None
        return normalize(text)

    def _vin(self, row: int, said: Mapping[Column, Cell]) -> str | None:
        text = said[Column.VIN].text if Column.VIN in said else ""
        if not text:
            return None
        if not is_chassis(text):
            self._fault(row, FaultCode.VIN_INVALID, Column.VIN)
            return None
        return normalize(spell_chassis(text))

    def _day(self, row: int, said: Mapping[Column, Cell]) -> date | None:
        if Column.DATE not in said:
            return None
        day = read_day(said[Column.DATE].value)
        if day is None:
            self._fault(row, FaultCode.DATE_INVALID, Column.DATE)
        elif day < self._expected.first_day:
            self._fault(row, FaultCode.DATE_TOO_SOON, Column.DATE, first=self._expected.first_day.isoformat())
        elif day > self._expected.last_day:
            self._fault(row, FaultCode.DATE_TOO_FAR, Column.DATE, last=self._expected.last_day.isoformat())
        return day

    def _check_words(self, row: int, said: Mapping[Column, Cell]) -> None:
        for column, words, code in (
            (Column.CHECKPOINT, self._expected.checkpoint_words, FaultCode.CHECKPOINT_DIFFERS),
            (Column.CLASS, self._expected.class_words, FaultCode.CLASS_DIFFERS),
        ):
            text = fold(said[column].text) if column in said else ""
            if text and text not in words:
                self._fault(row, code, column)

    def _check_met(self, row: int, column: Column, key: str | None, day: date) -> None:
        first = row if key is None else self._met.setdefault((column, key, day), row)
        if first != row:
            self._fault(row, FaultCode.DUPLICATE, column, first=first)


def read_day(value: str | date | None) -> date | None:
    """
    Read a booked day: a date of the file's own, `2026-12-03` or `03.12.2026`; anything else is none.
    """
    if isinstance(value, date):
        return value
    text = (value or "").strip()
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            found = datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return found if text.isascii() else None
    return None


def _kept(cell: Cell) -> str:
    text = "".join(letter for letter in cell.text if unicodedata.category(letter) not in UNSEEN)
    return text if len(text) <= MOST_LETTERS else f"{text[:KEPT_LETTERS]}…"
