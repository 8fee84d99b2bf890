"""
Photographs of vehicles with plates, drawn: a backdrop, the face of a car or truck, its lamps, grilles and lettering, plates of any country.

Nothing here is meant to deceive a person: shapes, edges and lettering around a plate are what a finder of plates must not fall for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import cv2
import numpy as np

from training.plates import cameras, drawing, optics, texts, wear
from training.plates.materials import Materials
from training.plates.pen import Color, Picture

BARE: Final = 0.07
"""Scenes without any plate."""
CONDITIONS: Final = ("good", "dirty", "snowy", "night")


@dataclass(frozen=True, slots=True)
class Placed:
    """
    A plate in a scene: what stands on it, and its corners in the scene's pixels.
    """

    words: texts.Wording
    corners: optics.Corners


@dataclass(frozen=True, slots=True)
class Scene:
    """
    A whole photograph and the plates in it, the nearest first.
    """

    picture: Picture
    plates: tuple[Placed, ...]


def scene(random: Random, things: Materials, *, size: tuple[int, int], share: tuple[float, float] = (0.05, 0.55)) -> Scene:
    """
    A photograph of `size` (width, height); `share` is how wide its plates are, of the picture's width, from and to.
    """
    wide, high = size
    canvas = optics.backdrop(random, size, things.backdrops)
    for _ in range(random.choice((0, 2, 3, 5, 8))):
        clutter(random, canvas, things)
    count = 0 if random.random() < BARE else random.choice((1, 1, 1, 1, 2, 2, 3))
    widths = sorted(wide * np.exp(random.uniform(np.log(share[0]), np.log(share[1]))) for _ in range(count))
    places: list[tuple[float, float, float]] = []
    for across in widths:
        where = _place(random, places, size, across)
        if where is not None:
            places.append(where)
    for x, y, across in places:
        if random.random() < 0.85:
            _face(random, canvas, things, (x, y), across)
    if random.random() < 0.5:
        _mirrored(random, canvas, things)
    placed = [_plate(random, canvas, things, (x, y), across) for x, y, across in places]
    if not placed and random.random() < 0.7:
        _face(random, canvas, things, (random.uniform(0.2, 0.8) * wide, random.uniform(0.4, 0.9) * high), wide * random.uniform(0.06, 0.2))
    picture = cameras.taken(random, canvas, size, calm=random.choice((0.3, 0.6, 1.0)))
    return Scene(picture, tuple(reversed(placed)))


def _place(
    random: Random, places: Sequence[tuple[float, float, float]], size: tuple[int, int], across: float
) -> tuple[float, float, float] | None:
    """
    A middle for a plate that wide, clear of those there are.
    """
    wide, high = size
    for _ in range(12):
        x = random.uniform(across * 0.5, wide - across * 0.5)
        y = random.uniform(high * 0.12, high - across * 0.2)
        if all(np.hypot(x - other[0], y - other[1]) > (across + other[2]) * 0.6 for other in places):
            return x, y, across
    return None


def _plate(random: Random, canvas: Picture, things: Materials, where: tuple[float, float], across: float) -> Placed:
    words = texts.wording(random)
    plate = drawing.draw(random, words, things.face(random, words.country), random.choice(things.hans))
    plate = wear.worn(random, plate, much=random.random() ** 2)
    high, wide = plate.shape[:2]
    across *= 0.6 if len(words.lines) == 2 else 1.0
    corners = optics.quad(optics.pose(random), wide=across, high=across * high / wide) + np.array(where, np.float32)
    if random.random() < 0.55:
        optics.frame(random, canvas, corners, things.strips)
    optics.lay(canvas, plate, corners)
    return Placed(words, corners.astype(np.float32))


def _face(random: Random, canvas: Picture, things: Materials, where: tuple[float, float], across: float) -> None:
    """
    The front or rear of a vehicle around a plate that wide.
    """
    x, y = where
    body = across * random.uniform(2.4, 6.5)
    tall = body * random.uniform(0.5, 1.3)
    left = x - body * random.uniform(0.3, 0.7)
    top = y - tall * random.uniform(0.5, 0.9)
    color = _paint(random)
    _box(canvas, (left, top, left + body, top + tall), color, random)
    edge = across * random.uniform(0.25, 1.4)
    if random.random() < 0.6:  # a bumper, darker or lighter than the body
        _box(canvas, (left, y - edge, left + body, y + edge * random.uniform(0.5, 1.5)), _paint(random), random)
    if random.random() < 0.6:
        _grille(
            random,
            canvas,
            (x + across * random.uniform(-1.2, 0.6), y - across * random.uniform(0.3, 1.6)),
            across * random.uniform(0.6, 2.4),
        )
    for side in (-1, 1):
        if random.random() < 0.75:
            lamp = (round(x + side * body * random.uniform(0.3, 0.45)), round(y - across * random.uniform(-0.1, 0.9)))
            axes = (max(2, round(across * random.uniform(0.1, 0.4))), max(2, round(across * random.uniform(0.08, 0.25))))
            cv2.ellipse(canvas, lamp, axes, random.uniform(-20, 20), 0, 360, _near_white(random), -1, cv2.LINE_AA)
            cv2.ellipse(canvas, lamp, axes, 0, 0, 360, (40, 40, 40), 1, cv2.LINE_AA)
    for _ in range(random.choice((0, 1, 1, 2, 4))):
        spot = (x + body * random.uniform(-0.5, 0.5), y - across * random.uniform(-0.5, 1.8))
        _lettering(random, canvas, things, spot, across * random.uniform(0.3, 1.6))
    for _ in range(random.randint(0, 4)):
        one = (round(left + random.random() * body), round(top + random.random() * tall))
        two = (round(one[0] + random.gauss(0, body * 0.3)), round(one[1] + random.gauss(0, across * 0.2)))
        cv2.line(canvas, one, two, _paint(random), random.randint(1, 3), cv2.LINE_AA)


def clutter(random: Random, canvas: Picture, things: Materials) -> None:
    """
    Something that is no plate: a sign, a sheet, bars, lettering.
    """
    high, wide = canvas.shape[:2]
    x, y, size = random.uniform(0, wide), random.uniform(0, high), wide * random.uniform(0.03, 0.3)
    match random.randrange(10):
        case 0:
            _box(canvas, (x, y, x + size, y + size * random.uniform(0.15, 1.2)), _near_white(random), random)
        case 1:
            _grille(random, canvas, (x, y), size)
        case 2:
            _lettering(random, canvas, things, (x, y), size)
        case 3:
            cv2.circle(canvas, (round(x), round(y)), round(size / 3), _paint(random), -1, cv2.LINE_AA)
            cv2.circle(canvas, (round(x), round(y)), round(size / 4), _near_white(random), -1, cv2.LINE_AA)
        case 4:
            _wheel(random, canvas, (x, y), size / 2)
        case 5:
            _window(random, canvas, (x, y), size)
        case 6 | 7:
            _patch(random, canvas, things, (x, y), size)
        case 8:
            _box(canvas, (x, y, x + size, y + size * random.uniform(0.4, 0.9)), _paint(random), random)
            for line in range(random.randint(2, 5)):
                _lettering(random, canvas, things, (x + size / 2, y + size * (0.1 + 0.15 * line)), size * random.uniform(0.4, 0.9))
        case _:
            _box(canvas, (x, y, x + size, y + size * 0.25), _near_white(random), random)
            _lettering(random, canvas, things, (x + size / 2, y + size * 0.12), size * 0.7)


def _patch(random: Random, canvas: Picture, things: Materials, at: tuple[float, float], size: float) -> None:
    """
    A piece of another picture.
    """
    piece = optics.backdrop(random, (96, round(96 * random.uniform(0.4, 1.2))), things.backdrops)
    corners = optics.quad(optics.pose(random), wide=size * 1.5, high=size * 1.5 * piece.shape[0] / piece.shape[1])
    optics.lay(canvas, piece, corners + np.array(at, np.float32))


def _mirrored(random: Random, canvas: Picture, things: Materials) -> None:
    """
    What paint and glass show of the surroundings.
    """
    high, wide = canvas.shape[:2]
    other = optics.backdrop(random, (wide, high), things.backdrops)
    share = random.uniform(0.05, 0.4)
    cv2.addWeighted(canvas, 1 - share, other, share, 0, dst=canvas)


def _wheel(random: Random, canvas: Picture, at: tuple[float, float], radius: float) -> None:
    """
    A tyre, its rim and spokes.
    """
    middle = (round(at[0]), round(at[1]))
    narrow = random.uniform(0.35, 1.0)
    for share, color in ((1.0, (random.randint(10, 50),) * 3), (0.68, _near_white(random)), (0.6, _paint(random))):
        cv2.ellipse(
            canvas, middle, (max(1, round(radius * narrow * share)), max(1, round(radius * share))), 0, 0, 360, color, -1, cv2.LINE_AA
        )
    spokes, color, turn = random.randint(4, 12), _near_white(random), random.uniform(0, np.pi)
    for spoke in range(spokes):
        angle = turn + 2 * np.pi * spoke / spokes
        end = (round(at[0] + radius * narrow * 0.6 * np.cos(angle)), round(at[1] + radius * 0.6 * np.sin(angle)))
        cv2.line(canvas, middle, end, color, max(1, round(radius * random.uniform(0.03, 0.12))), cv2.LINE_AA)


def _window(random: Random, canvas: Picture, at: tuple[float, float], size: float) -> None:
    """
    A pane in its frame, with what it mirrors.
    """
    x, y = at
    high, lean = size * random.uniform(0.25, 0.8), size * random.uniform(-0.3, 0.3)
    points = np.array([[x + lean, y], [x + size - lean, y], [x + size, y + high], [x, y + high]])
    cv2.fillPoly(canvas, [np.round(points).astype(np.int32)], (random.randint(10, 110),) * 3, cv2.LINE_AA)
    for _ in range(random.randint(1, 4)):
        start = x + size * random.uniform(0, 0.8)
        shine = np.array([[start, y], [start + size * random.uniform(0.02, 0.2), y], [start + lean, y + high * random.uniform(0.3, 1.0)]])
        cv2.fillPoly(canvas, [np.round(shine).astype(np.int32)], (random.randint(90, 230),) * 3, cv2.LINE_AA)
    cv2.polylines(canvas, [np.round(points).astype(np.int32)], True, _paint(random), random.randint(1, 4), cv2.LINE_AA)


def _paint(random: Random) -> Color:
    if random.random() < 0.6:
        gray = random.choice((20, 45, 90, 150, 215, 240))
        blue, green, red = (int(min(255, max(0, gray + random.gauss(0, 8)))) for _ in range(3))
        return blue, green, red
    return random.randint(10, 200), random.randint(10, 180), random.randint(10, 220)


def _near_white(random: Random) -> Color:
    base = random.randint(170, 250)
    return base - random.randint(0, 30), base - random.randint(0, 20), base


def _box(canvas: Picture, box: tuple[float, float, float, float], color: Color, random: Random) -> None:
    """
    A surface with a gradient and slightly askew corners.
    """
    x0, y0, x1, y1 = box
    askew = (x1 - x0) * 0.06
    points = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]) + np.array(
        [[random.gauss(0, askew), random.gauss(0, askew)] for _ in range(4)]
    )
    cv2.fillPoly(canvas, [np.round(points).astype(np.int32)], color, cv2.LINE_AA)
    left, top = max(0, int(x0)), max(0, int(y0))
    right, bottom = min(canvas.shape[1], int(x1)), min(canvas.shape[0], int(y1))
    if right - left > 3 and bottom - top > 3:
        ramp = np.linspace(random.uniform(0.75, 1.1), random.uniform(0.75, 1.1), bottom - top, dtype=np.float32)
        piece = canvas[top:bottom, left:right]
        piece[:] = np.clip(piece * ramp[:, None, None], 0, 255)


def _grille(random: Random, canvas: Picture, at: tuple[float, float], size: float) -> None:
    x, y = at
    high = size * random.uniform(0.15, 0.6)
    cv2.rectangle(canvas, (round(x), round(y)), (round(x + size), round(y + high)), (random.randint(10, 60),) * 3, -1)
    bars, color, upright = random.randint(3, 12), _paint(random), random.random() < 0.4
    for bar in range(bars):
        share = (bar + 0.5) / bars
        one, two = (
            ((x + size * share, y), (x + size * share, y + high)) if upright else ((x, y + high * share), (x + size, y + high * share))
        )
        cv2.line(canvas, (round(one[0]), round(one[1])), (round(two[0]), round(two[1])), color, random.choice((1, 1, 2, 3)))


def _lettering(random: Random, canvas: Picture, things: Materials, at: tuple[float, float], size: float) -> None:
    strip = random.choice(things.strips)
    if random.random() < 0.4:
        strip = np.asarray(255 - strip, np.uint8)
    high = size * strip.shape[0] / strip.shape[1]
    if high > size * 0.5:
        size, high = size * 0.5, high * 0.5
    corners = optics.quad(optics.pose(random, hard=0.6), wide=max(8.0, size), high=max(3.0, high)) + np.array(at, np.float32)
    optics.lay(canvas, strip, corners)


def portrait(random: Random, things: Materials, words: texts.Wording, *, condition: str, size: tuple[int, int]) -> Scene:
    """
    One vehicle as a lane's camera sees it, its plate 10–30 % of the picture's width; `condition` is one of `CONDITIONS`.
    """
    wide, high = size
    canvas = optics.backdrop(random, size, things.backdrops)
    for _ in range(random.randint(0, 2)):
        clutter(random, canvas, things)
    across = wide * random.uniform(0.1, 0.3)
    where = (random.uniform(0.3, 0.7) * wide, random.uniform(0.45, 0.8) * high)
    _face(random, canvas, things, where, across)
    plate = drawing.draw(random, words, random.choice(things.strokes), random.choice(things.hans))
    plate = wear.covered(random, plate, condition=condition)
    across *= 0.62 if len(words.lines) == 2 else 1.0
    corners = optics.quad(optics.pose(random, hard=0.5), wide=across, high=across * plate.shape[0] / plate.shape[1]) + np.array(
        where, np.float32
    )
    optics.frame(random, canvas, corners, things.strips)
    optics.lay(canvas, plate, corners)
    picture = cameras.at_night(random, canvas, corners) if condition == "night" else cameras.by_day(random, canvas)
    return Scene(picture, (Placed(words, corners.astype(np.float32)),))
