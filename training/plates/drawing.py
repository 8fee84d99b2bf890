"""
Draws a plate as new: ground, rim, country band, signs, seals and characters in groups, in the manner of its country, with liberties.

A plate's picture is BGR, one line 72 pixels high, two lines 144; what a real one's millimeters are matters less than that layouts vary around it.
"""

from collections.abc import Sequence
from random import Random
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from training.plates.lettering import Face
from training.plates.pen import BLACK, LINE, WHITE, WIDEST, Color, Pen, Picture, Style, near
from training.plates.signs import flag, russian_region, seal, sign
from training.plates.texts import Wording, shown

SMALL_LETTERS: Final = frozenset({"KZ", "RU"})
"""Countries whose letters are lower than their digits."""
DIVIDED: Final = frozenset({"KZ", "RU", "TJ", "KG", "UZ", "TM"})
"""Countries that set the region off with a line; the last two before the number."""
GROUNDS: Final[dict[str, tuple[tuple[float, Color, Color], ...]]] = {
    "KZ": ((0.88, WHITE, BLACK), (0.05, (40, 190, 240), BLACK), (0.05, (160, 150, 20), WHITE), (0.02, (40, 40, 190), WHITE)),
    "RU": ((0.93, WHITE, BLACK), (0.03, (40, 190, 240), BLACK), (0.02, (170, 80, 20), WHITE), (0.02, (30, 30, 30), WHITE)),
    "UZ": ((0.9, WHITE, BLACK), (0.06, (90, 150, 40), WHITE), (0.04, (40, 200, 240), BLACK)),
    "KG": ((0.9, WHITE, BLACK), (0.1, (50, 200, 240), BLACK)),
    "CN": ((0.55, (30, 180, 240), BLACK), (0.3, (170, 90, 20), WHITE), (0.15, (150, 210, 160), BLACK)),
    "BY": ((0.9, WHITE, BLACK), (0.1, (60, 60, 180), WHITE)),
    "CZ": ((0.72, WHITE, BLACK), (0.18, (40, 190, 240), BLACK), (0.1, (30, 30, 30), WHITE)),
    "PL": ((0.86, WHITE, BLACK), (0.08, (150, 80, 20), WHITE), (0.06, (30, 30, 30), WHITE)),
    "XX": (
        (0.6, WHITE, BLACK),
        (0.12, (40, 190, 240), BLACK),
        (0.12, (150, 80, 20), WHITE),
        (0.08, (30, 30, 30), WHITE),
        (0.08, (40, 40, 170), WHITE),
    ),
}
ELSE: Final = ((0.94, WHITE, BLACK), (0.03, (40, 190, 240), BLACK), (0.03, (30, 30, 30), WHITE))


def draw(random: Random, words: Wording, face: Face, hans: dict[str, NDArray[np.uint8]]) -> Picture:
    """
    A plate's picture.
    """
    options = GROUNDS.get(words.country, ELSE)
    _, ground, ink = random.choices(options, [option[0] for option in options])[0]
    ground, ink = near(random, ground, 14), near(random, ink, 22)
    if random.random() < 0.12 and ink[0] < 60:
        ink = near(random, (110, 50, 40), 30)  # blue ink, as sun and printing leave it
    style = Style(face, hans, ground, ink, random.choice((0.7, 0.85, 1.0, 1.0, 1.15)))
    last = len(words.lines) - 1
    rows = [_line(random, words, line, style, first=number == 0, final=number == last) for number, line in enumerate(words.lines)]
    plate = rows[0] if len(rows) == 1 else _stacked(random, rows, ground)
    _finish(random, plate, ink)
    return plate


def _stacked(random: Random, rows: Sequence[Picture], ground: Color) -> Picture:
    wide = max(row.shape[1] for row in rows)
    plate = np.vstack([_centered(row, wide, ground) for row in rows])
    return np.asarray(cv2.resize(plate, (max(120, wide), round(plate.shape[0] * random.uniform(0.82, 1.05)))), np.uint8)


