"""
What stands on a plate beside its number: flags, countries' signs, bands, seals, screws, the region of a Russian plate.
"""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from training.plates.pen import BLACK, LINE, WHITE, Color, Pen, Picture, near
from training.plates.texts import Wording

BANDED: Final = frozenset({"SK", "CZ", "PL", "DE", "LT", "LV", "EE", "TR", "UA", "BY", "AZ", "GE", "MN", "AM"})
FLAGS: Final[dict[str, tuple[Color, Color, Color]]] = {
    "KZ": ((190, 170, 20), (190, 170, 20), (190, 170, 20)),
    "RU": ((250, 250, 250), (170, 60, 20), (40, 30, 200)),
    "UZ": ((190, 150, 10), (250, 250, 250), (70, 160, 30)),
    "KG": ((40, 30, 200), (40, 30, 200), (40, 30, 200)),
    "TM": ((60, 130, 20), (60, 130, 20), (60, 130, 20)),
    "TJ": ((30, 30, 200), (250, 250, 250), (60, 140, 30)),
}


def seal(pen: Pen, gap: float) -> None:
    """
    Stickers between groups: round ones one above the other, a coat of arms, a dash, or nothing.
    """
    random = pen.random
    pen.x += gap * 0.3
    what = random.random()
    radius = pen.tall * random.uniform(0.1, 0.17)
    center = pen.base - pen.tall / 2
    color = (random.randint(30, 180), random.randint(60, 180), random.randint(60, 230))
    if what < 0.55:
        for shift in (-1.15, 1.15) if random.random() < 0.6 else (random.uniform(-1, 1),):
            cv2.circle(pen.canvas, (round(pen.x + radius), round(center + shift * radius)), round(radius), color, -1, cv2.LINE_AA)
            cv2.circle(pen.canvas, (round(pen.x + radius), round(center + shift * radius)), round(radius), pen.ink, 1, cv2.LINE_AA)
    elif what < 0.7:
        cv2.rectangle(
            pen.canvas, (round(pen.x), round(center - radius * 1.4)), (round(pen.x + radius * 2), round(center + radius * 1.4)), color, -1
        )
    if what > 0.4 and what < 0.9:
        cv2.rectangle(pen.canvas, (round(pen.x), round(center - 2)), (round(pen.x + radius * 2), round(center + 3)), pen.ink, -1)
    pen.x += 2 * radius + gap * 0.3


def russian_region(pen: Pen, text: str) -> None:
    """
    The region as Russian plates have it: smaller, high, over the country's sign and flag.
    """
    random = pen.random
    scale = random.uniform(0.62, 0.8)
    start = pen.x
    base = LINE * 0.13 + pen.tall * scale + random.uniform(-2, 3)
    pen.write(text, scale=scale, base=base)
    if random.random() < 0.85:
        small = LINE * 0.2 / pen.tall
        end, pen.x = pen.x, start + random.uniform(-2, 4)
        pen.write("RUS", scale=small, base=LINE * 0.92)
        if random.random() < 0.8:
            _stripes(pen.canvas, (round(pen.x + 2), round(LINE * 0.75)), (round(LINE * 0.34), round(LINE * 0.17)), FLAGS["RU"], pen.ink)
        pen.x = max(end, pen.x)
    if random.random() < 0.5:
        _screw(pen, aside=5, inked=0.5)
        pen.x += 10


