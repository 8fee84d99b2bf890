import numpy as np
import pytest

from bench.plates.lines import rectangle
from bench.plates.plain import Piece, plates_in
from iot.plate_reader.geometry import Quad


def piece(text, *, x=0, y=0, width=200, confidence=0.9):
    return Piece(text, confidence, Quad(rectangle(width=width, height=40).points + np.array([x, y], np.float32)))


def best(*pieces):
    plate = plates_in(pieces)[0]
    return plate.text, plate.country


class TestPlatesIn:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("123 ABC 02", ("123ABC02", "KZ")),
            ("KZ 123ABC02", ("123ABC02", "KZ")),
            ("I23A8CO2", ("123ABC02", "KZ")),
            ("А123ВС 777 RUS", ("A123BC777", "RU")),
            ("AB 1234-7", ("AB12347", "BY")),
        ],
    )
    def test_understands_a_line_by_its_format(self, text, expected):
        """
        Separators and signs left out, Cyrillic as Latin, look-alikes repaired by position.
        """
        assert expected == best(piece(text))

    def test_joins_neighbors_and_stacked_lines(self):
        """
        A region beside its number; the second line of a square plate beneath the first.
        """
        assert ("A123BC777", "RU") == best(piece("A123BC"), piece("777", x=210, width=60))
        assert ("123ABC02", "KZ") == best(piece("123AB", width=120), piece("C02", y=45, width=90))

    def test_takes_what_fits_no_format_for_little(self):
        """
        A known format wins over a longer line of lettering.
        """
        assert ("123ABC02", "KZ") == best(piece("MODEL5000X", y=300), piece("123ABC02", confidence=0.5))
        assert [] == plates_in([piece("KAMAZ")])
