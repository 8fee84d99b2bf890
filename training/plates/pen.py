"""
Writing on a plate: characters of a face, laid one after another on a canvas.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from training.plates.lettering import CAP, ROOM, Face

Picture = NDArray[np.uint8]
Color = tuple[int, int, int]
"""Blue, green, red."""

LINE: Final = 72
"""Pixels of a one-line plate's height, as drawn."""
WIDEST: Final = 980
WHITE: Final = (243, 244, 244)
BLACK: Final = (26, 24, 24)


@dataclass(frozen=True, slots=True)
class Style:
    """
    What all lines of one plate share: lettering, colors, and how tightly it is set.
    """

    face: Face
    hans: dict[str, NDArray[np.uint8]]
    ground: Color
    ink: Color
    tight: float


@dataclass(slots=True)
class Pen:
    """
    One line being written from left to right.
    """

    random: Random
    face: Face
    hans: dict[str, NDArray[np.uint8]]
    canvas: Picture
    ink: Color
    x: float
    tall: float
    base: float
    wide: float
    track: float
    bold: int

    def write(self, text: str, *, scale: float = 1.0, base: float | None = None) -> None:
        """
        Write characters at the pen, as high as `scale` of the line's height.
        """
        for character in text:
            mask = self.hans[character] if character in self.hans else self.face.masks[character]
            factor = self.tall * scale / CAP
            size = (max(2, round(mask.shape[1] * factor * self.wide)), max(4, round(mask.shape[0] * factor)))
            glyph = cv2.resize(self._weighed(mask), size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
            paste(self.canvas, glyph, (round(self.x), round((self.base if base is None else base) - (CAP + ROOM) * factor)), self.ink)
            self.x += size[0] + self.track * scale

    def _weighed(self, mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if not self.bold:
            return mask
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (1 + abs(self.bold), 1 + abs(self.bold)))
        return np.asarray(cv2.dilate(mask, kernel) if self.bold > 0 else cv2.erode(mask, kernel), np.uint8)


def paste(canvas: Picture, glyph: NDArray[np.uint8], at: tuple[int, int], ink: Color) -> None:
    """
    Lay ink on a canvas where a mask has it; what falls outside is cut off.
    """
    x, y = at
    left, top = max(0, -x), max(0, -y)
    right, bottom = min(glyph.shape[1], canvas.shape[1] - x), min(glyph.shape[0], canvas.shape[0] - y)
    if right <= left or bottom <= top:
        return
    share = glyph[top:bottom, left:right, None].astype(np.float32) / 255
    under = canvas[y + top : y + bottom, x + left : x + right]
    under[:] = under * (1 - share) + np.array(ink, np.float32) * share


def near(random: Random, color: Color, spread: int) -> Color:
    """
    A color like that one.
    """
    shift = random.gauss(0, spread)
    blue, green, red = (int(min(255, max(0, channel + shift + random.gauss(0, spread / 3)))) for channel in color)
    return blue, green, red
