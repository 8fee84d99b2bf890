import cv2
import numpy as np
import pytest

from bench.plates.sheet import CAPTION, CELL, COLUMNS, READ, TRUE, Miss, write_sheet


def miss(*, read_box=(40, 60, 110, 80), read_text="123ABC0"):
    return Miss("kz/1.jpg", np.full((200, 300, 3), 90, np.uint8), (40, 60, 120, 80), "新123ABC02", read_box, read_text)


class TestSheet:
    @pytest.mark.parametrize(("count", "rows"), [(1, 1), (4, 1), (5, 2)])
    def test_shows_four_misses_in_a_row(self, tmp_path, count, rows):
        """
        Each in its cell with a caption; the last row is filled with white.
        """
        write_sheet([miss()] * count, tmp_path / "sheets" / "misses.png")
        sheet = cv2.imread(str(tmp_path / "sheets" / "misses.png"))
        assert sheet.shape == (rows * (CELL[1] + CAPTION), COLUMNS * CELL[0], 3)

    def test_frames_the_true_plate_and_what_was_read(self, tmp_path):
        """
        Green is where it is, red where something was read; nothing is red where nothing was read.
        """
        for name, one in (("read", miss()), ("lost", miss(read_box=None, read_text=""))):
            write_sheet([one], tmp_path / f"{name}.png")
            view = cv2.imread(str(tmp_path / f"{name}.png"))[: CELL[1], : CELL[0]]
            assert (view == TRUE).all(axis=2).any()
            assert (view == READ).all(axis=2).any() == (name == "read")

    def test_a_file_that_cannot_be_written_is_an_error(self, tmp_path):
        """
        Said, with its path, not silently lost.
        """
        (tmp_path / "misses.png").mkdir()
        with pytest.raises(OSError, match=r"misses\.png"):
            write_sheet([miss()], tmp_path / "misses.png")
