"""
The pass as a sheet of paper and as a bare code (D25): number, plate, checkpoint, interval; never a name.
"""

import io
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chalicelib.api.languages import Language
from chalicelib.api.schemas.fields import ZONE
from chalicelib.domain.bookings import no_show_at
from chalicelib.jurisdictions import jurisdiction
from chalicelib.usecases.issue_pass import Pass

if TYPE_CHECKING:
    from fpdf import FPDF

HERE: Final = Path(__file__).parent
FAMILY: Final = "DejaVu"
CODE_SIDE: Final = 74
"""Millimeters of the code on paper: read from an arm's length through a windscreen."""
A5: Final = (148.0, 210.0)
INK: Final = (28, 36, 48)
SOFT: Final = (91, 103, 119)


def draw_code(given: Pass) -> bytes:
    """
    Draw the signed token as a QR code, SVG.
    """
    import segno  # noqa: PLC0415 - loads where a pass is drawn

    drawn = io.BytesIO()
    segno.make(given.token, error="m", micro=False).save(drawn, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True)
    return drawn.getvalue()


def draw_sheet(given: Pass, *, language: Language) -> bytes:
    """
    Draw one A5 page, PDF.
    """
    from fpdf import FPDF  # noqa: PLC0415 - half a second that only a pass needs

    words = _words()[language.value]
    page = FPDF(format=A5)
    page.set_title(f"{words['title']} {given.booking.number}")
    page.set_creation_date(given.booking.confirmed_at or given.booking.created_at)
    page.add_font(FAMILY, "", HERE / "fonts" / "regular.ttf")
    page.add_font(FAMILY, "B", HERE / "fonts" / "bold.ttf")
    page.set_margin(12)
    page.add_page()
    _heading(page, given, words)
    _code(page, given)
    _facts(page, given, words, language)
    return bytes(page.output())


def _heading(page: "FPDF", given: Pass, words: Mapping[str, str]) -> None:
    page.set_text_color(*SOFT)
    page.set_font(FAMILY, size=11)
    page.cell(0, 6, words["title"], align="C", new_x="LMARGIN", new_y="NEXT")
    page.set_text_color(*INK)
    page.set_font(FAMILY, "B", 22)
    page.cell(0, 12, given.booking.number or "", align="C", new_x="LMARGIN", new_y="NEXT")
    page.set_font(FAMILY, "B", 16)
    page.cell(0, 9, f"{_printable(given.booking.vehicle.plate)}  {given.booking.vehicle.country}", align="C", new_x="LMARGIN", new_y="NEXT")


def _code(page: "FPDF", given: Pass) -> None:
    page.image(io.BytesIO(draw_code(given)), x=(page.w - CODE_SIDE) / 2, y=page.get_y() + 2, w=CODE_SIDE)
    page.set_y(page.get_y() + CODE_SIDE + 5)


def _facts(page: "FPDF", given: Pass, words: Mapping[str, str], language: Language) -> None:
    booking, law = given.booking, jurisdiction()
    checkpoint = law.checkpoints[booking.checkpoint].names[language.value]
    facts = [
        (words["checkpoint"], checkpoint),
        (words["interval"], f"{_moment(booking.slot_start)} – {_moment(booking.slot_end, date=False)}"),
        (words["vehicle"], f"{_printable(booking.vehicle.plate)} ({booking.vehicle.country}), {booking.vehicle.vin}"),
        (words["trailer"], f"{_printable(booking.trailer.plate)} ({booking.trailer.country})" if booking.trailer else "—"),
        (words["class"], law.classes[booking.class_.value].names[language.value]),
        (words["until"], _moment(no_show_at(booking, given.rules))),
    ]
    for name, value in facts:
        page.set_font(FAMILY, size=9)
        page.set_text_color(*SOFT)
        page.cell(36, 6, name)
        page.set_font(FAMILY, "B", 10)
        page.set_text_color(*INK)
        page.multi_cell(0, 6, value, new_x="LMARGIN", new_y="NEXT")
    page.ln(2)
    page.set_font(FAMILY, size=8)
    page.set_text_color(*SOFT)
    page.multi_cell(0, 4, words["note"])


def _moment(moment: datetime | None, *, date: bool = True) -> str:
    if moment is None:
        return "—"
    return moment.astimezone(ZONE).strftime("%d.%m.%Y %H:%M" if date else "%H:%M")


def _printable(plate: str) -> str:
    """
    Spell a plate with the letters of the sheet's font; a Chinese province character shows as a dot, the code has it.
    """
    return "".join(letter if ord(letter) < 0x500 else "·" for letter in plate)  # noqa: PLR2004 - the font ends with Cyrillic


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads((HERE / "pass_words.json").read_text(encoding="utf-8"))
    return loaded
