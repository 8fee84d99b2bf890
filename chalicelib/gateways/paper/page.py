"""
Pages of fpdf2 in millimeters with our fonts on them; nothing in a document depends on when or where it is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS: Final = Path(__file__).parent.with_name("fonts")
FILES: Final = {
    "text": "golos-text-regular.ttf",
    "bold": "golos-text-bold.ttf",
    "plate": "roboto-mono-bold.ttf",
    "chinese": "chinese-plates-bold.ttf",
}
A5: Final = (148, 210)
"""Half a sheet on any printer, and the shape of a phone."""
A4: Final = (210, 297)
TEXT: Final = ("text", "bold")


@dataclass(frozen=True, slots=True)
class Imprint:
    """
    What a document says of itself to a viewer: `stamp` is its date, fixed by what it is about.
    """

    title: str
    author: str
    language: str
    stamp: datetime


def blank(*, size: tuple[int, int], imprint: Imprint, fonts: Sequence[str] = TEXT) -> "FPDF":
    """
    Lay out a document with one empty page, without margins; `fonts` are names of `FILES`.
    """
    from fpdf import FPDF  # noqa: PLC0415 - half a second that only paper needs

    page = FPDF(format=size)
    page.set_title(imprint.title)
    page.set_author(imprint.author)
    page.set_lang(imprint.language)
    page.set_creator("")
    page.set_producer("")
    page.set_creation_date(imprint.stamp)
    for font in fonts:
        page.add_font(font, fname=FONTS / FILES[font])
    page.set_margin(0)
    page.c_margin = 0
    page.set_auto_page_break(auto=False)
    page.add_page()
    return page
