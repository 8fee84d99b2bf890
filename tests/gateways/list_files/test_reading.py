"""
Files of lists: whatever an honest program writes is read, whatever a hostile one writes is refused by its kind, never by a crash (§6).
"""

import csv
import io
import struct
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.list_rows import Table
from chalicelib.gateways.list_files import xlsx_table
from chalicelib.gateways.list_files.errors import UnableToReadTableError
from chalicelib.gateways.list_files.reading import read_table
from chalicelib.gateways.list_files.writing import write_csv, write_xlsx
from tests.gateways.list_files.files import COLUMNS, HEADING, member, repacked, workbook

MIDNIGHT = datetime(2026, 12, 3)  # noqa: DTZ001 - a workbook knows no zones
SHEET = "xl/worksheets/sheet1.xml"
# letters that every encoding of the round trip has, and that no reader takes for blanks or formulas
WORDS = st.text(st.sampled_from("ABCXYZАБВЯабвя0123456789;,\"'.-"), min_size=1, max_size=12).filter(lambda text: text[0].isalnum())
ROWS = st.lists(st.lists(WORDS, min_size=5, max_size=5), min_size=1, max_size=6)


def texts(table):
    """
    Spell a table's cells.
    """
    return [[cell.text for cell in cells] for _, cells in table.rows]


def kind_of(content):
    """
    Say why a file is refused.
    """
    with pytest.raises(UnableToReadTableError) as caught:
        read_table(content, columns=COLUMNS)
    return caught.value.kind


def as_csv(rows, delimiter):
    """
    Write CSV as any program does.
    """
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([HEADING, *rows])
    return out.getvalue()


