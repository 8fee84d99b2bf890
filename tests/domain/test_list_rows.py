"""
A list's rows read one by one: what each fault is called, where it stands, and that one never hides another (§6, D2).
"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.list_rows import Cell, Expected, Table, fold, read_day, read_list
from chalicelib.domain.vehicle_lists import MOST_ROWS, Column, FaultCode, earliest_day

FIRST = date(2026, 12, 1)
EXPECTED = Expected(
    first_day=FIRST,
    last_day=FIRST + timedelta(days=366),
    columns={fold(word): column for word, column in {"Госномер": Column.PLATE, **{column.value: column for column in Column}}.items()},
    countries={"kz": "KZ", "казахстан": "KZ", "cn": "CN"},
    checkpoint_words=frozenset({"nurzholy", "нуржолы"}),
    class_words=frozenset({"prioritypost"}),
)
HEADING = ("Гос.номер", "country", "VIN", "date", "note")
GOOD = ("123 ABC 02", "Казахстан", "XTA21099043125678", "03.12.2026", "")


def cells(values):
    """
    Spell a row's cells.
    """
    return [value if isinstance(value, Cell) else Cell(value) for value in values]


def read(*rows, heading=HEADING, cut=False):
    """
    Read rows under a heading; each is a row's values, or its number and values.
    """
    numbered = [row if isinstance(row[0], int) else (index, row) for index, row in enumerate(rows, 2)]
    return read_list(Table([(1, cells(heading)), *((number, cells(row)) for number, row in numbered)], cut=cut), EXPECTED)


def faults(found):
    """
    Name what is wrong.
    """
    return [(fault.row, fault.column, fault.code) for fault in found.faults]


def changed(**values):
    """
    A good row with other values.
    """
    return tuple(values.get(name, good) for name, good in zip(("plate", "country", "vin", "date", "note"), GOOD, strict=True))


@pytest.mark.rule("6.1", "6.3", "D2")
class TestRow:
    def test_is_understood_however_it_is_spelled(self):
        """
        Cyrillic look-alikes, blanks, a country by name, a date of either form: one plate key, one day, no fault.
        """
        found = read(GOOD, changed(plate="777-авс-02", country="kz", vin="", date=date(2026, 12, 4)))

        assert () == found.faults
        assert [("KZ#123ABC02", "XTA21099043125678", date(2026, 12, 3)), ("KZ#777ABC02", None, date(2026, 12, 4))] == [
            (row.vehicle, row.vin, row.day) for row in found.rows
        ]

    @pytest.mark.parametrize(
        ("values", "column", "code"),
        [
            ({"plate": ""}, Column.PLATE, FaultCode.REQUIRED),
            ({"plate": "нет"}, Column.PLATE, FaultCode.PLATE_INVALID),
            ({"plate": "1" * 13}, Column.PLATE, FaultCode.PLATE_INVALID),
            ({"plate": Cell("123ABC02", merged=True)}, Column.PLATE, FaultCode.MERGED),
            ({"plate": "123\u202eABC"}, Column.PLATE, FaultCode.CHARACTERS),
            ({"country": ""}, Column.COUNTRY, FaultCode.REQUIRED),
            ({"country": "Нарния"}, Column.COUNTRY, FaultCode.COUNTRY_UNKNOWN),
            ({"vin": "неизвестен"}, Column.VIN, FaultCode.VIN_INVALID),
            ({"vin": "X" * 18}, Column.VIN, FaultCode.VIN_INVALID),
            ({"date": ""}, Column.DATE, FaultCode.REQUIRED),
            ({"date": "31.02.2027"}, Column.DATE, FaultCode.DATE_INVALID),
            ({"date": "46000"}, Column.DATE, FaultCode.DATE_INVALID),
            ({"date": Cell("=TODAY()", formula=True)}, Column.DATE, FaultCode.FORMULA),
            ({"date": "30.11.2026"}, Column.DATE, FaultCode.DATE_TOO_SOON),
            ({"date": "03.12.2062"}, Column.DATE, FaultCode.DATE_TOO_FAR),
            ({"note": "я" * 201}, Column.NOTE, FaultCode.TOO_LONG),
        ],
    )
    def test_is_faulted_by_column_and_kind(self, values, column, code):
        """
        Each fault is named once, in its row and column.
        """
        assert [(2, column, code)] == faults(read(changed(**values)))

    def test_keeps_every_fault_of_a_row(self):
        """
        A clerk mends a row once, not five times.
        """
        found = read(("", "", "ы", "завтра", "x" * 300))

        assert {Column.PLATE, Column.COUNTRY, Column.VIN, Column.DATE, Column.NOTE} == {fault.column for fault in found.faults}

    def test_is_refused_twice_for_a_day(self):
        """
        The same plate, or the same VIN under another plate, on one day: the second names the first; on another day it is another row.
        """
        found = read(GOOD, changed(plate="123авс02", vin=""), changed(plate="999 ZZZ 01"), changed(date="04.12.2026"))

        assert [(3, Column.PLATE, FaultCode.DUPLICATE), (4, Column.VIN, FaultCode.DUPLICATE)] == faults(found)
        assert {2} == {fault.parameters["first"] for fault in found.faults}

    def test_must_be_of_the_lists_checkpoint_and_class(self):
        """
        Where the file has such columns, another checkpoint or class is a fault; blank ones are not.
        """
        heading = (*HEADING, "checkpoint", "class")
        found = read((*GOOD, "Нур Жолы", "priority_post"), (*changed(date="04.12.2026"), "Достык", "general"), heading=heading)

        assert [(3, Column.CHECKPOINT, FaultCode.CHECKPOINT_DIFFERS), (3, Column.CLASS, FaultCode.CLASS_DIFFERS)] == faults(found)
        assert () == read((*GOOD, "", ""), heading=heading).faults


class TestTable:
    def test_without_its_columns_is_not_read(self):
        """
        What lacks and what is doubled is named; no row is guessed at.
        """
        found = read(GOOD, heading=("госномер", "госномер", "x", "y", "z"))

        assert [
            (1, Column.COUNTRY, FaultCode.COLUMN_MISSING),
            (1, Column.DATE, FaultCode.COLUMN_MISSING),
            (1, Column.PLATE, FaultCode.COLUMN_REPEATED),
        ] == faults(found)
        assert () == found.rows

    def test_names_gaps_and_emptiness(self):
        """
        Blank rows between others are told as one gap; a heading alone is a list of nothing, so is an empty file.
        """
        assert [(3, None, FaultCode.EMPTY_ROW)] == faults(read((2, GOOD), (6, changed(date="04.12.2026"))))
        assert [(1, None, FaultCode.NO_ROWS)] == faults(read())
        assert [(1, None, FaultCode.NO_ROWS)] == faults(read_list(Table([]), EXPECTED))

    def test_is_cut_at_its_limit(self, monkeypatch):
        """
        As many rows as may be are read, one more is a fault and stays unread.
        """
        monkeypatch.setattr("chalicelib.domain.list_rows.MOST_ROWS", 3)
        rows = [changed(plate=f"{number:05d}AB", vin="") for number in range(4)]

        assert () == read(*rows[:-1]).faults
        assert [(5, None, FaultCode.TOO_MANY_ROWS)] == faults(read(*rows))
        assert 3 == len(read(*rows).rows)

    @pytest.mark.slow
    def test_holds_ten_thousand_vehicles(self):
        """
        That many are read, one more is a fault and stays unread.
        """
        rows = [changed(plate=f"{number:05d}AB", vin="") for number in range(MOST_ROWS + 1)]

        found = read(*rows)

        assert () == read(*rows[:-1]).faults
        assert [(MOST_ROWS + 2, None, FaultCode.TOO_MANY_ROWS)] == faults(found)
        assert MOST_ROWS == len(found.rows) == 10_000

    @settings(max_examples=50)
    @given(st.lists(st.lists(st.text(max_size=20), max_size=7), max_size=8))
    def test_survives_whatever_stands_in_it(self, rows):
        """
        Any text in any cell: every row that is not understood has a fault, and nothing is raised.
        """
        found = read(*((number, row or [""]) for number, row in enumerate(rows, 2)))

        faulty = {fault.row for fault in found.faults}
        assert all(row.row in faulty or (row.vehicle and row.day) for row in found.rows)


class TestDay:
    @pytest.mark.parametrize("text", ["2026-12-03", "03.12.2026", " 03.12.2026 "])
    def test_is_read_as_written_here(self, text):
        """
        ISO, and as people write it in Kazakhstan.
        """
        assert date(2026, 12, 3) == read_day(text)

    @pytest.mark.parametrize("text", ["12/03/2026", "3 декабря", "29.02.2027", "", None, "٠٣.١٢.٢٠٢٦"])
    def test_is_never_guessed(self, text):
        """
        A form that two people read differently is no date.
        """
        assert read_day(text) is None

    @pytest.mark.rule("D2")
    def test_of_the_list_is_ten_calendar_days_after_receipt(self):
        """
        Weekends count, over the leap day and over the year's end.
        """
        assert date(2028, 3, 1) == earliest_day(date(2028, 2, 20), 10)
        assert date(2027, 1, 5) == earliest_day(date(2026, 12, 26), 10)
