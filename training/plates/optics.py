"""
How a plate stands before a camera: place and angle, what is behind and beside it. A view keeps the plate's true corners.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from training.plates import cameras
from training.plates.pen import Picture

Corners = NDArray[np.float32]
"""Shape (4, 2), pixels, clockwise from the plate's top left."""

NARROWEST: Final = 42
WIDEST: Final = 210
FINE: Final = 2
"""A view is drawn this much finer than the camera sees it, then shrunk."""


@dataclass(frozen=True, slots=True)
class View:
    """
    A piece of a photograph around one plate.
    """

    picture: Picture
    corners: Corners


@dataclass(frozen=True, slots=True)
class Pose:
    """
    How a plate hangs before the camera: degrees of roll, shear of its height, how much the turn away narrows it, how much its sides differ.
    """

    roll: float
    shear: float
    narrow: float
    taper: float


def pose(random: Random, *, hard: float = 1.0) -> Pose:
    """
    As cameras at gates and phones see plates; `hard` widens all angles.
    """
    wild = random.random() < 0.35
    return Pose(
        roll=random.gauss(0, (9.0 if wild else 3.0) * hard),
        shear=random.gauss(0, (0.28 if wild else 0.08) * hard),
        narrow=random.uniform(0.5 if wild else 0.85, 1.0),
        taper=random.gauss(0, (0.12 if wild else 0.04) * hard),
    )


def quad(held: Pose, *, wide: float, high: float) -> Corners:
    """
    The corners of a plate of that size around the origin.
    """
    half, up = wide * held.narrow / 2, high / 2
    left, right = up * (1 + held.taper), up * (1 - held.taper)
    points = np.array([[-half, -left], [half, -right], [half, right], [-half, left]], np.float32)
    points[:, 0] += held.shear * points[:, 1] * 0.5
    points[:, 1] += held.shear * points[:, 0] * 0.5
    turn = np.deg2rad(held.roll)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]], np.float32)
    return np.asarray(points @ spin.T, np.float32)


