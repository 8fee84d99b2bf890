"""
Digits and letters as strokes, in the manner of road and plate lettering; drawn for this project, so that no font is needed.

A glyph is one unit high, x to the right, y down. A stroke is a chain of steps: `(x, y)` goes straight there,
`(cx, cy, rx, ry, from, to)` follows an ellipse between two angles (degrees, 0 right, 90 down).
"""

import math
from typing import Final

Point = tuple[float, float]
Arc = tuple[float, float, float, float, float, float]
Stroke = tuple[Point | Arc, ...]

_BOWL: Final[Stroke] = ((0.25, 0.25, 0.25, 0.25, 180, 360), (0.25, 0.75, 0.25, 0.25, 0, 180), (0.0, 0.25))
_WIDE_BOWL: Final[Stroke] = ((0.28, 0.28, 0.28, 0.28, 180, 360), (0.28, 0.72, 0.28, 0.28, 0, 180), (0.0, 0.28))
_OPEN_BOWL: Final[Stroke] = ((0.27, 0.27, 0.27, 0.27, -25, -180), (0.27, 0.73, 0.27, 0.27, 180, 25))

GLYPHS: Final[dict[str, tuple[Stroke, ...]]] = {
    "0": (_BOWL,),
    "1": (((0.0, 0.24), (0.24, 0.0), (0.24, 1.0)),),
    "2": (((0.25, 0.26, 0.25, 0.26, 185, 392), (0.0, 1.0), (0.52, 1.0)),),
    "3": (((0.25, 0.24, 0.22, 0.24, 195, 450), (0.25, 0.74, 0.26, 0.26, -90, 165)),),
    "4": (((0.28, 0.0), (0.0, 0.74), (0.54, 0.74)), ((0.4, 0.46), (0.4, 1.0))),
    "5": (((0.48, 0.0), (0.09, 0.0), (0.05, 0.46), (0.25, 0.69, 0.26, 0.31, -135, 155)),),
    "6": (((0.36, 0.0), (0.03, 0.6)), ((0.26, 0.72, 0.26, 0.28, 0, 360),)),
    "7": (((0.0, 0.0), (0.5, 0.0), (0.18, 1.0)),),
    "8": (((0.26, 0.24, 0.21, 0.24, 90, 450),), ((0.26, 0.74, 0.26, 0.26, -90, 270),)),
    "9": (((0.16, 1.0), (0.49, 0.4)), ((0.26, 0.28, 0.26, 0.28, 0, 360),)),
    "A": (((0.0, 1.0), (0.29, 0.0), (0.58, 1.0)), ((0.1, 0.67), (0.48, 0.67))),
    "B": (
        ((0.0, 0.0), (0.26, 0.23, 0.21, 0.23, -90, 90), (0.0, 0.46)),
        ((0.26, 0.46), (0.27, 0.73, 0.25, 0.27, -90, 90), (0.0, 1.0), (0.0, 0.0)),
    ),
    "C": (_OPEN_BOWL,),
    "D": (((0.0, 0.0), (0.22, 0.3, 0.3, 0.3, -90, 0), (0.22, 0.7, 0.3, 0.3, 0, 90), (0.0, 1.0), (0.0, 0.0)),),
    "E": (((0.46, 0.0), (0.0, 0.0), (0.0, 1.0), (0.48, 1.0)), ((0.0, 0.48), (0.38, 0.48))),
    "F": (((0.46, 0.0), (0.0, 0.0), (0.0, 1.0)), ((0.0, 0.48), (0.38, 0.48))),
    "G": ((*_OPEN_BOWL, (0.52, 0.54), (0.3, 0.54)),),
    "H": (((0.0, 0.0), (0.0, 1.0)), ((0.52, 0.0), (0.52, 1.0)), ((0.0, 0.48), (0.52, 0.48))),
    "I": (((0.0, 0.0), (0.0, 1.0)),),
    "J": (((0.4, 0.0), (0.2, 0.78, 0.2, 0.22, 0, 170)),),
    "K": (((0.0, 0.0), (0.0, 1.0)), ((0.5, 0.0), (0.02, 0.58)), ((0.17, 0.42), (0.53, 1.0))),
    "L": (((0.0, 0.0), (0.0, 1.0), (0.46, 1.0)),),
    "M": (((0.0, 1.0), (0.0, 0.0), (0.32, 0.62), (0.64, 0.0), (0.64, 1.0)),),
    "N": (((0.0, 1.0), (0.0, 0.0), (0.52, 1.0), (0.52, 0.0)),),
    "O": (_WIDE_BOWL,),
    "P": (((0.0, 1.0), (0.0, 0.0), (0.26, 0.28, 0.25, 0.28, -90, 90), (0.0, 0.56)),),
    "Q": (_WIDE_BOWL, ((0.34, 0.72), (0.58, 1.04))),
    "R": (((0.0, 1.0), (0.0, 0.0), (0.26, 0.26, 0.25, 0.26, -90, 90), (0.0, 0.52)), ((0.26, 0.52), (0.52, 1.0))),
    "S": (((0.26, 0.25, 0.24, 0.25, -25, -270), (0.26, 0.75, 0.26, 0.25, -90, 155)),),
    "T": (((0.0, 0.0), (0.54, 0.0)), ((0.27, 0.0), (0.27, 1.0))),
    "U": (((0.0, 0.0), (0.26, 0.74, 0.26, 0.26, 180, 0), (0.52, 0.0)),),
    "V": (((0.0, 0.0), (0.28, 1.0), (0.56, 0.0)),),
    "W": (((0.0, 0.0), (0.2, 1.0), (0.4, 0.25), (0.6, 1.0), (0.8, 0.0)),),
    "X": (((0.0, 0.0), (0.54, 1.0)), ((0.54, 0.0), (0.0, 1.0))),
    "Y": (((0.0, 0.0), (0.27, 0.5), (0.54, 0.0)), ((0.27, 0.5), (0.27, 1.0))),
    "Z": (((0.02, 0.0), (0.5, 0.0), (0.0, 1.0), (0.52, 1.0)),),
}


class NoGlyphError(ValueError):
    """
    A character that no plate drawn here uses.
    """


def outline(character: str) -> list[list[Point]]:
    """
    The strokes of a character as chains of points; raises `NoGlyphError`.
    """
    if character not in GLYPHS:
        raise NoGlyphError(f"{character!r} is not a Latin capital letter or a digit")
    return [points(stroke) for stroke in GLYPHS[character]]


def width(character: str) -> float:
    """
    How wide a character is, in heights.
    """
    return max(x for chain in outline(character) for x, _ in chain)


def points(stroke: Stroke) -> list[Point]:
    """
    A stroke as a chain of points.
    """
    chain: list[Point] = []
    for step in stroke:
        match step:
            case (x, y):
                chain.append((x, y))
            case _:
                chain.extend(_along(step))
    return chain


def _along(arc: Arc) -> list[Point]:
    center_x, center_y, radius_x, radius_y, start, end = arc
    steps = max(4, int(abs(end - start) / 12))
    angles = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return [(center_x + radius_x * math.cos(angle), center_y + radius_y * math.sin(angle)) for angle in angles]
