"""
Lines of text as a general reader finds them: which goes on in which, and which stand above each other.
"""

from typing import Any, Final

import cv2
import numpy as np

from iot.plate_reader.geometry import Floats, Quad

MOST_OVERLAP: Final = -0.6
WIDEST_GAP: Final = 1.3
MOST_ASIDE: Final = 0.45
HEIGHTS_IN_A_ROW: Final = (0.4, 1.8)
"""Right over left: a Russian region is smaller than its number."""
HEIGHTS_IN_A_STACK: Final = (0.6, 1.6)
LINE_SPACINGS: Final = (0.5, 1.8)
"""All in multiples of the text boxes' height."""


def rectangle(*, width: int, height: int) -> Quad:
    """
    The box that is a whole picture.
    """
    return Quad(np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32))


def around(points: Any) -> Quad:
    """
    The smallest rotated box around points, its corners in reading order for text that runs from left to right.
    """
    corners = cv2.boxPoints(cv2.minAreaRect(np.asarray(points, np.float32).reshape(-1, 1, 2)))
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    top_left, bottom_left = sorted(by_x[:2].tolist(), key=lambda point: point[1])
    top_right, bottom_right = sorted(by_x[2:].tolist(), key=lambda point: point[1])
    return Quad(np.array([top_left, top_right, bottom_right, bottom_left], np.float32))


def joined(one: Quad, other: Quad) -> Quad:
    """
    The box around both.
    """
    return around(np.vstack([one.points, other.points]))


def follows(left: Quad, right: Quad) -> bool:
    """
    Tell whether the right box goes on in the left one's line, as a region does after a number.
    """
    offset = np.array(right.center) - np.array(left.center)
    forward = float(offset @ _along(left))
    aside = abs(float(offset[0] * _along(left)[1] - offset[1] * _along(left)[0]))
    gap = forward - (_width(left) + _width(right)) / 2
    tall = max(left.height, right.height)
    near = MOST_OVERLAP * tall < gap < WIDEST_GAP * tall and aside < MOST_ASIDE * tall
    return forward > 0 and near and _between(right.height / max(left.height, 1.0), HEIGHTS_IN_A_ROW)


def stands_over(upper: Quad, lower: Quad) -> bool:
    """
    Tell whether two boxes are the lines of one two-line plate.
    """
    offset = np.array(lower.center) - np.array(upper.center)
    aside = abs(float(offset @ _along(upper)))
    below = float(offset[1] * _along(upper)[0] - offset[0] * _along(upper)[1])
    tall = (upper.height + lower.height) / 2
    near = _between(below / tall, LINE_SPACINGS) and aside < max(_width(upper), _width(lower)) / 2
    return near and _between(lower.height / max(upper.height, 1.0), HEIGHTS_IN_A_STACK)


def _width(box: Quad) -> float:
    """
    Mean length of the upper and lower edge in pixels.
    """
    one, two, three, four = box.points
    return float(np.linalg.norm(two - one) + np.linalg.norm(three - four)) / 2


def _along(box: Quad) -> Floats:
    """
    The unit vector in which its text runs.
    """
    edge = box.points[1] - box.points[0] + box.points[2] - box.points[3]
    unit: Floats = edge / max(float(np.linalg.norm(edge)), 1e-6)
    return unit


def _between(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] < value < limits[1]
