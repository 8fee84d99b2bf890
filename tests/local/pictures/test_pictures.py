import subprocess
import sys

import numpy as np
import pytest

from iot.plate_reader.images import decode
from local.pictures import draw_truck, draw_unreadable, glyphs
from local.pictures.plate import LAYOUTS, UnableToDrawPlateError, draw_plate


class TestPhotographs:
    def test_the_same_seed_gives_the_same_bytes(self):
        """A photograph is a function of its arguments: a story told twice shows the same pictures."""
        assert draw_truck(plate="123ABC02", seed=3) == draw_truck(plate="123ABC02", seed=3)

    def test_another_seed_or_plate_gives_another_picture(self):
        """Trucks differ by seed, and by nothing but the plate where the seed is the same."""
        first = decode(draw_truck(plate="123ABC02", seed=3)).astype(int)
        assert np.abs(first - decode(draw_truck(plate="123ABC02", seed=4))).mean() > 10
        changed = np.abs(first - decode(draw_truck(plate="987XYZ14", seed=3))).max(axis=2) > 60
        rows, columns = np.nonzero(changed)
        assert changed.any()
        assert np.ptp(columns) < 200
        assert np.ptp(rows) < 80

    def test_a_covered_plate_is_a_picture_of_its_own(self):
        """The unreadable photograph differs from the readable one of the same truck only at the plate."""
        clean, covered = decode(draw_truck(plate="123ABC02", seed=2)).astype(int), decode(draw_unreadable(seed=2))
        changed = np.abs(clean - covered).max(axis=2) > 60
        assert 0 < changed.mean() < 0.01

    def test_the_command_line_draws_into_a_file(self, tmp_path):
        """`python -m local.pictures` writes a JPEG where it is told."""
        command = [sys.executable, "-m", "local.pictures", "--plate", "123ABC02", "--seed", "5", str(tmp_path / "out.jpg")]
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        assert "123ABC02" in told.stdout
        assert decode((tmp_path / "out.jpg").read_bytes()).shape == (1080, 1440, 3)


class TestPlates:
    @pytest.mark.parametrize(
        ("plate", "country"),
        [
            ("123ABC02", "KZ"),
            ("123AB02", "KZ"),
            ("12ABC02", "KZ"),
            ("A123BC777", "RU"),
            ("01A234BC", "UZ"),
            ("01123ABC", "KG"),
            ("F12A45", "CN"),
        ],
    )
    def test_a_plate_has_true_proportions(self, plate, country):
        """520 × 112 mm, whatever stands on it, and the lettering keeps inside the rim."""
        picture = draw_plate(plate=plate, country=country).picture
        assert picture.shape[1] / picture.shape[0] == pytest.approx(520 / 112, abs=0.01)
        assert (picture[8:-8, 6:10].min(axis=2) > 20).all()
        assert (picture[40:-40, -12:-8].max(axis=2) > 200).all()

    @pytest.mark.parametrize(
        ("plate", "country"), [("ABC", "KZ"), ("123ABC2", "KZ"), ("123abc02", "KZ"), ("W123BC77", "RU"), ("123ABC02", "FR")]
    )
    def test_a_text_that_is_no_plate_is_not_drawn(self, plate, country):
        """What the country does not write, or a country without layout, is refused by name."""
        with pytest.raises(UnableToDrawPlateError):
            draw_plate(plate=plate, country=country)

    def test_every_layout_has_letters_for_its_plates(self):
        """All 36 characters have a glyph one unit high; anything else is refused."""
        assert set(glyphs.GLYPHS) == set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        for character in glyphs.GLYPHS:
            heights = [y for chain in glyphs.outline(character) for _, y in chain]
            assert min(heights) >= -0.01
            assert 0.9 < max(heights) <= 1.05
        with pytest.raises(glyphs.NoGlyphError):
            glyphs.outline("Ж")
        assert set(LAYOUTS) == {"KZ", "RU", "UZ", "KG", "CN"}