@pytest.mark.rule("6")
class TestRoundTrip:
    @settings(max_examples=60)
    @given(rows=ROWS, delimiter=st.sampled_from(";,\t"), encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1251", "utf-16"]))
    def test_of_csv_gives_what_was_written(self, rows, delimiter, encoding):
        """
        Every delimiter and encoding, quotes and delimiters inside cells: the same cells come back, numbered as a clerk counts them.
        """
        table = read_table(as_csv(rows, delimiter).encode(encoding), columns=COLUMNS)

        assert [list(HEADING), *rows] == texts(table)
        assert [*range(1, len(rows) + 2)] == [number for number, _ in table.rows]

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(rows=ROWS)
    def test_of_xlsx_gives_what_was_written(self, rows):
        """
        Texts stay texts, also those that look like numbers.
        """
        assert [list(HEADING), *rows] == texts(read_table(write_xlsx(("Список", HEADING, rows)), columns=COLUMNS))

    def test_of_what_is_handed_out_runs_nothing(self):
        """
        A cell that begins as a formula comes back as the text it was, in both kinds of files.
        """
        rows = [["=1+1", "+7", "-1", "@x", "ok"]]
        sheet = member(write_xlsx(("x", HEADING, rows)), SHEET)

        assert b"<f>" not in sheet
        assert "'=1+1;'+7;'-1;'@x;ok" in write_csv(HEADING, rows).decode("utf-8-sig")


class TestXlsx:
    def test_knows_dates_numbers_formulas_and_merged_cells(self):
        """
        A date cell is a day, a whole number has no fraction, a formula and a merged cell are marked, blank rows left out.
        """
        rows = [HEADING, (12345, "KZ", None, MIDNIGHT, "=A1"), (), ("a", "b", "c", MIDNIGHT.replace(hour=14), "d")]
        table = read_table(workbook(rows, prepare=lambda sheet: sheet.merge_cells("A2:B2")), columns=COLUMNS)
        (_, heading), (two, first), (four, second) = table.rows

        assert ("12345", date(2026, 12, 3), True) == (first[0].text, first[3].value, first[4].formula)
        assert [True, True, False] == [cell.merged for cell in first[:3]]
        assert not any(cell.merged for cell in (*heading, *second))
        assert (2, 4, "2026-12-03 14:00:00") == (two, four, second[3].text)

    def test_believes_no_dimensions(self):
        """
        A sheet that claims a million rows, or has its one cell at the far end, is read as what it has.
        """
        good = workbook([HEADING, ("1",)])
        sheet = member(good, SHEET)
        claims = sheet.replace(b'ref="A1:E2"', b'ref="A1:XFD1048576"')
        far = sheet.replace(b'r="A2"', b'r="XFD2"')

        assert claims != sheet
        assert 2 == len(read_table(repacked(good, {SHEET: claims}), columns=COLUMNS).rows)
        assert 1 == len(read_table(repacked(good, {SHEET: far}), columns=COLUMNS).rows)


def lying(good):
    """
    An archive whose first member says that it is smaller than it is.
    """
    place = good.index(b"PK\x01\x02") + 24
    return good[:place] + struct.pack("<I", 1) + good[place + 4 :]


HOSTILE = {
    "a bomb": ("file_inflated", lambda good: repacked(good, {"xl/media/a.xml": b" " * (33 << 20)})),
    "many members": ("file_inflated", lambda good: repacked(good, {f"x/{number}": b"" for number in range(250)})),
    "macros": ("file_macros", lambda good: repacked(good, {"xl/vbaProject.bin": b"x"})),
    "an entity": (
        "file_entities",
        lambda good: repacked(
            good,
            {SHEET: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + member(good, SHEET).replace(b"</v>", b"&e;</v>")},
        ),
    ),
    "an entity in utf-16": ("file_entities", lambda good: repacked(good, {SHEET: '<!DOCTYPE x [<!ENTITY e "x">]><x/>'.encode("utf-16")})),
    "no sheet": ("file_unreadable", lambda good: repacked(good, {SHEET: b"<x"})),
    "no workbook": ("file_unknown", lambda good: repacked(workbook([]), {}).replace(b"xl/workbook.xml", b"xl/workbook.xmk")),
    "a broken archive": ("file_unreadable", lambda good: good[: len(good) // 2]),
    "an archive of nothing": ("file_unreadable", lambda good: b"PK\x03\x04" + b"\0" * 100),
    "a locked or old file": ("file_locked_or_old", lambda good: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    "a picture": ("file_unknown", lambda good: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    "nothing": ("file_empty", lambda good: b" \r\n"),
    "no text at all": ("file_encoding", lambda good: b"\xff\x98\x98"),
    "an endless cell": ("file_unreadable", lambda good: b'plate;country\n"' + b"x" * 200_000),
    "a lie about a size": ("file_unreadable", lying),
}


class TestHostileFiles:
    @pytest.mark.parametrize("name", sorted(HOSTILE))
    def test_are_refused_by_their_kind(self, name):
        """
        Bombs, entities, macros, broken and locked files: each has its sentence.
        """
        kind, make = HOSTILE[name]

        assert kind == kind_of(make(workbook([HEADING, ("123 ABC 02", "KZ", "", "03.12.2026", "")])))

    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.data())
    def test_of_any_bytes_are_tables_or_refused(self, data):
        """
        A workbook with some bytes changed, in the archive or inside its sheet, is read or refused by a kind; nothing else is raised.
        """
        good = bytearray(GOOD_BOOK)
        inner = bytearray(member(GOOD_BOOK, SHEET))
        target = data.draw(st.sampled_from([good, inner]))
        for _ in range(data.draw(st.integers(1, 6))):
            target[data.draw(st.integers(0, len(target) - 1))] = data.draw(st.integers(0, 255))
        content = bytes(good) if target is good else repacked(GOOD_BOOK, {SHEET: bytes(inner)})
        try:
            found = read_table(content, columns=COLUMNS)
        except UnableToReadTableError as error:
            found = error.kind

        assert isinstance(found, Table) or found.startswith("file_")

    def test_are_never_unpacked_to_be_measured(self, monkeypatch):
        """
        What is too large is known from the archive's own list.
        """
        monkeypatch.setattr(xlsx_table, "MOST_INFLATED", 10)
        monkeypatch.setattr("zipfile.ZipFile.read", lambda *_: pytest.fail("unpacked"))

        assert "file_inflated" == kind_of(GOOD_BOOK)


GOOD_BOOK = workbook([HEADING, ("123 ABC 02", "KZ", "", "03.12.2026", "")])
