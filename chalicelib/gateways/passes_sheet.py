"""
The A5 sheet of a pass, drawn with fpdf2 in millimeters: what a driver needs first is largest, and the code stands in white.
"""

from collections.abc import Sequence
from typing import Final

from chalicelib.gateways.paper.page import A5, FILES, Imprint, blank
from chalicelib.gateways.paper.pen import ACCENT, ACCENT_SOFT, INK, INK_SOFT, PAPER, Pen
from chalicelib.gateways.passes_plate import draw_plate, plate_width
from chalicelib.gateways.passes_words import Words

LEFT: Final = 11.0
RIGHT: Final = 137.0
WIDTH: Final = RIGHT - LEFT
CODE_SIDE: Final = 62.0
"""Millimeters without quiet zone: a token of 450 characters gives modules of 0.75 mm, which a phone reads at arm's length."""
CODE_LEFT: Final = RIGHT - CODE_SIDE
CODE_TOP: Final = 86.0
OVERLAP: Final = 0.02
"""Millimeters by which rows of the code overlap, or viewers show hairlines between them."""


def draw(*, words: Words, modules: Sequence[Sequence[bool]]) -> bytes:
    """
    Draw the page as PDF; nothing in it depends on when or where it is drawn.
    """
    imprint = Imprint(f"{words.title} {words.number}", words.product, words.language, words.stamp)
    page = blank(size=A5, imprint=imprint, fonts=tuple(FILES))
    pen = Pen(page)
    _head(pen, words)
    _number(pen, words)
    _when(pen, words)
    _plates(pen, words)
    _code(pen, modules)
    _steps(pen, words)
    _law(pen, words)
    return bytes(page.output())


def _head(pen: Pen, words: Words) -> None:
    pen.box(0, 0, 148, 15, ACCENT)
    pen.write(words.product, x=LEFT, y=4, width=60, size=13, font="bold", color=PAPER)
    pen.write(words.title, x=77, y=4.6, width=60, size=11, color=PAPER, align="R")
    pen.write(words.checkpoint, x=LEFT, y=20, width=WIDTH, size=27, font="bold")
    below = "    ".join(part for part in (words.other_names, words.toward) if part)
    pen.write(below, x=LEFT, y=32, width=WIDTH, size=11, color=INK_SOFT)


def _number(pen: Pen, words: Words) -> None:
    pen.box(LEFT, 41, WIDTH, 23, ACCENT_SOFT, radius=3)
    pen.write(words.number_label, x=LEFT + 5, y=43.5, width=60, size=9.5, color=ACCENT)
    pen.write(words.number, x=LEFT + 5, y=49, width=WIDTH - 10, size=33, font="plate")


def _when(pen: Pen, words: Words) -> None:
    pen.write(words.date, x=LEFT, y=68.5, width=WIDTH, size=15, font="bold")
    pen.write(words.class_, x=LEFT, y=76, width=WIDTH, size=10, color=INK_SOFT)
    width = CODE_LEFT - LEFT - 8
    pen.write(words.interval, x=LEFT, y=CODE_TOP - 1, width=width, size=28, font="bold")
    pen.write(words.zone, x=LEFT, y=CODE_TOP + 10.5, width=width, size=10, color=INK_SOFT)
    pen.write(words.enter, x=LEFT, y=CODE_TOP + 15.5, width=width, size=10, color=INK_SOFT)


def _plates(pen: Pen, words: Words) -> None:
    width = CODE_LEFT - LEFT - 8
    y = CODE_TOP + 25
    for plate in words.plates:
        pen.write(plate.label, x=LEFT, y=y, width=width, size=9.5, color=INK_SOFT)
        height = min(11.5, 11.5 * width / plate_width(plate.characters, plate.country, 11.5))
        draw_plate(pen, plate.characters, plate.country, x=LEFT, y=y + 5, height=height)
        y += height + 8


def _code(pen: Pen, modules: Sequence[Sequence[bool]]) -> None:
    side = CODE_SIDE / len(modules)
    for row, line in enumerate(modules):
        start = None
        for column, dark in enumerate([*line, False]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                x, y = CODE_LEFT + start * side, CODE_TOP + row * side
                pen.box(x, y, (column - start) * side, side + OVERLAP, (0, 0, 0))
                start = None


def _steps(pen: Pen, words: Words) -> None:
    top = 155.0
    pen.write(words.gate, x=LEFT, y=top, width=WIDTH, size=12, font="bold")
    for order, step in enumerate(words.steps):
        y = top + 8.5 + order * 13
        pen.disc(LEFT, y, 6.5, ACCENT)
        pen.write(str(order + 1), x=LEFT, y=y + 0.9, width=6.5, size=10.5, font="bold", color=PAPER, align="C")
        pen.paragraph(step, x=LEFT + 9.5, y=y, width=WIDTH - 9.5, size=10.5, color=INK)


def _law(pen: Pen, words: Words) -> None:
    pen.box(LEFT, 191, WIDTH, 0.2, INK_SOFT)
    pen.paragraph(words.law, x=LEFT, y=193, width=WIDTH, size=7.2, color=INK_SOFT)
