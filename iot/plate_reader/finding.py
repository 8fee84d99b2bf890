"""
Where plates stand in a picture: the finder's boxes in a small view of it, then each one's corners in the full one.
"""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from iot.plate_reader.geometry import Floats, Picture, Quad
from iot.plate_reader.models import CORNERS, FINDER, load
from iot.plate_reader.strips import loose, normalized

GRID: Final = 32
"""The finder halves its picture five times: sides are multiples of this."""
CELL: Final = 8
"""Pixels of the view for each cell of the finder's map."""
MOST_ENLARGED: Final = 2.0
LEAST_ODDS: Final = -3.5
"""Log odds of a plate's middle; below, there is none."""
MOST_FOUND: Final = 6
MOST_OVERLAP: Final = 0.35
LOOKS: Final = 2
"""The network of corners looks again from where it found them first."""
SMALLEST: Final = 6.0
"""Pixels of a plate's width; what is smaller nobody can read."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """
    One place that may be a plate: its corners as seen in each look, the last the best; how sure the finder is that it is one (0–1), and that it
    has two lines (0–1).
    """

    looks: tuple[Quad, ...]
    sure: float
    stacked: float

    @property
    def quad(self) -> Quad:
        """
        Where it is.
        """
        return self.looks[-1]


def find_plates(picture: Picture, *, long_side: int) -> list[Found]:
    """
    The likeliest plates in a picture, surest first, looked for at the given resolution (pixels of the long side).
    """
    height, width = picture.shape[:2]
    scale = min(MOST_ENLARGED, long_side / max(height, width))
    rows, columns = (max(GRID, round(side * scale / GRID) * GRID) for side in (height, width))
    view = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    (answer,) = load(FINDER).run(normalized(np.asarray(view, np.uint8))[None])
    stretch = np.array([width / columns, height / rows] * 2, np.float32)
    boxes = [(box * stretch, sure) for box, sure in _boxes(answer[0])]
    boxes = [(box, sure) for box, sure in boxes if box[2] - box[0] >= SMALLEST]
    return place(picture, boxes)


def place(picture: Picture, boxes: list[tuple[Floats, float]]) -> list[Found]:
    """
    The corners of plates in boxes (x0, y0, x1, y1 in pixels, how sure).
    """
    if not boxes:
        return []
    bounds = np.stack([box for box, _ in boxes])
    looks = []
    for _ in range(LOOKS):
        cuts, around = zip(*(loose(picture, (float(b[0]), float(b[1]), float(b[2]), float(b[3]))) for b in bounds), strict=True)
        shares, stacked = load(CORNERS).run(np.stack([normalized(cut) for cut in cuts]))
        frames = np.stack(around)
        corners = shares.reshape(-1, 4, 2) * (frames[:, None, 2:] - frames[:, None, :2]) + frames[:, None, :2]
        bounds = np.hstack([corners.min(axis=1), corners.max(axis=1)])
        looks.append(corners)
    return [
        Found(tuple(Quad(points.astype(np.float32)) for points in seen), sure, float(lines))
        for seen, (_, sure), lines in zip(zip(*looks, strict=True), boxes, stacked[:, 0], strict=True)
        if np.isfinite(seen).all()
    ]


def _boxes(answer: Any) -> list[tuple[Floats, float]]:
    """
    Peaks of the finder's map as boxes in the view's pixels, surest first, each place once.
    """
    odds = answer[0]
    peaks = (cv2.dilate(odds, np.ones((3, 3), np.uint8)) == odds) & (odds > LEAST_ODDS)
    rows, columns = np.nonzero(peaks)
    chosen: list[tuple[Floats, float]] = []
    for at in np.argsort(-odds[rows, columns]):
        row, column = int(rows[at]), int(columns[at])
        across, down, wide, high = (float(value) for value in answer[1:, row, column])
        x, y = (column + 0.5 + across) * CELL, (row + 0.5 + down) * CELL
        half, up = np.exp(min(wide, 6.0)) * CELL / 2, np.exp(min(high, 6.0)) * CELL / 2
        box = np.array([x - half, y - up, x + half, y + up], np.float32)
        if all(_overlap(box, other) < MOST_OVERLAP for other, _ in chosen):
            chosen.append((box, float(1 / (1 + np.exp(-odds[row, column])))))
        if len(chosen) == MOST_FOUND:
            break
    return chosen


def _overlap(one: Floats, other: Floats) -> float:
    """
    What both cover, of what either covers.
    """
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    shared = float(np.prod(np.maximum(0, high - low)))
    return shared / (float(np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2])) - shared)