def _centered(row: Picture, wide: int, ground: Color) -> Picture:
    free = wide - row.shape[1]
    return np.asarray(cv2.copyMakeBorder(row, 0, 0, free // 2, free - free // 2, cv2.BORDER_CONSTANT, value=ground), np.uint8)


def _line(random: Random, words: Wording, line: Sequence[str], style: Style, *, first: bool, final: bool) -> Picture:
    tall = LINE * random.uniform(0.56, 0.76)
    pen = Pen(
        random=random,
        face=style.face,
        hans=style.hans,
        canvas=np.full((LINE, WIDEST, 3), style.ground, np.uint8),
        ink=style.ink,
        base=LINE / 2 + tall / 2 + LINE * random.uniform(-0.04, 0.04),
        x=LINE * random.uniform(0.08, 0.2),
        tall=tall,
        wide=random.uniform(0.78, 1.12) * style.tight,
        track=tall * random.uniform(0.05, 0.2),
        bold=random.choice((0, 0, 0, 2, 3, 4, -2)),
    )
    if first:
        sign(pen, words)
    letters = random.uniform(0.7, 0.86) if words.country in SMALL_LETTERS and words.kind != "old" and random.random() < 0.9 else 1.0
    gap, last = tall * random.uniform(0.18, 0.6), len(line) - 1
    for number, group in enumerate(line):
        text = shown(group)
        if number:
            _set_off(pen, words, group, gap, last=number == last)
        if words.country == "RU" and number == last and len(line) > 2 and text.isdigit():
            russian_region(pen, text)
        else:
            pen.write(text, scale=letters if text.isalpha() and text.isascii() else 1.0)
    pen.x += LINE * random.uniform(0.02, 0.16)
    if words.country == "UZ" and final and random.random() < 0.8:
        flag(pen, "UZ", name="UZ")
    elif words.country == "TR" and random.random() < 0.5:
        pen.x += LINE * 0.1
    return pen.canvas[:, : min(WIDEST, round(pen.x))].copy()


def _set_off(pen: Pen, words: Wording, group: str, gap: float, *, last: bool) -> None:
    random = pen.random
    if group[0] == "-":
        pen.x += gap * 0.35
        wide = pen.tall * random.uniform(0.15, 0.35)
        middle = pen.base - pen.tall * random.uniform(0.4, 0.52)
        cv2.rectangle(pen.canvas, (round(pen.x), round(middle)), (round(pen.x + wide), round(middle + pen.tall * 0.13)), pen.ink, -1)
        pen.x += wide + gap * 0.35
    elif group[0] == "~":
        seal(pen, gap)
    elif (
        words.country in {"KZ", "RU", "TJ", "KG", "UZ", "TM"}
        and (last or words.country in {"UZ", "KG"})
        and words.kind == "row"
        and random.random() < 0.8
    ):
        pen.x += gap * random.uniform(0.3, 0.7)
        cv2.line(pen.canvas, (round(pen.x), 2), (round(pen.x), LINE - 3), pen.ink, random.choice((1, 2, 2)))
        pen.x += gap * random.uniform(0.3, 0.7)
    else:
        pen.x += gap * random.uniform(0.5, 1.0)


def _finish(random: Random, plate: Picture, ink: Color) -> None:
    """
    Rim and screws.
    """
    high, wide = plate.shape[:2]
    if random.random() < 0.75:
        inset = random.randint(0, 3)
        cv2.rectangle(plate, (inset, inset), (wide - 1 - inset, high - 1 - inset), ink, random.choice((1, 2, 3)))
    if random.random() < 0.3:
        for share in (random.uniform(0.08, 0.25), random.uniform(0.75, 0.92)):
            place = (round(wide * share), round(high * random.choice((0.08, 0.5, 0.92))))
            cv2.circle(plate, place, random.randint(2, 4), (random.randint(60, 200),) * 3, -1, cv2.LINE_AA)
