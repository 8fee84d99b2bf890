"""
What the reading network sees of a plate: a strip 160 × 32 pixels, upright; of a two-line plate the lower line beside the upper one.
"""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from iot.plate_reader.geometry import Floats, Picture

WIDTH: Final = 160
HEIGHT: Final = 32
FINE: Final = 2
"""A plate is cut out this much finer, then shrunk smoothly."""
LOOSE_WIDTH: Final = 112
LOOSE_HEIGHT: Final = 48
"""What the network of corners sees: a plate with its surroundings, whatever its proportions."""
ASIDE: Final = 0.15
ABOVE: Final = 0.4
"""Of a found box' width and height, added on either side for the network of corners."""
LEAST_SIDE: Final = 2
MOST_DETAIL: Final = 2.0
"""Pixels of the picture for each of the cut; a finer piece is shrunk before it is warped, else warping would skip pixels."""
LEAST_CONTRAST: Final = 10.0


def strip(picture: Picture, corners: Floats, *, lines: int) -> Picture:
    """
    Cut a plate out by its four corners (pixels, clockwise from the top left); `lines` is 1 or 2. Shape 32 × 160 × 3.
    """
    wide, high = (WIDTH, HEIGHT) if lines == 1 else (WIDTH // 2, 2 * HEIGHT)
    size = (wide * FINE, high * FINE)
    upright = warped(picture, corners, size=size)
    small = cv2.resize(upright, (wide, high), interpolation=cv2.INTER_AREA)
    return np.asarray(small if lines == 1 else np.hstack([small[:HEIGHT], small[HEIGHT:]]), np.uint8)


def warped(picture: Picture, corners: Floats, *, size: tuple[int, int]) -> Any:
    """
    The four-cornered piece of a picture as a rectangle of `size` (width, height); a far larger piece is first shrunk smoothly.
    """
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 2, 0)
    high = np.ceil(corners.max(axis=0)).astype(int) + 3
    piece = picture[low[1] : high[1], low[0] : high[0]]
    if min(piece.shape[:2]) < LEAST_SIDE:
        return np.zeros((size[1], size[0], 3), np.uint8)
    points = (corners - low).astype(np.float32)
    shrink = float(np.linalg.norm(points[1] - points[0])) / size[0]
    if shrink > MOST_DETAIL:
        scale = MOST_DETAIL / shrink
        piece = cv2.resize(piece, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        points = points * scale
    matrix = cv2.getPerspectiveTransform(points.astype(np.float32), target)
    return cv2.warpPerspective(piece, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def loose(picture: Picture, box: tuple[float, float, float, float]) -> tuple[Picture, Floats]:
    """
    A found box (x0, y0, x1, y1) with its surroundings, 112 × 48, and the box' enlarged bounds in the picture.
    """
    x0, y0, x1, y1 = box
    aside, above = (x1 - x0) * ASIDE, (y1 - y0) * ABOVE
    bounds = np.array([x0 - aside, y0 - above, x1 + aside, y1 + above], np.float32)
    left, top, right, bottom = (float(item) for item in bounds)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    fine = warped(picture, corners, size=(LOOSE_WIDTH * FINE, LOOSE_HEIGHT * FINE))
    return np.asarray(cv2.resize(fine, (LOOSE_WIDTH, LOOSE_HEIGHT), interpolation=cv2.INTER_AREA), np.uint8), bounds


def normalized(picture: Picture) -> NDArray[np.float32]:
    """
    A picture with mean 0 and deviation 1, channels first: light and contrast are not what a plate is read by.
    """
    values = picture.astype(np.float32)
    contrast = max(LEAST_CONTRAST, float(values.std()))
    return np.ascontiguousarray(((values - values.mean()) / contrast).transpose(2, 0, 1))
