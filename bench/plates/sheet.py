"""
Misses as one picture to look at: each plate with its surroundings, where it truly is (green), where something was read (red), and both texts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from bench.plates.folder import Box
from iot.plate_reader.geometry import Picture

CELL: Final = (320, 150)
"""Width and height of one plate's picture, pixels; its caption stands under it."""
CAPTION: Final = 40
COLUMNS: Final = 4
AROUND: Final = 0.5
"""Of the plate's width, shown on either side."""
TRUE: Final = (60, 170, 40)
READ: Final = (40, 40, 220)
INK: Final = (30, 30, 30)


@dataclass(frozen=True, slots=True, eq=False)
class Miss:
    """
    A picture whose first reading is not its plate: the plate's box and text, and the reading's, if there is one.
    """

    name: str
    picture: Picture
    box: Box
    text: str
    read_box: Box | None
    read_text: str


def write_sheet(misses: Sequence[Miss], path: Path) -> None:
    """
    Write all of them to an image file, four in a row, in their order.
    """
    cells = [_cell(miss) for miss in misses]
    cells += [np.full_like(cells[0], 255)] * (-len(cells) % COLUMNS)
    rows = [np.hstack(cells[start : start + COLUMNS]) for start in range(0, len(cells), COLUMNS)]
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), np.vstack(rows)):
        raise OSError(f"{path}: cannot be written")


def _cell(miss: Miss) -> Picture:
    left, top, right, bottom = miss.box
    wide = (right - left) * (1 + 2 * AROUND)
    scale = CELL[0] / wide
    x, y = (left + right) / 2 - wide / 2, (top + bottom) / 2 - CELL[1] / scale / 2
    matrix = np.array([[scale, 0, -x * scale], [0, scale, -y * scale]], np.float64)
    view = cv2.warpAffine(miss.picture, matrix, CELL, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=(128, 128, 128))
    for box, color in ((miss.box, TRUE), (miss.read_box, READ)):
        if box is not None:
            low, high = ((round((at - x) * scale), round((to - y) * scale)) for at, to in (box[:2], box[2:]))
            cv2.rectangle(view, low, high, color, 2)
    caption = np.full((CAPTION, CELL[0], 3), 255, np.uint8)
    for line, (words, color) in enumerate(_captions(miss)):
        cv2.putText(caption, words, (6, 16 + 18 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.48, color, 1, cv2.LINE_AA)
    return np.asarray(np.vstack([view, caption]), np.uint8)


def _captions(miss: Miss) -> Iterator[tuple[str, tuple[int, int, int]]]:
    yield _drawable(f"{miss.name}: {miss.text}"), INK
    yield _drawable(f"read: {miss.read_text or 'nothing'}"), READ


def _drawable(words: str) -> str:
    """
    OpenCV's letters are Latin ones; any other is shown as a star.
    """
    return "".join(letter if letter.isascii() else "*" for letter in words)
