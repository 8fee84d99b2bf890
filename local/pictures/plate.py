"""
Number plates drawn to scale, 520 × 112 mm: Kazakhstan's of 2012 with flag, sign and region field; its neighbors' in their plainer outline.
"""

import re
from collections.abc import Callable
from typing import Final

from local.pictures.canvas import Canvas, Color, text_width

WIDTH: Final = 520.0
HEIGHT: Final = 112.0
SCALE: Final = 2.0
"""Pixels per millimeter of a drawn plate: finer than any camera sees it."""

WHITE: Final = (244, 245, 241)
YELLOW: Final = (246, 196, 36)
BLACK: Final = (22, 22, 24)
SKY: Final = (0, 171, 194)
SUN: Final = (254, 218, 60)
TALL: Final = 76.0
LOW: Final = 60.0
WEIGHT: Final = 9.0


class UnableToDrawPlateError(ValueError):
    """
    The text does not fit the layout of that country.
    """


def draw_plate(*, plate: str, country: str) -> Canvas:
    """
    A plate as new; raises `UnableToDrawPlateError` for a country or a text that has no layout here.
    """
    if country not in LAYOUTS:
        raise UnableToDrawPlateError(f"no layout for {country}, only for {', '.join(LAYOUTS)}")
    pattern, draw, color = LAYOUTS[country]
    parts = re.fullmatch(pattern, plate)
    if parts is None:
        raise UnableToDrawPlateError(f"{plate} is not written as plates of {country} are: {pattern}")
    canvas = Canvas(width=WIDTH, height=HEIGHT, scale=SCALE, color=BLACK)
    canvas.box(2.5, 2.5, WIDTH - 5, HEIGHT - 5, color, radius=9)
    draw(canvas, *(part or "" for part in parts.groups()))
    return canvas


def _centered(canvas: Canvas, parts: list[tuple[str, float]], *, left: float, right: float) -> None:
    """
    Groups of characters, each with its height, on one base line, spread over the field between two edges.
    """
    gap, between = 10.0, 20.0
    widths = [text_width(text, height=height, weight=WEIGHT, gap=gap) for text, height in parts]
    free = right - left - sum(widths) - between * (len(parts) - 1)
    gap = min(gap, gap + free / max(1, sum(len(text) - 1 for text, _ in parts)))
    widths = [text_width(text, height=height, weight=WEIGHT, gap=gap) for text, height in parts]
    x = left + max(0.0, (right - left - sum(widths) - between * (len(parts) - 1)) / 2)
    for (text, height), width in zip(parts, widths, strict=True):
        canvas.text(text, (x, (HEIGHT + TALL) / 2 - height), BLACK, height=height, weight=WEIGHT, gap=gap)
        x += width + between


def _kazakh(canvas: Canvas, number: str, letters: str, region: str) -> None:
    canvas.box(16, 18, 50, 31, SKY)
    canvas.ellipse((41, 32), (6, 6), SUN)
    canvas.stroke([(31, 43), (41, 46), (51, 43)], SUN, width=2)
    canvas.text("KZ", (17, 70), BLACK, height=26, weight=4.2, gap=6)
    canvas.stroke([(394, 4), (394, HEIGHT - 4)], BLACK, width=3)
    _centered(canvas, [(number, TALL), (letters, LOW)], left=72, right=388)
    _centered(canvas, [(region, TALL)], left=398, right=514)


def _russian(canvas: Canvas, first: str, number: str, letters: str, region: str) -> None:
    canvas.stroke([(388, 3), (388, HEIGHT - 3)], BLACK, width=3)
    _centered(canvas, [(first, LOW), (number, TALL), (letters, LOW)], left=18, right=380)
    wide = text_width(region, height=54, weight=9, gap=7)
    canvas.text(region, (390 + (126 - wide) / 2, 12), BLACK, height=54, weight=9, gap=7)
    canvas.text("RUS", (402, 80), BLACK, height=20, weight=3.4, gap=4)
    for row, color in enumerate(((250, 250, 250), (30, 60, 160), (200, 30, 40))):
        canvas.box(464, 79 + row * 7, 34, 7, color)


def _uzbek(canvas: Canvas, region: str, number: str, letters: str) -> None:
    canvas.stroke([(112, 4), (112, HEIGHT - 4)], BLACK, width=3)
    _centered(canvas, [(region, LOW)], left=12, right=108)
    _centered(canvas, [(number, TALL), (letters, TALL)], left=118, right=462)
    for row, color in enumerate(((0, 153, 181), (250, 250, 250), (30, 160, 70))):
        canvas.box(470, 24 + row * 9, 34, 9, color)
    canvas.text("UZ", (470, 66), BLACK, height=24, weight=4, gap=4)


def _kyrgyz(canvas: Canvas, region: str, number: str, letters: str) -> None:
    canvas.stroke([(112, 4), (112, HEIGHT - 4)], BLACK, width=3)
    canvas.text(region, (28, 16), BLACK, height=50, weight=8.5, gap=8)
    canvas.box(20, 76, 34, 20, (200, 30, 40))
    canvas.ellipse((37, 86), (5, 5), SUN)
    canvas.text("KG", (62, 77), BLACK, height=19, weight=3.2, gap=4)
    _centered(canvas, [(number, TALL), (letters, TALL)], left=118, right=508)


def _in_one_field(canvas: Canvas, first: str, second: str) -> None:
    _centered(canvas, [(first, TALL), (second, TALL)], left=16, right=504)


LAYOUTS: Final[dict[str, tuple[str, Callable[..., None], Color]]] = {
    "KZ": (r"(\d{2,3})([A-Z]{2,3})(\d{2})", _kazakh, WHITE),
    "RU": (r"([ABEKMHOPCTYX])(\d{3})([ABEKMHOPCTYX]{2})(\d{2,3})", _russian, WHITE),
    "UZ": (r"(\d{2})(\d{3}|[A-Z]\d{3})([A-Z]{2,3})", _uzbek, WHITE),
    "KG": (r"(\d{2})(\d{3})([A-Z]{2,3})", _kyrgyz, WHITE),
    "CN": (r"([A-Z])([A-Z0-9]{5})", _in_one_field, YELLOW),
}
"""By country: how its plates are written, what draws the parts, and the ground color. Chinese ones without the province character."""
