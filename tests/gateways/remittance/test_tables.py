import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from chalicelib.domain.remittance import Beneficiary, payment_orders
from chalicelib.gateways.remittance.tables import COLUMNS, ORDER_COLUMNS, RISKY, harmless, write_csv, write_xlsx
from tests.fakes.settlements import requisites, row, settlement

RISKS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\0x", ";x", "＝1", "＋1", "－1", "＠x"]
NASTY = [
    'a"b',
    "a,b;c",
    "a\r\nb\nc",
    "ж" * 40_000,
    "العربية",
    "Қорғас (Khorgos)",
    "'=already quoted",
    " =after a blank",
    '=HYPERLINK("http://x";"y")',
]
TURNED = "abc\u202edef\u2066ghi\u200f"


def with_names(text):
    """
    Bank details whose every text is `text`, past what their own check would let in.
    """
    known = requisites()
    there = known.regions["19"]
    party = replace(there.party)
    object.__setattr__(party, "titles", {"kk": text, "ru": text})
    beneficiary = Beneficiary(there.party, there.budget_code, there.knp, there.purpose)
    object.__setattr__(beneficiary, "party", party)
    object.__setattr__(beneficiary, "purpose", {"kk": text, "ru": ""})
    return replace(known, regions={"19": beneficiary})


def csv_rows(settled):
    """
    Read a settlement's CSV as another program does.
    """
    return list(csv.DictReader(io.StringIO(write_csv(settled).decode("utf-8-sig"), newline="")))


def sheets(settled, known):
    """
    Read a settlement's workbook with a reader that did not write it.
    """
    book = CalamineWorkbook.from_filelike(io.BytesIO(write_xlsx(settled, payment_orders(settled, known))))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


class TestBoth:
    @pytest.mark.parametrize("text", [*RISKS, *NASTY])
    def test_keep_every_text_of_every_field_a_text(self, text):
        """
        T07: whatever a name begins with or holds, another program reads that name back, as a text and not as a formula.
        """
        settled = settlement(row(checkpoint=text, place_class=text))
        wanted = harmless(text)
        written = csv_rows(settled)[0]
        told = sheets(settled, with_names(text))

        assert (wanted, wanted) == (written["checkpoint"], written["class"])
        # a spreadsheet's cell holds no control signs, one kind of line end, and 32,767 signs
        kept = harmless(text.replace("\0", ""))[:32_767].replace("\r\n", "\n").replace("\r", "\n")
        for cell in (*told["settlement"][1][1:3], *told["orders"][1][2:4]):
            assert cell.replace("_x000D_", "\n").replace("\n\n", "\n") == kept
        assert not told["orders"][1][10].startswith(RISKY)

    def test_keep_sums_numbers_and_add_them_up(self):
        """
        Rows and total are read back as the same figures, in tenge with tiyn.
        """
        settled = settlement(row(fees=1_000_000_000_001), row(checkpoint="kolzhat", fees=5, forfeits=-150, region="05"))
        written = csv_rows(settled)
        told = [dict(zip(COLUMNS, cells, strict=True)) for cells in sheets(settled, requisites("19", "05"))["settlement"][1:]]

        assert ["10000000000.01", "-1.45"] == [each["total_kzt"] for each in written[:-1]]
        assert [10_000_000_000.01, -1.45] == [each["total_kzt"] for each in told[:-1]]
        assert {float} == {type(each["total_kzt"]) for each in told}
        assert settled.due == 100 * Decimal(written[-1]["total_kzt"]) == round(100 * told[-1]["total_kzt"])
        assert "total" == written[-1]["checkpoint"] == told[-1]["checkpoint"]

    def test_have_no_mark_that_turns_the_direction(self):
        """
        A right-to-left override cannot make one account look like another.
        """
        assert "abcdefghi" == harmless(TURNED)
        assert "'=abcdef" == harmless("\u202e=abc\u202ddef")


class TestXlsx:
    def test_lists_the_orders_with_their_beneficiaries(self):
        """
        The second sheet names whom each region's money goes to, and that it is a sample.
        """
        settled = settlement(row(), row(checkpoint="kolzhat", region="05", fees=7))
        heading, first, second = sheets(settled, requisites("19", "05"))["orders"]
        order = dict(zip(heading, first, strict=True))

        assert list(ORDER_COLUMNS) == heading
        assert ("20261203-05", 0.07, "sample") == (order["number"], order["amount_kzt"], order["sample"])
        assert ("19", 4325.0) == (second[1], second[11])
        assert order["iik"].startswith("KZ")
