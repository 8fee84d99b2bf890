"""
A number plate in small: white board, dark frame, the country's band, and groups and fields as they are printed there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.contracts.plates import normalize
from chalicelib.gateways.paper.pen import PAPER, POINT, Color, Pen

FRAME: Final[Color] = (16, 26, 30)
BAND: Final[Color] = (29, 63, 143)
BANDS: Final[dict[str, Color]] = {"KZ": (0, 122, 144), "CN": (163, 20, 12), "KG": (168, 15, 34), "TM": (0, 102, 47)}
HAN: Final = re.compile("[\u3400-\u9fff]")

EDGE: Final = 0.04
BAND_WIDTH: Final = 0.62
MARGIN: Final = 0.12
CHARACTER: Final = 0.72
FIELD_CHARACTER: Final = 0.54
ADVANCE: Final = 0.6
SPACES: Final = {" ": 0.28, "·": 0.45}
"""Measures of a plate of height 1; the advances in units of the character's size. A Chinese character is as wide as high."""

LAYOUTS: Final = {
    "KZ": (
        (r"(\d{2,3})([A-Z]{2,3})(\d{2})", "|{} {}|{}"),
        (r"([A-Z])(\d{4})(\d{2})", "|{} {}|{}"),
        (r"([A-Z])(\d{3})([A-Z]{2,3})", "|{} {} {}|"),
    ),
    "RU": ((r"([A-Z])(\d{3})([A-Z]{2})(\d{2,3})", "|{} {} {}|{}"), (r"([A-Z]{2})(\d{4})(\d{2,3})", "|{} {}|{}")),
    "UZ": ((r"(\d{2})([A-Z])(\d{3})([A-Z]{2})", "{}|{} {} {}|"), (r"(\d{2})(\d{3,4})([A-Z]{2,3})", "{}|{} {}|")),
    "KG": ((r"(\d{2})(?:KG)?(\d{3,4})([A-Z]{1,3})", "{}|{} {}|"),),
    "CN": ((r"(\w[A-Z])([A-Z0-9]{4,6}挂?)", "|{}·{}|"),),
    "TJ": ((r"(\d{3,4})([A-Z]{2})(\d{2})", "|{} {}|{}"),),
    "BY": ((r"([A-Z]{2})(\d{4})(\d)", "|{} {}-{}|"),),
}
"""Field before | main field | field behind, as each country prints them; any other plate is shown as it was entered (D9)."""


@dataclass(frozen=True, slots=True)
class Layout:
    """
    What stands in the field before, in the middle, and in the field behind.
    """

    before: str
    main: str
    behind: str


def lay_out(characters: str, country: str) -> Layout:
    """
    Spread a plate's characters over its fields.
    """
    for pattern, fields in LAYOUTS.get(country, ()):
        found = re.fullmatch(pattern, normalize(characters))
        if found:
            return Layout(*fields.format(*found.groups()).split("|"))
    return Layout("", " ".join(characters.split()), "")


def plate_width(characters: str, country: str, height: float) -> float:
    """
    Give the width in millimeters of a plate of a height.
    """
    return height * (EDGE + BAND_WIDTH + sum(width for _, width, _ in _fields(lay_out(characters, country))) + EDGE)


def draw_plate(pen: Pen, characters: str, country: str, *, x: float, y: float, height: float) -> None:
    """
    Draw a plate with its upper left corner at (x, y), millimeters.
    """
    _board(pen, country, x=x, y=y, width=plate_width(characters, country, height), height=height)
    left = x + height * (EDGE + BAND_WIDTH)
    for order, (text, width, size) in enumerate(_fields(lay_out(characters, country))):
        if order:
            pen.box(left, y, height * EDGE, height, FRAME)
        _field(pen, text, x=left + height * MARGIN, y=y, height=height, size=size * height)
        left += height * width


def _board(pen: Pen, country: str, *, x: float, y: float, width: float, height: float) -> None:
    edge, band, color = height * EDGE, height * BAND_WIDTH, BANDS.get(country, BAND)
    inner = height - 2 * edge
    pen.box(x, y, width, height, FRAME, radius=height * 0.13)
    pen.box(x + edge, y + edge, width - 2 * edge, inner, PAPER, radius=height * 0.1)
    pen.box(x + edge, y + edge, band, inner, color, radius=height * 0.1)
    pen.box(x + edge + band / 2, y + edge, band / 2, inner, color)
    pen.write(country, x=x + edge, y=y + height * 0.3, width=band, size=height * 0.35 / POINT, font="bold", color=PAPER, align="C")


def _field(pen: Pen, text: str, *, x: float, y: float, height: float, size: float) -> None:
    for character in text:
        wide = size * _advance(character)
        top = y + (height - size * 1.15) / 2 + size * 0.02
        pen.write(character, x=x, y=top, width=wide, size=size / POINT, font=_font(character), color=FRAME, align="C")
        x += wide


def _fields(layout: Layout) -> Iterator[tuple[str, float, float]]:
    """
    Each field's text, width and size of character, on a plate of height 1.
    """
    for text, size in ((layout.before, FIELD_CHARACTER), (layout.main, CHARACTER), (layout.behind, FIELD_CHARACTER)):
        if text:
            yield text, 2 * MARGIN + size * sum(_advance(character) for character in text), size


def _font(character: str) -> str:
    if character.isascii() or character == "·":
        return "plate"
    return "chinese" if HAN.match(character) else "text"


def _advance(character: str) -> float:
    if character in SPACES:
        return SPACES[character]
    return ADVANCE if character.isascii() else 1.0