def view(random: Random, plate: Picture, backdrops: Sequence[Picture], words: Sequence[Picture]) -> View:
    """
    One plate as a camera saw it, with something of what is around; `words` are strips of lettering for the frame's foot.
    """
    high, wide = plate.shape[:2]
    seen = min(WIDEST, max(NARROWEST, random.lognormvariate(4.72, 0.48))) * (0.62 if high > 1.5 * 72 else 1.0)
    fine = seen * FINE
    corners = quad(pose(random), wide=fine, high=fine * high / wide * random.uniform(0.85, 1.15))
    low, top = corners.min(axis=0), corners.max(axis=0)
    across, down = (top - low).tolist()
    aside, above = across * random.uniform(0.08, 0.42), down * random.uniform(0.2, 0.9)
    size = (round(across + 2 * aside), round(down + 2 * above))
    corners = corners - low + np.array([aside, above], np.float32)
    canvas = backdrop(random, size, backdrops)
    if random.random() < 0.3:
        _beside(random, canvas, corners)
    if words and random.random() < 0.3:
        _lettered(random, canvas, corners, words)
    if random.random() < 0.65:
        frame(random, canvas, corners, words)
    lay(canvas, plate, corners)
    if random.random() < 0.15:
        _shadow(random, canvas)
    shrink = (max(16, size[0] // FINE), max(10, size[1] // FINE))
    small = cameras.taken(random, canvas, shrink)
    scale = np.array([shrink[0] / size[0], shrink[1] / size[1]], np.float32)
    return View(small, corners * scale)


def backdrop(random: Random, size: tuple[int, int], backdrops: Sequence[Picture]) -> Picture:
    """
    Something to stand behind a plate: a piece of a picture, or a plain surface with a gradient; `size` is width, height.
    """
    wide, high = size
    if backdrops and random.random() < 0.6:
        whole = random.choice(backdrops)
        most = min(1.0, whole.shape[0] / high, whole.shape[1] / wide)
        share = random.uniform(0.15, 1.0) if most >= 1 else most
        w, h = min(whole.shape[1], max(8, round(wide * share))), min(whole.shape[0], max(8, round(high * share)))
        x, y = random.randint(0, whole.shape[1] - w), random.randint(0, whole.shape[0] - h)
        return np.asarray(cv2.resize(whole[y : y + h, x : x + w], size), np.uint8)
    color = np.array([random.gauss(0, 12) for _ in range(3)]) + random.choice((25, 40, 60, 110, 170, 215)) + random.gauss(0, 20)
    corners = np.clip(color + np.array([[[random.gauss(0, 18)] * 3 for _ in range(2)] for _ in range(2)]), 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(corners, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def lay(canvas: Picture, plate: Picture, corners: Corners) -> None:
    """
    Put a plate onto a canvas, its corners at these places.
    """
    high, wide = plate.shape[:2]
    source = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    low = np.floor(corners.min(axis=0)).astype(int)
    size = np.ceil(corners.max(axis=0)).astype(int) - low
    shrink = float(np.linalg.norm(corners[1] - corners[0])) / wide
    if shrink < 0.5:
        plate = np.asarray(
            cv2.resize(plate, (max(8, round(wide * shrink * 1.4)), max(4, round(high * shrink * 1.4))), interpolation=cv2.INTER_AREA),
            np.uint8,
        )
        source = source * np.array([plate.shape[1] / wide, plate.shape[0] / high], np.float32)
    matrix = cv2.getPerspectiveTransform(source, (corners - low).astype(np.float32))
    warped = cv2.warpPerspective(plate, matrix, (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpPerspective(np.full(plate.shape[:2], 255, np.uint8), matrix, (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR)
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    right, bottom = min(canvas.shape[1], int(low[0] + size[0])), min(canvas.shape[0], int(low[1] + size[1]))
    if right <= left or bottom <= top:
        return
    piece = (slice(top - low[1], bottom - low[1]), slice(left - low[0], right - low[0]))
    share = cover[piece][:, :, None].astype(np.float32) / 255
    under = canvas[top:bottom, left:right]
    under[:] = under * (1 - share) + warped[piece] * share


def frame(random: Random, canvas: Picture, corners: Corners, words: Sequence[Picture]) -> None:
    """
    A holder around the plate, often with a dealer's name at its foot.
    """
    color = tuple([random.randint(10, 60)] * 3) if random.random() < 0.75 else tuple([random.randint(120, 230)] * 3)
    center = corners.mean(axis=0)
    down = ((corners[3] - corners[0]) + (corners[2] - corners[1])) / 2
    grown = center + (corners - center) * np.array([1 + random.uniform(0.01, 0.05), 1 + random.uniform(0.03, 0.2)], np.float32)
    foot = random.uniform(0.0, 0.22) if random.random() < 0.7 else 0.0
    grown[2:] += down * foot
    cv2.fillPoly(canvas, [np.round(grown).astype(np.int32)], color, cv2.LINE_AA)
    if foot > 0.08 and words and random.random() < 0.8:
        strip = random.choice(words)
        if random.random() < 0.5:
            strip = 255 - strip
        shift = random.uniform(0.0, 0.3)
        edge = corners[2] - corners[3]
        start = corners[3] + down * foot * 0.15 + edge * shift
        stop = start + edge * random.uniform(0.3, 0.99 - shift)
        lay(canvas, np.asarray(strip, np.uint8), np.array([start, stop, stop + down * foot * 0.75, start + down * foot * 0.75], np.float32))


def _beside(random: Random, canvas: Picture, corners: Corners) -> None:
    """
    Lamps, handles and bars close to a plate's ends and above it: they are not its characters, nor its rim.
    """
    along, down = corners[1] - corners[0], corners[3] - corners[0]
    for _ in range(random.randint(1, 3)):
        end = random.choice((-0.5, 0.5, random.uniform(-0.5, 0.5)))
        off = random.uniform(0.02, 0.25) if abs(end) == 0.5 else 0.0
        lift = random.uniform(-0.4, 0.4) if off else random.choice((-1, 1)) * random.uniform(0.6, 1.0)
        at = corners.mean(axis=0) + along * (end + (off if end > 0 else -off)) + down * lift
        half = max(2.0, float(np.linalg.norm(down)) * random.uniform(0.15, 0.5))
        bright = random.randint(180, 255) if random.random() < 0.6 else random.randint(0, 90)
        color = tuple(max(0, min(255, bright + random.randint(-25, 25))) for _ in range(3))
        if random.random() < 0.5:
            axes = (round(half * random.uniform(0.5, 1.5)), round(half))
            cv2.ellipse(canvas, (round(float(at[0])), round(float(at[1]))), axes, random.uniform(0, 180), 0, 360, color, -1, cv2.LINE_AA)
        else:
            low, high = at - half * np.array([random.uniform(0.4, 3.0), 1.0]), at + half * np.array([random.uniform(0.4, 3.0), 1.0])
            cv2.rectangle(canvas, (round(low[0]), round(low[1])), (round(high[0]), round(high[1])), color, -1)


def _lettered(random: Random, canvas: Picture, corners: Corners, words: Sequence[Picture]) -> None:
    """
    Lettering painted on the vehicle close to its plate: before, behind, above or under it.
    """
    along, down = corners[1] - corners[0], corners[3] - corners[0]
    tall = random.uniform(0.4, 1.3)
    for _ in range(random.randint(1, 2)):
        strip = np.asarray(random.choice(words), np.uint8)
        if random.random() < 0.4:
            strip = np.asarray(255 - strip, np.uint8)
        edge = along * (tall * float(np.linalg.norm(down)) / float(np.linalg.norm(along)) * strip.shape[1] / strip.shape[0])
        gap = random.uniform(0.03, 0.2)
        match random.randrange(4):
            case 0:
                start = corners[1] + along * gap + down * random.uniform(-0.4, 0.4)
            case 1:
                start = corners[0] - edge - along * gap + down * random.uniform(-0.4, 0.4)
            case 2:
                start = corners[0] - down * (tall + gap) - along * random.uniform(-0.4, 0.4)
            case _:
                start = corners[3] + down * gap - along * random.uniform(-0.4, 0.4)
        place = np.array([start, start + edge, start + edge + down * tall, start + down * tall], np.float32)
        lay(canvas, strip, place)


def _shadow(random: Random, canvas: Picture) -> None:
    high, wide = canvas.shape[:2]
    one, two = random.randint(0, wide), random.randint(0, wide)
    area = np.zeros((high, wide), np.float32)
    side = 0 if random.random() < 0.5 else wide
    cv2.fillPoly(area, [np.array([[side, 0], [one, 0], [two, high], [side, high]], np.int32)], 1.0)
    area = cv2.GaussianBlur(area, (0, 0), random.uniform(1, 8))
    canvas[:] = np.clip(canvas * (1 + area[:, :, None] * random.uniform(-0.6, 0.4)), 0, 255)
