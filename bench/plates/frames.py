"""
What voting brings: each photograph shown as several frames of a moving, shaking camera, read one by one, and voted upon as the gate does.

Frames of one photograph share its dirt and its light, as real ones do.
"""

import multiprocessing
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from bench.plates.figures import Share, calibration_error, right_characters
from bench.plates.folder import Photo
from bench.plates.recognizers import RECOGNIZERS
from chalicelib.contracts.passages import Reading
from iot.gate.voting import vote
from iot.plate_reader.geometry import Picture
from iot.plate_reader.images import decode

SHIFT: Final = 0.03
"""Of the picture's size, to either side."""
SMALLEST: Final = 0.7
LIGHT: Final = (0.75, 1.2)
NOISE: Final = 5.0
"""Gray levels, standard deviation."""
QUALITY: Final = (50, 90)

Frames = tuple[Photo, tuple[tuple[Reading, ...], ...]]
"""A photograph and the readings of each of its frames."""


def in_frames(name: str, folder: Path, photos: Sequence[Photo], *, count: int) -> list[Frames]:
    """
    Read so many frames of each photograph in a process of its own.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_read, (name, folder, tuple(photos), count))


def print_votes(name: str, frames: Sequence[Frames]) -> None:
    """
    Exact readings and calibration of single frames, and of their vote.
    """
    single = [(photo, one) for photo, readings in frames for one in readings]
    voted = [(photo, vote(readings)) for photo, readings in frames]
    size = len(frames[0][1])
    print(f"\n{name}, {size} frames of each photograph")
    for title, answers in (("one frame", single), ("their vote", voted)):
        exact = Share(sum(bool(readings) and readings[0].text == photo.text for photo, readings in answers), len(answers))
        said = [
            pair
            for photo, readings in answers
            if readings and len(readings[0].text) == len(photo.text)
            for pair in zip(readings[0].char_confidences, right_characters(readings[0].text, photo.text), strict=False)
        ]
        print(f"  {title:10} exact {exact}, n {exact.of}, ECE character {calibration_error(said):.3f}")


def shaken(picture: Picture, *, chance: np.random.Generator) -> Picture:
    """
    The same scene in another frame: a little aside, nearer or farther, lighter or darker, noisy, compressed anew.
    """
    height, width = picture.shape[:2]
    scale = chance.uniform(SMALLEST, 1.0)
    across, down = chance.uniform(-SHIFT, SHIFT, 2) * (width, height)
    view = np.array([[scale, 0, across + width * (1 - scale) / 2], [0, scale, down + height * (1 - scale) / 2]], np.float32)
    moved = cv2.warpAffine(picture, view, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    noisy = moved * chance.uniform(*LIGHT) + chance.standard_normal((height, width, 1), np.float32) * NOISE
    quality = int(chance.integers(*QUALITY))
    jpeg = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), np.uint8)


def _read(name: str, folder: Path, photos: Sequence[Photo], count: int) -> list[Frames]:
    cv2.setNumThreads(1)
    recognizer, told = RECOGNIZERS[name](), []
    for number, photo in enumerate(photos):
        picture = decode((folder / photo.file).read_bytes())
        chance = np.random.default_rng((11, number))
        frames = (recognizer.photo(shaken(picture, chance=chance)) for _ in range(count))
        told.append((photo, tuple(tuple(reading for reading, _ in frame) for frame in frames)))
    return told
