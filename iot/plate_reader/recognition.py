"""
What a plate says, character by character, with what else each character might have been, and of which country it looks to be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from iot.plate_reader.geometry import Picture
from iot.plate_reader.models import READER, Floats, load
from iot.plate_reader.strips import normalized

PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼挂"
LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" + PROVINCES
"""The network's classes after the blank."""
COUNTRIES: Final = (
    "KZ",
    "RU",
    "UZ",
    "KG",
    "CN",
    "TM",
    "TJ",
    "BY",
    "TR",
    "UA",
    "GE",
    "AZ",
    "AM",
    "MN",
    "LT",
    "LV",
    "EE",
    "SK",
    "CZ",
    "PL",
    "DE",
)
UNKNOWN: Final = "?"
"""Stands for a character that no plate uses."""
LEAST_ODDS: Final = 0.01


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
    What one strip says, and how likely each country is by the look of it.
    """

    characters: tuple[ReadCharacter, ...]
    countries: Mapping[str, float]

    @property
    def text(self) -> str:
        """
        The characters alone.
        """
        return "".join(item.character for item in self.characters)


def read_strips(strips: Sequence[Picture]) -> list[Line]:
    """
    Read strips as `strips.strip` cuts them.
    """
    letters, countries = load(READER).run(np.stack([normalized(strip) for strip in strips]))
    return [
        Line(decode(columns), dict(zip(COUNTRIES, map(float, likely), strict=True)))
        for columns, likely in zip(letters, countries, strict=True)
    ]


def decode(columns: Floats) -> tuple[ReadCharacter, ...]:
    """
    Turn the network's columns (columns × classes, class 0 is the blank) into characters: the best class of each run of columns (CTC).
    """
    best = columns.argmax(axis=1)
    characters = []
    for run in np.split(np.arange(len(best)), np.flatnonzero(np.diff(best)) + 1):
        index = int(best[run[0]])
        if index:
            peak = columns[run[columns[run, index].argmax()]]
            odds = {LETTERS[at - 1]: float(peak[at]) for at in np.flatnonzero(peak > LEAST_ODDS) if at}
            characters.append(ReadCharacter(LETTERS[index - 1], min(1.0, float(peak[index])), odds))
    return tuple(characters)
