"""
A recognizer put through a folder of photographs in a process of its own, and what it read, how surely, and at what cost.
"""

import multiprocessing
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from bench.plates.folder import Photo, cut_out_plate
from bench.plates.recognizers import RECOGNIZERS, Found, Look
from iot.plate_reader.geometry import Picture
from iot.plate_reader.images import decode

WARM_UP: Final = np.full((480, 640, 3), 127, np.uint8)
KILOBYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What was read in one picture and the CPU seconds it took, on all threads together.
    """

    photo: Photo
    readings: tuple[Found, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """
    One recognizer's answers to whole photographs and to cut-out plates; `megabytes` is the most memory its process held, and held at rest.
    """

    name: str
    photos: tuple[Answer, ...]
    crops: tuple[Answer, ...]
    megabytes: int
    at_rest: int


def put_through(name: str, folder: Path, photos: Sequence[Photo]) -> Run:
    """
    Read everything in a fresh process.
    """
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_run, (name, folder, tuple(photos)))


def _run(name: str, folder: Path, photos: Sequence[Photo]) -> Run:
    cv2.setNumThreads(1)
    recognizer = RECOGNIZERS[name]()
    for look in (recognizer.photo, recognizer.crop):
        look(WARM_UP)
    at_rest = _most_memory()
    whole, crops = [], []
    for photo in photos:
        picture = decode((folder / photo.file).read_bytes())
        whole.append(_answer(photo, picture, recognizer.photo))
        crops.append(_answer(photo, cut_out_plate(picture, photo.box), recognizer.crop))
    return Run(recognizer.name, tuple(whole), tuple(crops), _most_memory(), at_rest)


def _answer(photo: Photo, picture: Picture, look: Look) -> Answer:
    began = time.process_time()
    readings = tuple(look(picture))
    return Answer(photo, readings, time.process_time() - began)


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KILOBYTES
