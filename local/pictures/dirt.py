"""
What covers a plate on the road until nobody can read it: mud in summer, packed snow in winter.
"""

from typing import Final

import cv2
import numpy as np

from local.pictures.canvas import Picture, as_picture

MUD: Final = (74, 98, 116)
SNOW: Final = (236, 232, 228)
"""Blue, green, red."""


def cover(plate: Picture, *, snow: bool, chance: np.random.Generator) -> Picture:
    """
    The plate under a crust: its rim still shows in places, none of its characters does.
    """
    rows, columns = plate.shape[:2]
    relief = np.zeros((rows, columns), np.float32)
    for cells, share in ((6, 0.5), (24, 0.3), (90, 0.2)):
        coarse = chance.random((max(2, cells * rows // columns), cells)).astype(np.float32)
        relief += share * cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    base = np.array(SNOW if snow else MUD, np.float32)
    crust = base * (0.72 + 0.5 * relief[..., None])
    edge = np.minimum(np.minimum(np.arange(rows)[:, None], np.arange(rows)[::-1, None]) / (0.14 * rows), 1.0).astype(np.float32)
    thick = np.clip(edge * 1.3 + relief - 0.55, 0, 1)[..., None]
    thick = np.maximum(thick, (edge > 0.5).astype(np.float32)[..., None])  # noqa: PLR2004 - the field of the characters, all of it
    return as_picture(plate * (1 - thick) + crust * thick)
