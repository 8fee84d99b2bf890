import csv
import io
from dataclasses import replace

import pytest

from chalicelib.api.settlement_csv import harmless, tenge, write_csv
from tests.fakes import samples


def settlement():
    """
    The sample settlement.
    """
    return next(item for item in samples.everything() if type(item).__name__ == "Settlement")


class TestCsv:
    @pytest.mark.parametrize("risk", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\0x", ";x", "＝1", "＋1", "－1", "＠x"])
    def test_has_no_cell_that_is_a_formula(self, risk):
        """
        T07: whatever a name begins with, a spreadsheet takes it for a text.
        """
        row = replace(settlement().rows[0], checkpoint=risk)
        written = write_csv(replace(settlement(), rows=(row,))).decode("utf-8-sig")

        assert f"'{risk}" == harmless(risk)
        assert f"'{risk}" == next(csv.reader(io.StringIO(written.split("\r\n", 1)[1], newline="")))[1]

    def test_keeps_sums_numbers_and_adds_them_up(self):
        """
        Rows and total are read back as the same figures.
        """
        rows = list(csv.DictReader(io.StringIO(write_csv(settlement()).decode("utf-8-sig"), newline="")))

        assert sum(float(row["total_kzt"]) for row in rows[:-1]) == float(rows[-1]["total_kzt"]) == settlement().due / 100
        assert "total" == rows[-1]["checkpoint"]

    @pytest.mark.parametrize(("tiyn", "written"), [(0, "0.00"), (5, "0.05"), (865_000, "8650.00"), (-150, "-1.50")])
    def test_writes_tiyn_as_tenge(self, tiyn, written):
        """
        Integers all the way: no float ever holds money.
        """
        assert written == tenge(tiyn)
