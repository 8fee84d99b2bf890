"""
What a line of text says, character by character, with what else each character might have been.

The packaged recognition network knows 18,708 characters. A plate uses few: classes that print alike (Latin, Cyrillic, full width, small letters)
are added up before decoding, so that `У`, `y` and `Y` do not compete.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.contracts.plates import normalize
from iot.plate_reader.geometry import Picture, Quad, cut_out
from iot.plate_reader.models import RECOGNITION, Floats, as_batch, load

PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼挂"
LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" + PROVINCES
UNKNOWN: Final = "?"
"""Stands for a character that no plate uses."""
HEIGHT: Final = 48
"""The network's line height in pixels."""
LEAST_WIDTH: Final = 160
LEAST_ODDS: Final = 0.01
ALSO_DRAWN: Final = {"×": "X", "χ": "X", "μ": "M", "Φ": "0", "Ø": "0", "о": "O", "ο": "O", "Π": "N", "π": "N"}


@dataclass(frozen=True, slots=True)
class ReadCharacter:
    """
    One character as read, how sure the network is (0–1), and what it would say of every other plate character.
    """

    character: str
    confidence: float
    odds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Line:
    """
    One line of text and where it stands.
    """

    quad: Quad
    characters: tuple[ReadCharacter, ...]

    @property
    def text(self) -> str:
        """
        The characters alone.
        """
        return "".join(item.character for item in self.characters)


@dataclass(frozen=True, slots=True)
class _Classes:
    columns: NDArray[np.intp]
    starts: NDArray[np.intp]
    separators: NDArray[np.intp]


def read_line(picture: Picture, quad: Quad) -> Line:
    """
    Read the text in a box of the picture.
    """
    crop = cut_out(picture, quad, height=HEIGHT)
    batch = as_batch(crop)
    padded = np.zeros((1, 3, HEIGHT, max(LEAST_WIDTH, batch.shape[3])), np.float32)
    padded[..., : batch.shape[3]] = batch
    return Line(quad=quad, characters=decode(load(RECOGNITION).run(padded)[0]))


def decode(frames: Floats) -> tuple[ReadCharacter, ...]:
    """
    Turn the network's frames (columns × classes, class 0 is the blank) into characters: the best class of each run of columns (CTC).
    """
    classes = _classes()
    letters = np.add.reduceat(frames[:, classes.columns], classes.starts, axis=1)
    nothing = frames[:, :1] + frames[:, classes.separators].sum(axis=1, keepdims=True)
    strange = np.clip(1 - letters.sum(axis=1, keepdims=True) - nothing, 0, 1)
    table = np.hstack([letters, strange, nothing])
    best = table.argmax(axis=1)
    characters = []
    for run in np.split(np.arange(len(best)), np.flatnonzero(np.diff(best)) + 1):
        index = int(best[run[0]])
        if index <= len(LETTERS):
            peak = table[run[table[run, index].argmax()]]
            odds = {LETTERS[at]: float(peak[at]) for at in np.flatnonzero(peak[: len(LETTERS)] > LEAST_ODDS)}
            characters.append(ReadCharacter((LETTERS + UNKNOWN)[index], min(1.0, float(peak[index])), odds))
    return tuple(characters)


def _drawn_as(character: str) -> str:
    """
    The plate character that a character of the network prints as; empty for a separator, itself where no plate uses it.
    """
    plain = unicodedata.normalize("NFKD", ALSO_DRAWN.get(character, character))
    return normalize("".join(item for item in plain if not unicodedata.combining(item)))


@lru_cache(maxsize=1)
def _classes() -> _Classes:
    members: dict[str, list[int]] = {letter: [] for letter in LETTERS}
    separators = []
    for index, character in enumerate((*load(RECOGNITION).characters, " "), start=1):
        drawn = _drawn_as(character)
        if drawn in members:
            members[drawn].append(index)
        elif not drawn:
            separators.append(index)
    if not all(members.values()):
        raise ValueError(f"the network does not know {[letter for letter, found in members.items() if not found]}")
    sizes = [len(found) for found in members.values()]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
    return _Classes(np.concatenate([*members.values()]).astype(np.intp), starts, np.array(separators, np.intp))
