import pytest

from bench.plates.border import look, table

LOTS = 4
LOT = 126
LEAST_AT_GOOD_QUALITY = 0.9
LEAST = 0.84


class TestBorderSet:
    @pytest.mark.parametrize("lot", range(LOTS))
    def test_is_read_as_well_as_the_bench_says(self, lot, capsys):
        """
        504 drawn scenes of every country, in lots: nine of ten plates at good quality are exact, and five of six under dirt, snow and night.
        """
        found = [look(number) for number in range(lot * LOT, (lot + 1) * LOT)]
        good = [item.exact for item in found if item.condition == "good"]
        told = table(found)
        capsys.readouterr()

        assert sum(good) >= LEAST_AT_GOOD_QUALITY * len(good), told
        assert sum(item.exact for item in found) >= LEAST * len(found), told