def sign(pen: Pen, words: Wording) -> None:
    """
    What stands before the number: flag and sign, a band, a screw, or nothing.
    """
    random = pen.random
    if words.country == "KZ" and words.kind != "old" and random.random() < 0.93:
        flag(pen, "KZ", name="KZ")
    elif words.country in BANDED and random.random() < 0.85:
        wide = LINE * random.uniform(0.36, 0.62)
        color = near(random, (160, 60, 10), 25) if random.random() < 0.8 else near(random, (200, 200, 200), 40)
        cv2.rectangle(pen.canvas, (0, 0), (round(wide), LINE), color, -1)
        light = sum(color) > 380
        before, pen.ink = pen.ink, (BLACK if light else WHITE)
        pen.x = wide * 0.14
        letters = {"DE": "D", "EE": "EST"}.get(words.country, words.country)
        pen.write(letters, scale=LINE * 0.26 / pen.tall * (0.8 if len(letters) > 2 else 1.0), base=LINE * random.uniform(0.85, 0.93))
        pen.ink = before
        if random.random() < 0.7:
            for step in range(8):
                angle = step * np.pi / 4
                cv2.circle(
                    pen.canvas,
                    (round(wide / 2 + np.cos(angle) * wide * 0.26), round(LINE * 0.32 + np.sin(angle) * wide * 0.26)),
                    2,
                    (60, 200, 240),
                    -1,
                )
        pen.x = wide + LINE * random.uniform(0.04, 0.22)
    elif words.country in {"KG", "TM", "TJ"} and words.kind == "row" and random.random() < 0.7:
        flag(pen, words.country, name=words.country if random.random() < 0.6 else "")
    elif words.country == "RU" and random.random() < 0.5:
        _screw(pen, aside=3, inked=0.6)
        pen.x += random.uniform(8, 16)


def flag(pen: Pen, country: str, *, name: str) -> None:
    """
    A country's flag, somewhat faded, and its sign under it.
    """
    random = pen.random
    wide, high = round(LINE * random.uniform(0.36, 0.5)), round(LINE * random.uniform(0.24, 0.36))
    top = round(LINE * random.uniform(0.12, 0.2))
    if country == "KZ" and random.random() < 0.1:
        _star(pen, (pen.x + wide / 2, top + high / 2), high * 0.6)
    else:
        _faded(pen, country, (round(pen.x), top), (wide, high))
    if name:
        start = pen.x
        pen.write(name, scale=LINE * random.uniform(0.26, 0.38) / pen.tall, base=LINE * random.uniform(0.84, 0.95))
        pen.x = max(pen.x, start + wide) + LINE * random.uniform(-0.02, 0.12)
    else:
        pen.x += wide + LINE * random.uniform(0.02, 0.12)


def _screw(pen: Pen, *, aside: int, inked: float) -> None:
    """
    A screw's head at the pen, as often painted over with ink as `inked` says.
    """
    radius = pen.random.randint(2, 4)
    color = pen.ink if pen.random.random() < inked else (120, 130, 140)
    cv2.circle(pen.canvas, (round(pen.x + aside), LINE // 2), radius, color, -1, cv2.LINE_AA)


def _faded(pen: Pen, country: str, at: tuple[int, int], size: tuple[int, int]) -> None:
    share = pen.random.uniform(0.3, 1.0)
    ground = pen.canvas[2, 2].astype(float)
    colors = [np.array(color) * share + ground * (1 - share) for color in FLAGS[country]]
    _stripes(pen.canvas, at, size, [(int(blue), int(green), int(red)) for blue, green, red in colors], None)
    if country in {"KZ", "KG"}:
        middle = (at[0] + size[0] // 2, at[1] + size[1] // 2)
        cv2.circle(pen.canvas, middle, max(2, size[1] // 5), (60, 215, 250), -1, cv2.LINE_AA)


def _star(pen: Pen, middle: tuple[float, float], radius: float) -> None:
    """
    The star of Kazakhstan's state bodies, where others have the flag.
    """
    turns = np.arange(10) * np.pi / 5 - np.pi / 2
    reach = np.where(np.arange(10) % 2, radius * 0.4, radius)
    points = np.stack([middle[0] + reach * np.cos(turns), middle[1] + reach * np.sin(turns)], axis=1)
    cv2.fillPoly(pen.canvas, [np.round(points).astype(np.int32)], pen.ink, cv2.LINE_AA)


def _stripes(canvas: Picture, at: tuple[int, int], size: tuple[int, int], colors: Sequence[Color], rim: Color | None) -> None:
    (x, y), (wide, high) = at, size
    for number, color in enumerate(colors):
        cv2.rectangle(canvas, (x, y + high * number // 3), (x + wide, y + high * (number + 1) // 3), color, -1)
    if rim:
        cv2.rectangle(canvas, (x, y), (x + wide, y + high), rim, 1)
