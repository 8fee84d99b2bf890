"""
Four-cornered text boxes in pictures: measured, widened, joined and cut out upright.
"""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""A picture as OpenCV keeps it: height × width × 3, blue-green-red, 8 bits."""

Floats = NDArray[np.float32]

MOST_OVERLAP: Final = -0.6
WIDEST_GAP: Final = 1.3
MOST_ASIDE: Final = 0.45
HEIGHTS_IN_A_ROW: Final = (0.4, 1.8)
"""Right over left: a Russian region is smaller than its number."""
HEIGHTS_IN_A_STACK: Final = (0.6, 1.6)
LINE_SPACINGS: Final = (0.5, 1.8)
"""All in multiples of the text boxes' height."""


@dataclass(frozen=True, slots=True)
class Quad:
    """
    A rotated text box; `points` are its corners in pixels, clockwise from the top left of the text, shape (4, 2).
    """

    points: Floats

    @property
    def width(self) -> float:
        """
        Mean length of the upper and lower edge in pixels.
        """
        one, two, three, four = self.points
        return float(np.linalg.norm(two - one) + np.linalg.norm(three - four)) / 2

    @property
    def height(self) -> float:
        """
        Mean length of the left and right edge in pixels.
        """
        one, two, three, four = self.points
        return float(np.linalg.norm(four - one) + np.linalg.norm(three - two)) / 2

    @property
    def center(self) -> tuple[float, float]:
        """
        The middle, x and y in pixels.
        """
        middle = self.points.mean(axis=0)
        return float(middle[0]), float(middle[1])

    @property
    def along(self) -> Floats:
        """
        The unit vector in which its text runs.
        """
        edge = self.points[1] - self.points[0] + self.points[2] - self.points[3]
        unit: Floats = edge / max(float(np.linalg.norm(edge)), 1e-6)
        return unit

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """
        The upright box around it: x0, y0, x1, y1 in pixels.
        """
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        return int(low[0]), int(low[1]), int(high[0]), int(high[1])

    def moved(self, across: float, down: float) -> "Quad":
        """
        The same box elsewhere, in pixels.
        """
        return Quad(self.points + np.array([across, down], np.float32))

    def holds(self, point: tuple[float, float]) -> bool:
        """
        Tell whether a point lies inside.
        """
        return bool(cv2.pointPolygonTest(self.points.reshape(-1, 1, 2), point, measureDist=False) >= 0)

    def overlaps(self, other: "Quad") -> bool:
        """
        Tell whether either one's middle lies in the other.
        """
        return self.holds(other.center) or other.holds(self.center)


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
    forward = float(offset @ left.along)
    aside = abs(float(offset[0] * left.along[1] - offset[1] * left.along[0]))
    gap = forward - (left.width + right.width) / 2
    tall = max(left.height, right.height)
    near = MOST_OVERLAP * tall < gap < WIDEST_GAP * tall and aside < MOST_ASIDE * tall
    return forward > 0 and near and _between(right.height / max(left.height, 1.0), HEIGHTS_IN_A_ROW)


def stands_over(upper: Quad, lower: Quad) -> bool:
    """
    Tell whether two boxes are the lines of one two-line plate.
    """
    offset = np.array(lower.center) - np.array(upper.center)
    aside = abs(float(offset @ upper.along))
    below = float(offset[1] * upper.along[0] - offset[0] * upper.along[1])
    tall = (upper.height + lower.height) / 2
    near = _between(below / tall, LINE_SPACINGS) and aside < max(upper.width, lower.width) / 2
    return near and _between(lower.height / max(upper.height, 1.0), HEIGHTS_IN_A_STACK)


def _between(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] < value < limits[1]
