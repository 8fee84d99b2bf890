"""
Where text stands in a picture: differentiable binarization (Liao 2020) by the packaged detection network.
"""

from typing import Any, Final

import cv2
import numpy as np

from iot.plate_reader.geometry import Picture, Quad, around
from iot.plate_reader.models import DETECTION, as_batch, load

GRID: Final = 32
"""The network halves its picture five times: sides are multiples of this."""
SURE: Final = 0.3
MEAN_SURE: Final = 0.5
UNCLIP: Final = 1.6
"""The network is taught shrunken boxes; they grow back by area ÷ perimeter times this."""
MOST_BOXES: Final = 200
LEAST_SIDE: Final = 3
"""Pixels of the network's map; smaller spots are noise."""
MOST_ENLARGED: Final = 2.0
MOST_PIXELS: Final = 1_000_000
"""Of the network's view: it needs about 300 bytes for each."""


def find_text(picture: Picture, *, long_side: int) -> list[Quad]:
    """
    Boxes around lines of text, found at the given resolution (pixels of the long side), in the picture's own pixels.
    """
    height, width = picture.shape[:2]
    scale = min(MOST_ENLARGED, long_side / max(height, width), (MOST_PIXELS / (height * width)) ** 0.5)
    rows, columns = (max(GRID, round(side * scale / GRID) * GRID) for side in (height, width))
    small = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    sureness = load(DETECTION).run(as_batch(np.asarray(small, np.uint8)))[0, 0]
    mask = cv2.dilate((sureness > SURE).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    stretch = np.array([width / columns, height / rows], np.float32)
    boxes = (_box(sureness, outline) for outline in outlines[:MOST_BOXES])
    return [Quad(box.points * stretch) for box in boxes if box is not None]


def _box(sureness: Any, outline: Any) -> Quad | None:
    center, (width, height), angle = cv2.minAreaRect(outline)
    if min(width, height) < LEAST_SIDE or _mean_sureness(sureness, outline) < MEAN_SURE:
        return None
    grow = 2 * UNCLIP * width * height / (2 * (width + height))
    return around(cv2.boxPoints((center, (width + grow, height + grow), angle)))


def _mean_sureness(sureness: Any, outline: Any) -> float:
    x, y, width, height = cv2.boundingRect(outline)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [outline - np.array([x, y])], 1)
    return float(cv2.mean(sureness[y : y + height, x : x + width], inside)[0])
