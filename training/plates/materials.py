"""
What plates and scenes are drawn with: faces, province characters, pictures to stand behind, strips of lettering.

Strokes of our own and the province characters of `han.png` are always there. A folder laid out by `python -m training.plates.gather` adds
`fonts/*.woff` and `backdrops/*.jpg`; without it, plates are of strokes alone and stand before plain surfaces.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from training.plates.lettering import CAP, ROOM, Face, font_face, stroke_face
from training.plates.pen import Picture
from training.plates.texts import PROVINCES

STROKE_FACES: Final = 160
PLAIN: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HANS: Final = PROVINCES + "挂"
HAN: Final = Path(__file__).with_name("han.png")
SYLLABLES: Final = (
    "AUTO", "MOTORS", "CENTR", "TORG", "TRANS", "LOGISTIC", "CARGO", "KZ", "TOYOTA", "SCANIA", "WWW", "RU", "KAZ", "7142", "394444",
    "SERVICE", "CENTER", "GROUP", "2400", "TIR",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Materials:
    """
    Everything loaded once.
    """

    strokes: list[Face]
    fonts: list[Face]
    hans: list[dict[str, NDArray[np.uint8]]]
    backdrops: list[Picture]
    strips: list[Picture]

    def face(self, random: Random, country: str) -> Face:
        """
        A face: drawn ones mostly where plates are so lettered, any font where not.
        """
        return random.choice(self.strokes if random.random() < (0.6 if country in {"KZ", "RU", "UZ", "KG"} else 0.35) else self.fonts)


@lru_cache(maxsize=1)
def for_lessons(folder: Path) -> Materials:
    """
    What every lesson draws with, loaded once.
    """
    return load(folder, seed=707)


def load(folder: Path | None, *, seed: int) -> Materials:
    """
    Make what is drawn, read what a folder has.
    """
    random = Random(seed)
    strokes = [stroke_face(random, name=f"strokes-{number}") for number in range(STROKE_FACES)]
    fonts = [font_face(path, characters=PLAIN) for path in sorted(folder.glob("fonts/*.woff"))] if folder else []
    pictures = [cv2.imread(str(path)) for path in sorted(folder.glob("backdrops/*.jpg"))] if folder else []
    every = fonts or strokes
    return Materials(
        strokes=strokes,
        fonts=every,
        hans=_hans(),
        backdrops=[np.asarray(picture, np.uint8) for picture in pictures if picture is not None],
        strips=[_strip(random, random.choice(every)) for _ in range(300)],
    )


def _hans() -> list[dict[str, NDArray[np.uint8]]]:
    """
    Masks of the characters that Chinese plates use beside Latin ones, in two weights: the rows of a picture kept beside this file.
    """
    sheet = cv2.imread(str(HAN), cv2.IMREAD_GRAYSCALE)
    if sheet is None:
        raise FileNotFoundError(HAN)
    tall = CAP + 2 * ROOM
    return [
        {
            character: np.ascontiguousarray(sheet[row * tall : (row + 1) * tall, column * CAP : (column + 1) * CAP], np.uint8)
            for column, character in enumerate(HANS)
        }
        for row in range(sheet.shape[0] // tall)
    ]


def _strip(random: Random, face: Face) -> Picture:
    """
    A line of lettering as dealers print under plates and owners on trucks, light on dark.
    """
    text = " ".join(random.choice(SYLLABLES) for _ in range(random.randint(1, 4)))
    pieces = [
        np.pad(face.masks[letter], ((0, 0), (0, 10))) if letter in face.masks else np.zeros((CAP + 2 * ROOM, 26), np.uint8)
        for letter in text
    ]
    mask = np.hstack(pieces).astype(np.float32) / 255
    dark, light = random.randint(0, 50), random.randint(150, 255)
    gray = (dark + mask * (light - dark)).astype(np.uint8)
    small = cv2.resize(gray, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    return np.repeat(np.asarray(small, np.uint8)[:, :, None], 3, axis=2)
