"""
A sheet to draw on in millimeters: filled shapes, shaded fields, strokes, soft lights.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from local.pictures import glyphs

Picture = NDArray[np.uint8]
Color = tuple[int, int, int]
"""Red, green, blue, 0–255: as people write colors. OpenCV's own order stays inside this file."""
Place = tuple[float, float]

FRACTION_BITS = 4
"""OpenCV's fixed-point coordinates: edges fall between pixels."""


def shade(color: Color, factor: float) -> Color:
    """
    The color in more or less light.
    """
    red, green, blue = (max(0, min(255, round(part * factor))) for part in color)
    return red, green, blue


def as_picture(values: Any) -> Picture:
    """
    Computed light as a picture again: rounded down, kept within 0–255.
    """
    return np.asarray(np.clip(values, 0, 255), np.float32).astype(np.uint8)


class Canvas:
    """
    `width` × `height` millimeters at `scale` pixels each; x to the right, y down, from the upper left corner.
    """

    def __init__(self, *, width: float, height: float, scale: float, color: Color = (255, 255, 255)) -> None:
        self.scale = scale
        self.picture: Picture = np.empty((round(height * scale), round(width * scale), 3), np.uint8)
        self.picture[:] = color[::-1]

    def polygon(self, points: Sequence[Place], color: Color) -> None:
        """
        A filled polygon.
        """
        cv2.fillPoly(self.picture, [self._fixed(points)], color[::-1], cv2.LINE_AA, FRACTION_BITS)

    def box(self, x: float, y: float, width: float, height: float, color: Color, *, radius: float = 0.0) -> None:
        """
        A filled rectangle with round corners.
        """
        self.polygon(rounded(x, y, width, height, radius), color)

    def ellipse(self, center: Place, radii: Place, color: Color) -> None:
        """
        A filled ellipse.
        """
        unit = self.scale * 2**FRACTION_BITS
        middle = round(center[0] * unit), round(center[1] * unit)
        axes = max(1, round(radii[0] * unit)), max(1, round(radii[1] * unit))
        cv2.ellipse(self.picture, middle, axes, 0, 0, 360, color[::-1], -1, cv2.LINE_AA, FRACTION_BITS)

    def stroke(self, points: Sequence[Place], color: Color, *, width: float) -> None:
        """
        A line with round ends, `width` millimeters wide.
        """
        cv2.polylines(
            self.picture,
            [self._fixed(points)],
            False,
            color[::-1],
            max(1, round(width * self.scale)),
            cv2.LINE_AA,
            FRACTION_BITS,
        )

    def shaded(self, points: Sequence[Place], top: Color, bottom: Color) -> None:
        """
        A polygon whose color runs from top to bottom.
        """
        x, y, width, height = self._bounds(points)
        if width <= 0 or height <= 0:
            return
        mask = np.zeros((height, width), np.uint8)
        origin = np.array([x, y], np.int32) * 2**FRACTION_BITS
        cv2.fillPoly(mask, [self._fixed(points) - origin], 255, cv2.LINE_AA, FRACTION_BITS)
        run = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
        ends = np.array([top[::-1], bottom[::-1]], np.float32)
        field = ends[0] * (1 - run) + ends[1] * run
        share = mask[..., None].astype(np.float32) / 255
        below = self.picture[y : y + height, x : x + width]
        below[:] = (below * (1 - share) + field * share).astype(np.uint8)

    def light(self, center: Place, radius: float, color: Color, *, strength: float) -> None:
        """
        A soft glow that brightens what is there.
        """
        size = int(radius * self.scale)
        x, y = int(center[0] * self.scale), int(center[1] * self.scale)
        rows, columns = self.picture.shape[:2]
        top, bottom, left, right = max(0, y - size), min(rows, y + size), max(0, x - size), min(columns, x + size)
        if top >= bottom or left >= right:
            return
        distance = np.hypot(np.arange(top, bottom)[:, None] - y, np.arange(left, right)[None] - x).astype(np.float32) / size
        glow = (np.clip(1 - distance, 0, 1) ** 2 * strength)[..., None] * np.array(color[::-1], np.float32)
        field = self.picture[top:bottom, left:right]
        field[:] = np.clip(field + glow, 0, 255).astype(np.uint8)

    def text(self, text: str, at: Place, color: Color, *, height: float, weight: float, gap: float) -> float:
        """
        Lettering from its upper left corner, `height` millimeters high with strokes of `weight`; gives the x where it ends.
        """
        x, y = at
        tall = height - weight
        for character in text:
            for chain in glyphs.outline(character):
                placed = [(x + weight / 2 + across * tall, y + weight / 2 + down * tall) for across, down in chain]
                self.stroke(placed, color, width=weight)
            x += glyphs.width(character) * tall + weight + gap
        return x - gap

    def _fixed(self, points: Sequence[Place]) -> Any:
        return np.round(np.array(points, np.float64) * self.scale * 2**FRACTION_BITS).astype(np.int32)

    def _bounds(self, points: Sequence[Place]) -> tuple[int, int, int, int]:
        rows, columns = self.picture.shape[:2]
        low = np.clip(np.floor(np.min(points, axis=0) * self.scale), 0, (columns, rows)).astype(int)
        high = np.clip(np.ceil(np.max(points, axis=0) * self.scale) + 1, 0, (columns, rows)).astype(int)
        return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])


def text_width(text: str, *, height: float, weight: float, gap: float) -> float:
    """
    How wide lettering will be, in millimeters.
    """
    tall = height - weight
    return sum(glyphs.width(character) * tall + weight + gap for character in text) - gap


def rounded(x: float, y: float, width: float, height: float, radius: float) -> list[Place]:
    """
    The outline of a rectangle with round corners.
    """
    corners = (
        (x + width - radius, y + radius, -90),
        (x + width - radius, y + height - radius, 0),
        (x + radius, y + height - radius, 90),
        (x + radius, y + radius, 180),
    )
    if radius <= 0:
        return [(x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    turns = np.radians(np.linspace(0, 90, 7))
    return [
        (center_x + radius * float(np.cos(np.radians(start) + turn)), center_y + radius * float(np.sin(np.radians(start) + turn)))
        for center_x, center_y, start in corners
        for turn in turns
    ]
