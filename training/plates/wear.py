"""
What weather and years do to a plate: dirt, snow, rust, faded ink, dents of light.
"""

from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from training.plates.pen import Picture


def worn(random: Random, plate: Picture, *, much: float) -> Picture:
    """
    A plate after some time on the road; `much` from 0 (new) to 1 (hardly readable).
    """
    high, wide = plate.shape[:2]
    picture = plate.astype(np.float32)
    noise = np.random.default_rng(random.getrandbits(32))
    if random.random() < 0.3 + 0.4 * much:
        picture = _covered(
            noise, picture, color=(70, 95, 115), share=random.uniform(0.1, 0.2 + 0.5 * much), grain=random.choice((6, 12, 24))
        )
    if random.random() < 0.25 * much:
        picture = _covered(noise, picture, color=(245, 240, 235), share=random.uniform(0.1, 0.25), grain=random.choice((4, 8)), hard=True)
        if random.random() < 0.5:
            edge = round(high * random.uniform(0.02, 0.2))
            picture[:edge] = 238
    if random.random() < 0.5:
        ramp = np.linspace(random.uniform(0.6, 1.05), random.uniform(0.6, 1.05), wide, dtype=np.float32)
        picture *= ramp[None, :, None]
    if random.random() < 0.25:
        ramp = np.linspace(random.uniform(0.6, 1.05), random.uniform(0.6, 1.05), high, dtype=np.float32)
        picture *= ramp[:, None, None]
    if random.random() < 0.12:
        mean = picture.mean(axis=(0, 1))
        picture = mean + (picture - mean) * random.uniform(0.45, 0.9)
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        at = (random.randrange(wide), random.randrange(high))
        cv2.ellipse(
            picture, at, (random.randint(1, 5), random.randint(1, 4)), random.randint(0, 180), 0, 360, (50.0, 80.0, 120.0), -1, cv2.LINE_AA
        )
    return np.clip(picture, 0, 255).astype(np.uint8)


def covered(random: Random, plate: Picture, *, condition: str) -> Picture:
    """
    A plate as a season leaves it: `dirty` under road dirt, `snowy` with snow at its edges and on its face; else nearly clean.
    """
    noise = np.random.default_rng(random.getrandbits(32))
    picture = plate.astype(np.float32)
    if condition == "dirty":
        picture = _covered(noise, picture, color=(70, 95, 115), share=random.uniform(0.25, 0.5), grain=random.choice((8, 16, 24)))
    elif condition == "snowy":
        picture = _covered(noise, picture, color=(245, 240, 235), share=random.uniform(0.05, 0.14), grain=random.choice((6, 9)), hard=True)
        picture[: round(plate.shape[0] * random.uniform(0.0, 0.12))] = 238
    else:
        picture = _covered(noise, picture, color=(70, 95, 115), share=random.uniform(0.0, 0.1), grain=16)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _covered(
    noise: np.random.Generator,
    picture: NDArray[np.float32],
    *,
    color: tuple[float, float, float],
    share: float,
    grain: int,
    hard: bool = False,
) -> NDArray[np.float32]:
    high, wide = picture.shape[:2]
    coarse = noise.random((max(2, high // grain), max(2, wide // grain))).astype(np.float32)
    cloud = cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC)
    if hard:
        cover = (cloud > 1 - share).astype(np.float32)
        cover = cv2.GaussianBlur(cover, (0, 0), 1.2)
    else:
        cover = np.clip(cloud, 0, 1) * share * 1.6
    cover = np.clip(cover, 0, 0.97)[:, :, None]
    return np.asarray(picture * (1 - cover) + np.array(color, np.float32) * cover, np.float32)
