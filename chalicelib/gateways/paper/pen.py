"""
Strokes on a page of fpdf2, in millimeters from its upper left corner; a text too wide for its room shrinks, it never runs out.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fpdf import FPDF

Color = tuple[int, int, int]

INK: Final = (16, 34, 42)
INK_SOFT: Final = (67, 86, 94)
PAPER: Final = (255, 255, 255)
ACCENT: Final = (11, 92, 110)
ACCENT_SOFT: Final = (220, 237, 241)
POINT: Final = 25.4 / 72
"""Millimeters in a point of type."""


@dataclass(frozen=True, slots=True)
class Pen:
    """
    What pages are drawn with.
    """

    page: "FPDF"

    def box(self, x: float, y: float, width: float, height: float, color: Color, radius: float = 0.0) -> None:
        """
        Fill a rectangle, with round corners if asked.
        """
        self.page.set_fill_color(*color)
        self.page.rect(x, y, width, height, style="F", round_corners=radius > 0, corner_radius=radius)

    def disc(self, x: float, y: float, side: float, color: Color) -> None:
        """
        Fill a circle that touches the sides of a square.
        """
        self.page.set_fill_color(*color)
        self.page.ellipse(x, y, side, side, style="F")

    def write(
        self, text: str, *, x: float, y: float, width: float, size: float, font: str = "text", color: Color = INK, align: str = "L"
    ) -> None:
        """
        Write one line of `size` points, its top at `y`.
        """
        self.page.set_font(font, size=size)
        needed = self.page.get_string_width(text)
        fitted = size * min(1.0, width / needed) if needed else size
        self.page.set_font_size(fitted)
        self.page.set_text_color(*color)
        self.page.set_xy(x, y)
        self.page.cell(width, size * POINT * 1.15, text, align=align)

    def paragraph(self, text: str, *, x: float, y: float, width: float, size: float, color: Color) -> None:
        """
        Write a paragraph broken into lines of `width`.
        """
        self.page.set_font("text", size=size)
        self.page.set_text_color(*color)
        self.page.set_xy(x, y)
        self.page.multi_cell(width, size * POINT * 1.35, text, align="L")
