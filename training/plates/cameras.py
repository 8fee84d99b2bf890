"""
What weather, light, sensor and encoder make of a picture: rain, exposure, blur, noise, compression; by day and by an infrared lamp.
"""

from random import Random
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from training.plates.pen import Picture

RAINY: Final = 0.06
"""Of all pictures."""


def taken(random: Random, canvas: Picture, size: tuple[int, int], *, calm: float = 1.0) -> Picture:
    """
    What the sensor and the encoder leave of a fine picture, at `size` (width, height); `calm` below 1 for a photograph shrunk afterwards.
    """
    picture = canvas
    if random.random() < 0.6 * calm:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), abs(random.gauss(0.4, 0.9)) + 0.25), np.uint8)
    if random.random() < 0.18:
        picture = _moved(random, picture)
    if random.random() < RAINY:
        picture = rained(random, picture)
    light = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    light = _lit(random, light)
    noise = np.random.default_rng(random.getrandbits(32))
    light += noise.standard_normal(light.shape, np.float32) * random.choice((1, 2, 4, 7, 12)) * calm * (1 if random.random() < 0.8 else 1.6)
    done = np.clip(light, 0, 255).astype(np.uint8)
    if random.random() < 0.15:
        soft = random.uniform(0.5, 0.85)
        small = cv2.resize(done, (max(12, round(size[0] * soft)), max(8, round(size[1] * soft))), interpolation=cv2.INTER_AREA)
        done = np.asarray(cv2.resize(small, size, interpolation=random.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC))), np.uint8)
    if random.random() < 0.12:
        sharp = cv2.addWeighted(done, 1.8, cv2.GaussianBlur(done, (0, 0), 1.2), -0.8, 0)
        done = np.asarray(sharp, np.uint8)
    if random.random() < 0.75:
        packed = cv2.imencode(".jpg", done, [cv2.IMWRITE_JPEG_QUALITY, random.randint(28, 96)])[1]
        done = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return done


def _moved(random: Random, picture: Picture) -> Picture:
    length = random.choice((3, 5, 7, 9))
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    turn = cv2.getRotationMatrix2D(((length - 1) / 2, (length - 1) / 2), random.choice((0, 90, random.uniform(0, 180))), 1.0)
    kernel = cv2.warpAffine(kernel, turn, (length, length))
    return np.asarray(cv2.filter2D(picture, -1, kernel / max(1e-6, float(kernel.sum()))), np.uint8)


def rained(random: Random, picture: Picture) -> Picture:
    """
    The same through rain: bright streaks that all fall one way, a haze, and drops on the glass that blur what is behind them.
    """
    high, wide = picture.shape[:2]
    veil = np.zeros((high, wide), np.float32)
    lean, length = random.gauss(0, 0.25), high * random.uniform(0.03, 0.12)
    for _ in range(round(wide * high / 10_000 * random.uniform(3, 20)) + 4):
        x, y, share = random.uniform(0, wide), random.uniform(0, high), random.uniform(0.5, 1.5)
        end = (round(x + lean * length * share), round(y + length * share))
        cv2.line(veil, (round(x), round(y)), end, random.uniform(0.15, 0.6), random.choice((1, 1, 2)), cv2.LINE_AA)
    veil = np.clip(cv2.GaussianBlur(veil, (0, 0), 0.7) + random.uniform(0.0, 0.15), 0, 0.7)
    wet = picture * (1 - veil[:, :, None]) + random.uniform(170, 235) * veil[:, :, None]
    through = cv2.GaussianBlur(wet, (0, 0), max(1.0, high * 0.01))
    drops = np.zeros((high, wide), np.float32)
    for _ in range(random.choice((0, 0, 3, 8, 16))):
        at, radius = (random.randrange(wide), random.randrange(high)), max(1, round(high * random.uniform(0.01, 0.05)))
        cv2.circle(drops, at, radius, random.uniform(0.5, 1.0), -1, cv2.LINE_AA)
    glass = drops[:, :, None]
    return np.asarray(np.clip(wet * (1 - glass) + through * 1.06 * glass, 0, 255), np.uint8)


def _lit(random: Random, light: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    Exposure, contrast, gamma, cast; sometimes an infrared camera's gray.
    """
    low = random.uniform(0, 70) if random.random() < 0.5 else 0.0
    high = random.uniform(170, 275) if random.random() < 0.7 else random.uniform(low + 50, 200)
    cast = np.array([random.gauss(1, 0.045) for _ in range(3)], np.float32)
    if random.random() < 0.22:
        light = np.repeat(light.mean(axis=2, keepdims=True), 3, axis=2)
        cast[:] = 1
    bent = 255 * np.power(np.clip(light / 255, 0, 1), random.uniform(0.65, 1.5))
    return np.asarray((low + bent * (high - low) / 255) * cast, np.float32)


def by_day(random: Random, canvas: Picture) -> Picture:
    """
    A lane's camera in daylight: little blur and noise, a good encoder.
    """
    light = np.asarray(cv2.GaussianBlur(canvas, (0, 0), random.uniform(0.4, 1.1)), np.float32) * random.uniform(0.75, 1.05)
    return _noisy(random, light, grain=random.uniform(1, 4))


def at_night(random: Random, canvas: Picture, corners: NDArray[np.float32]) -> Picture:
    """
    The same by an infrared lamp: gray, dark around, the plate bright, more noise.
    """
    gray = np.asarray(cv2.cvtColor(canvas, cv2.COLOR_BGR2GRAY), np.float32)
    lamp = np.full(gray.shape, random.uniform(0.15, 0.4), np.float32)
    cv2.fillPoly(lamp, [np.round(corners).astype(np.int32)], random.uniform(0.7, 1.15))
    light = gray * cv2.GaussianBlur(lamp, (0, 0), 1.5)
    light = cv2.GaussianBlur(light, (0, 0), random.uniform(0.6, 1.4))
    return _noisy(random, np.repeat(light[:, :, None], 3, axis=2), grain=random.uniform(4, 9))


def _noisy(random: Random, light: NDArray[np.float32], *, grain: float) -> Picture:
    noise = np.random.default_rng(random.getrandbits(32))
    light = light + noise.standard_normal(light.shape, np.float32) * grain
    packed = cv2.imencode(".jpg", np.clip(light, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, random.randint(70, 92)])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
