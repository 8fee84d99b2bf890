"""
The A4 sheet of an invoice, drawn with fpdf2 in millimeters: the reference is largest, below it stand a payment order's own fields.
"""

from typing import Final

from chalicelib.gateways.invoices.words import Cell, Words
from chalicelib.gateways.paper.page import A4, Imprint, blank
from chalicelib.gateways.paper.pen import ACCENT, ACCENT_SOFT, INK, INK_SOFT, PAPER, Color, Pen

LEFT: Final = 20.0
RIGHT: Final = 190.0
WIDTH: Final = RIGHT - LEFT
ROW: Final = 15.0
"""Height of a row of the payment order."""
WIDE: Final = 118.0
"""Width of its first column."""
LINE: Final[Color] = (158, 178, 185)
ALARM: Final[Color] = (163, 20, 12)
FONTS: Final = ("text", "bold", "plate")


def draw(*, words: Words) -> bytes:
    """
    Draw the page as PDF; nothing in it depends on when or where it is drawn.
    """
    imprint = Imprint(f"{words.title} {words.reference}", words.product, words.language, words.stamp)
    page = blank(size=A4, imprint=imprint, fonts=FONTS)
    pen = Pen(page)
    _head(pen, words)
    _reference(pen, words)
    _sum(pen, words)
    _about(pen, words)
    bottom = _order(pen, words, top=136)
    _steps(pen, words, top=bottom + 9)
    _law(pen, words)
    return bytes(page.output())


def _head(pen: Pen, words: Words) -> None:
    pen.box(0, 0, A4[0], 17, ACCENT)
    pen.write(words.product, x=LEFT, y=5, width=90, size=14, font="bold", color=PAPER)
    if words.warning:
        pen.box(0, 17, A4[0], 9, ALARM)
        pen.write(words.warning, x=LEFT, y=18.9, width=WIDTH, size=12, font="bold", color=PAPER, align="C")
    pen.write(words.title, x=LEFT, y=31, width=110, size=26, font="bold")
    pen.write(words.dated, x=120, y=36, width=RIGHT - 120, size=11, color=INK_SOFT, align="R")


def _reference(pen: Pen, words: Words) -> None:
    pen.box(LEFT, 47, WIDTH, 33, ACCENT_SOFT, radius=3)
    pen.write(words.reference_label, x=LEFT + 6, y=50.5, width=WIDTH - 12, size=10, color=ACCENT)
    pen.write(words.reference, x=LEFT + 6, y=56.5, width=WIDTH - 12, size=34, font="plate")
    pen.write(words.reference_note, x=LEFT + 6, y=72.5, width=WIDTH - 12, size=9.5, color=INK_SOFT)


def _sum(pen: Pen, words: Words) -> None:
    pen.write(words.sum_label, x=LEFT, y=86, width=100, size=10, color=INK_SOFT)
    pen.write(words.sum_, x=LEFT, y=91, width=108, size=27, font="bold")
    pen.write(words.until_label, x=132, y=86, width=RIGHT - 132, size=10, color=INK_SOFT)
    pen.write(words.until, x=132, y=93, width=RIGHT - 132, size=15, font="bold")


def _about(pen: Pen, words: Words) -> None:
    for order, cell in enumerate(words.about):
        y = 108 + order * 7
        pen.write(cell.label, x=LEFT, y=y, width=30, size=10, color=INK_SOFT)
        pen.write(cell.value, x=LEFT + 30, y=y, width=WIDTH - 30, size=10.5)


def _order(pen: Pen, words: Words, *, top: float) -> float:
    """
    Draw the payment order's fields; gives where they end.
    """
    pen.write(words.order_label, x=LEFT, y=top - 9.5, width=WIDTH, size=13, font="bold")
    y = top
    for row in (*words.order, (words.purpose,)):
        pen.box(LEFT, y, WIDTH, 0.25, LINE)
        left = LEFT
        for cell, width in zip(row, _columns(len(row)), strict=True):
            _field(pen, cell, x=left, y=y, width=width)
            left += width
        y += ROW
    pen.box(LEFT, y, WIDTH, 0.25, LINE)
    return y


def _columns(count: int) -> tuple[float, ...]:
    narrow = (WIDTH - WIDE) / max(1, count - 1)
    return (WIDTH,) if count == 1 else (WIDE, *(narrow for _ in range(count - 1)))


def _field(pen: Pen, cell: Cell, *, x: float, y: float, width: float) -> None:
    pen.write(cell.label, x=x, y=y + 1.8, width=width - 3, size=8.5, color=INK_SOFT)
    pen.write(cell.value, x=x, y=y + 6.5, width=width - 3, size=12.5, font="bold")


def _steps(pen: Pen, words: Words, *, top: float) -> None:
    pen.write(words.how, x=LEFT, y=top, width=WIDTH, size=13, font="bold")
    for order, step in enumerate(words.steps):
        y = top + 9 + order * 12
        pen.disc(LEFT, y, 6.5, ACCENT)
        pen.write(str(order + 1), x=LEFT, y=y + 0.9, width=6.5, size=10.5, font="bold", color=PAPER, align="C")
        pen.paragraph(step, x=LEFT + 10, y=y + 0.4, width=WIDTH - 10, size=10, color=INK)


def _law(pen: Pen, words: Words) -> None:
    pen.box(LEFT, 275, WIDTH, 0.25, INK_SOFT)
    pen.paragraph(words.law, x=LEFT, y=277.5, width=WIDTH, size=8.2, color=INK_SOFT)
