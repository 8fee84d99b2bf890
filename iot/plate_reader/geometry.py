"""
Four-cornered boxes in pictures.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""A picture as OpenCV keeps it: height × width × 3, blue-green-red, 8 bits."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Quad:
    """
    A four-cornered box around a plate or its text; `points` are its corners in pixels, clockwise from the top left of the text, shape (4, 2).
    """

    points: Floats

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
    def bounds(self) -> tuple[int, int, int, int]:
        """
        The upright box around it: x0, y0, x1, y1 in pixels.
        """
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        return int(low[0]), int(low[1]), int(high[0]), int(high[1])

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
