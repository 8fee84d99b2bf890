"""
The A4 pages of a statement, drawn with fpdf2 in millimeters: the balances in full above, below them every movement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.gateways.account_statements.words import Entry, Figure, Words
from chalicelib.gateways.paper.page import A4, Imprint, blank
from chalicelib.gateways.paper.pen import ACCENT, ACCENT_SOFT, INK, INK_SOFT, PAPER, Color, Pen

LEFT: Final = 14.0
RIGHT: Final = 196.0
WIDTH: Final = RIGHT - LEFT
FIRST_TOP: Final = 86.0
NEXT_TOP: Final = 24.0
BOTTOM: Final = 276.0
ROW: Final = 10.0
HEAD: Final = 8.0
HELD_ROW: Final = 6.5
HELD_HEAD: Final = 14.0
LINE: Final[Color] = (201, 212, 216)
EDGES: Final = (LEFT, LEFT + 22, LEFT + 84, LEFT + 108, LEFT + 132, LEFT + 157)
"""Where the columns begin: when, what for, in, out, held, balance."""
SUMS_FROM: Final = 2
"""The first column of sums."""
GAP: Final = 2.0


def draw(*, words: Words) -> bytes:
    """
    Draw the pages as PDF; nothing in them depends on when or where they are drawn.
    """
    imprint = Imprint(f"{words.title} {words.period}", words.product, words.language, words.stamp)
    page = blank(size=A4, imprint=imprint, fonts=("text", "bold"))
    pen, sheets = Pen(page), sheets_of(words)
    for order, sheet in enumerate(sheets):
        if order:
            page.add_page()
        _band(pen, words)
        if not order:
            _summary(pen, words)
        bottom = _table(pen, words, sheet.entries, top=NEXT_TOP if order else FIRST_TOP)
        _held(pen, words.held_label, sheet.held, top=bottom + 6)
        _foot(pen, words, order + 1, len(sheets))
    return bytes(page.output())


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    What stands on one page.
    """

    entries: Sequence[Entry]
    held: Sequence[Figure] = ()


def sheets_of(words: Words) -> Sequence[Sheet]:
    """
    Spread movements, and below them what is held, over pages.
    """
    first, after = _room(FIRST_TOP + HEAD, ROW), _room(NEXT_TOP + HEAD, ROW)
    rest = words.entries[first:]
    pages = [Sheet(words.entries[:first]), *(Sheet(rest[start : start + after]) for start in range(0, len(rest), after))]
    last = pages[-1]
    fits = _room((FIRST_TOP if len(pages) == 1 else NEXT_TOP) + HEAD + len(last.entries) * ROW + HELD_HEAD, HELD_ROW)
    if len(words.held_for) <= fits:
        return [*pages[:-1], Sheet(last.entries, words.held_for)]
    most = _room(NEXT_TOP + HELD_HEAD, HELD_ROW)
    return [*pages, *(Sheet((), words.held_for[start : start + most]) for start in range(0, len(words.held_for), most))]


def _room(top: float, height: float) -> int:
    return max(0, int((BOTTOM - top) // height))


def _band(pen: Pen, words: Words) -> None:
    pen.box(0, 0, A4[0], 15, ACCENT)
    pen.write(words.product, x=LEFT, y=4, width=70, size=13, font="bold", color=PAPER)
    pen.write(words.title, x=LEFT + 72, y=4.6, width=WIDTH - 72, size=11, color=PAPER, align="R")


def _summary(pen: Pen, words: Words) -> None:
    pen.write(words.title, x=LEFT, y=21, width=WIDTH, size=21, font="bold")
    pen.write(words.period, x=LEFT, y=31, width=WIDTH, size=12, color=INK_SOFT)
    if words.holder is not None:
        pen.write(words.holder.label, x=LEFT, y=39, width=30, size=9.5, color=INK_SOFT)
        pen.write(words.holder.value, x=LEFT + 30, y=38.6, width=WIDTH - 30, size=10.5)
    pen.box(LEFT, 46, WIDTH, 20, ACCENT_SOFT, radius=3)
    for order, figure in enumerate((words.opening, words.came_in, words.went_out, words.closing)):
        x = LEFT + 4 + order * (WIDTH - 4) / 4
        pen.write(figure.label, x=x, y=49.5, width=WIDTH / 4 - 6, size=8.5, color=ACCENT)
        pen.write(figure.value, x=x, y=55, width=WIDTH / 4 - 6, size=15, font="bold")
    for order, figure in enumerate(words.parts):
        x = LEFT + 4 + order * (WIDTH - 4) / 3
        pen.write(f"{figure.label}:", x=x, y=70, width=24, size=9.5, color=INK_SOFT)
        pen.write(figure.value, x=x + 25, y=69.6, width=WIDTH / 3 - 30, size=11, font="bold")


def _table(pen: Pen, words: Words, entries: Sequence[Entry], *, top: float) -> float:
    """
    Draw the movements of a page; gives where they end.
    """
    if not entries:
        if not words.entries:
            pen.write(words.nothing, x=LEFT, y=top, width=WIDTH, size=11, color=INK_SOFT)
        return top + (HEAD if not words.entries else 0)
    for order, label in enumerate(words.columns):
        x, width = _column(order)
        pen.write(label, x=x, y=top, width=width, size=8.5, color=INK_SOFT, align="L" if order < SUMS_FROM else "R")
    y = top + HEAD - 2
    for entry in entries:
        pen.box(LEFT, y, WIDTH, 0.2, LINE)
        _entry(pen, entry, y=y)
        y += ROW
    pen.box(LEFT, y, WIDTH, 0.2, LINE)
    return y


def _entry(pen: Pen, entry: Entry, *, y: float) -> None:
    x, width = _column(0)
    pen.write(entry.day, x=x, y=y + 1.4, width=width, size=9)
    pen.write(entry.minute, x=x, y=y + 5.4, width=width, size=8, color=INK_SOFT)
    x, width = _column(1)
    pen.write(entry.what, x=x, y=y + 1.4, width=width, size=9)
    pen.write(entry.about, x=x, y=y + 5.4, width=width, size=8, color=INK_SOFT)
    for order, (sum_, font, color) in enumerate(
        ((entry.came_in, "text", INK), (entry.went_out, "text", INK), (entry.held, "text", INK_SOFT), (entry.balance, "bold", INK)), start=2
    ):
        x, width = _column(order)
        pen.write(sum_, x=x, y=y + 1.4, width=width, size=9, font=font, color=color, align="R")


def _column(order: int) -> tuple[float, float]:
    edges = (*EDGES, RIGHT)
    return edges[order], edges[order + 1] - edges[order] - (GAP if order < len(EDGES) - 1 else 0)


def _held(pen: Pen, label: str, held: Sequence[Figure], *, top: float) -> None:
    if not held:
        return
    pen.write(label, x=LEFT, y=top, width=WIDTH, size=11, font="bold")
    for order, figure in enumerate(held):
        y = top + 8 + order * HELD_ROW
        pen.write(figure.label, x=LEFT, y=y, width=80, size=9.5)
        pen.write(figure.value, x=LEFT + 84, y=y, width=48, size=9.5, font="bold", align="R")


def _foot(pen: Pen, words: Words, number: int, count: int) -> None:
    pen.box(LEFT, 280, WIDTH, 0.25, INK_SOFT)
    pen.paragraph(words.law, x=LEFT, y=282, width=WIDTH - 30, size=7.8, color=INK_SOFT)
    pen.write(words.page.format(number=number, count=count), x=RIGHT - 28, y=282, width=28, size=8.5, color=INK_SOFT, align="R")
