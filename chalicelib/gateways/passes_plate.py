"""
A number plate in small: white board, dark frame, the country's band, and the groups as they are printed there.
"""

import re
from typing import Final

from chalicelib.contracts.plates import normalize
from chalicelib.gateways.passes_pen import PAPER, POINT, Color, Pen

FRAME: Final[Color] = (16, 26, 30)
BAND: Final[Color] = (29, 63, 143)
BANDS: Final[dict[str, Color]] = {"KZ": (0, 122, 144), "CN": (163, 20, 12), "KG": (168, 15, 34), "TM": (0, 102, 47)}
HAN: Final = re.compile("[\u3400-\u9fff]")
ADVANCE: Final = 0.6
"""Width of a plate's character in units of its size; a Chinese one is as wide as high."""

GROUPS: Final = {
    "KZ": r"(\d{2,3})([A-Z]{2,3})(\d{2})|([A-Z])(\d{4})(\d{2})|([A-Z])(\d{3})([A-Z]{2,3})",
    "RU": r"([A-Z])(\d{3})([A-Z]{2})(\d{2,3})|([A-Z]{2})(\d{4})(\d{2,3})",
    "UZ": r"(\d{2})([A-Z])(\d{3})([A-Z]{2})|(\d{2})(\d{3,4})([A-Z]{2,3})",
    "KG": r"(\d{2})(?:KG)?(\d{3,4})([A-Z]{1,3})",
    "CN": r"(\w[A-Z])([A-Z0-9]{4,6}挂?)",
    "TJ": r"(\d{3,4})([A-Z]{2})(\d{2})",
}
"""How a plate falls into groups where its country prints them so; any other plate is shown as it was entered (D9)."""


def spaced(characters: str, country: str) -> str:
    """
    Spell a plate in groups as its country prints them.
    """
    found = re.fullmatch(GROUPS.get(country, r"\b\B"), normalize(characters))
    return " ".join(group for group in found.groups() if group) if found else " ".join(characters.split())


def plate_width(characters: str, country: str, height: float) -> float:
    """
    Give the width in millimeters of a plate of a height.
    """
    return height * (0.62 + 0.3) + _size(height) * sum(_advance(character) for character in spaced(characters, country))


def draw_plate(pen: Pen, characters: str, country: str, *, x: float, y: float, height: float) -> None:
    """
    Draw a plate with its upper left corner at (x, y), millimeters.
    """
    text, edge = spaced(characters, country), height * 0.04
    width, band = plate_width(characters, country, height), height * 0.62
    pen.box(x, y, width, height, FRAME, radius=height * 0.13)
    pen.box(x + edge, y + edge, width - 2 * edge, height - 2 * edge, PAPER, radius=height * 0.1)
    pen.box(x + edge, y + edge, band, height - 2 * edge, BANDS.get(country, BAND), radius=height * 0.1)
    pen.box(x + edge + band / 2, y + edge, band / 2, height - 2 * edge, BANDS.get(country, BAND))
    label = height * 0.34
    pen.write(country, x=x + edge, y=y + height * 0.52, width=band, size=label / POINT, font="bold", color=PAPER, align="C")
    size = _size(height)
    left = x + edge + band + height * 0.11
    for character in text:
        wide = size * _advance(character)
        pen.write(character, x=left, y=y + height * 0.14, width=wide, size=size / POINT, font=_font(character), color=FRAME, align="C")
        left += wide


def _font(character: str) -> str:
    if character.isascii():
        return "plate"
    return "chinese" if HAN.match(character) else "text"


def _size(height: float) -> float:
    return height * 0.72


def _advance(character: str) -> float:
    if character == " ":
        return 0.3
    return ADVANCE if character.isascii() else 1.0
