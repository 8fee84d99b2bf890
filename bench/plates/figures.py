"""
The figures of a reader: shares with their interval, distances between texts, and whether a confidence means what it says.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from bench.plates.folder import Box

NINETY_FIVE: Final = 1.959964
"""Standard deviations to either side that hold 95 % of a normal distribution."""
BINS: Final = 10
LEAST_OVERLAP: Final = 0.5


@dataclass(frozen=True, slots=True)
class Share:
    """
    So many of so many.
    """

    hits: int
    of: int

    @property
    def value(self) -> float:
        """
        The share itself, 0–1; 0 of nothing.
        """
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """
        Its 95 % interval (Wilson 1927), 0–1.
        """
        if not self.of:
            return 0.0, 1.0
        share, count, z = self.value, self.of, NINETY_FIVE
        middle = (share + z * z / (2 * count)) / (1 + z * z / count)
        half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{100 * self.value:.1f} % [{100 * low:.0f}–{100 * high:.0f}]"


@dataclass(frozen=True, slots=True)
class Bin:
    """
    All that was said with nearly the same confidence: how many, how sure in the mean, how often right.
    """

    count: int
    confidence: float
    right: float


def distance(one: str, other: str) -> int:
    """
    The least number of characters to change, add or leave out (Levenshtein 1965).
    """
    row = list(range(len(other) + 1))
    for at, character in enumerate(one, start=1):
        above, row[0] = row[0], at
        for column, wanted in enumerate(other, start=1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (character != wanted))
    return row[-1]


def character_accuracy(read: str, text: str) -> float:
    """
    1 − edit distance ÷ length of the true text, never below 0.
    """
    return max(0.0, 1 - distance(read, text) / len(text))


def right_characters(read: str, text: str) -> list[bool]:
    """
    For each character read, whether it stands in the true text at its place; texts of different length are aligned first.
    """
    if len(read) == len(text):
        return [one == other for one, other in zip(read, text, strict=True)]
    right = [False] * len(read)
    for block in SequenceMatcher(None, read, text, autojunk=False).get_matching_blocks():
        right[block.a : block.a + block.size] = [True] * block.size
    return right


def reliability(said: Sequence[tuple[float, bool]]) -> list[Bin]:
    """
    Confidences in tenths, each beside how often it was right; empty tenths are left out.
    """
    tenths: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in said:
        tenths.setdefault(min(BINS - 1, int(confidence * BINS)), []).append((confidence, right))
    return [
        Bin(len(found), sum(one for one, _ in found) / len(found), sum(right for _, right in found) / len(found))
        for _, found in sorted(tenths.items())
    ]


def calibration_error(said: Sequence[tuple[float, bool]]) -> float:
    """
    Expected calibration error (Guo 2017): the mean gap between confidence and truth over the tenths, weighed by their counts; 0–1.
    """
    return sum(one.count * abs(one.confidence - one.right) for one in reliability(said)) / len(said) if said else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """
    The smallest value that at least this share of all does not exceed.
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def found(box: Box, plate: Box) -> bool:
    """
    Whether a reading's box is the labeled plate: it covers it by half, or its middle lies in it (a box of text is smaller than its plate).
    """
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if plate[0] <= across <= plate[2] and plate[1] <= down <= plate[3]:
        return True
    shared = max(0, min(box[2], plate[2]) - max(box[0], plate[0])) * max(0, min(box[3], plate[3]) - max(box[1], plate[1]))
    union = (box[2] - box[0]) * (box[3] - box[1]) + (plate[2] - plate[0]) * (plate[3] - plate[1]) - shared
    return union > 0 and shared / union >= LEAST_OVERLAP
