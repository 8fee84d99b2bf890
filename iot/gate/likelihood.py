"""
How likely each expected vehicle is the one that a reading shows, against the others and against a vehicle that is not expected at all (Bayes' rule).

A reader says how sure it is of each character; what else that character may have been is spread over the alphabet, most of it over look-alikes.
A vehicle that is not expected is most dangerous where it belongs to an expected one's fleet: it bears a plate one character off (D23).
"""

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.contracts.passages import Reading
from chalicelib.contracts.plates import look_alike

MOST_CHANGED: Final = 3
"""More characters misread in one text are no evidence."""
LEAST_SAME: Final = 4
"""Fewer characters in common are chance."""
OFTEN_CONFUSED: Final = frozenset(
    frozenset(pair)
    for pair in [
        "0Q",
        "0C",
        "0G",
        "0U",
        "0V",
        "1L",
        "1T",
        "17",
        "1J",
        "27",
        "38",
        "3B",
        "36",
        "4A",
        "56",
        "58",
        "68",
        "6G",
        "6B",
        "7T",
        "7Y",
        "89",
        "8H",
        "8R",
        "90",
        "BR",
        "BE",
        "BP",
        "CG",
        "CO",
        "DP",
        "EF",
        "EK",
        "HM",
        "HN",
        "HK",
        "KX",
        "LI",
        "MN",
        "OQ",
        "OC",
        "PF",
        "PR",
        "TY",
        "UV",
        "UO",
        "VY",
        "VW",
        "XY",
    ]
)
"""Pairs beyond D23's that readers exchange where a picture is poor."""
ALIKE: Final = 0.35
CONFUSED: Final = 0.12
ANOTHER_DIGIT: Final = 0.06
ANOTHER_LETTER: Final = 0.02
ANOTHER_KIND: Final = 0.003
"""Of the chance that a character was misread: the share of a look-alike, of an often confused one, and of any one other of its kind or not of its kind.
A reader knows by the format where digits and where letters stand."""
LOST_INSIDE: Final = 0.002
LOST_AT_THE_END: Final = 0.01
"""The chance that a character is left out, or that something else is read as one."""
OTHER_COUNTRY: Final = 0.01
"""The chance that the reader names another country than the plate's, where it names one."""
SUREST: Final = 0.998
LEAST_SURE: Final = 0.02
"""A confidence is believed within these."""


@dataclass(frozen=True, slots=True)
class Habits:
    """
    What comes to a gate (shares 0–1): `strangers` of all vehicles are not expected, `fleet` of those are sisters of expected ones.

    `sisters`: how many plates are one character off a plate and may exist; `plates`: how many plates there are.
    """

    strangers: float = 0.1
    fleet: float = 0.3
    sisters: float = 120.0
    plates: float = 1e8


USUAL_HABITS: Final = Habits()


@dataclass(frozen=True, slots=True)
class Plate:
    """
    A vehicle as lists name it: country (ISO 3166 alpha-2) and normalized text.
    """

    country: str
    text: str


@dataclass(frozen=True, slots=True)
class Likely:
    """
    An expected plate and the probability (0–1) that it is the one before the camera.
    """

    plate: Plate
    probability: float


@dataclass(frozen=True, slots=True)
class _Evidence:
    """
    The chance of what was read if the plate is this one; for each difference its own chance, beside reading rightly, and the plate without it.
    """

    chance: float
    differences: tuple[tuple[float, str], ...]


def likeliest(readings: Sequence[Reading], expected: Sequence[Plate], *, habits: Habits = USUAL_HABITS) -> list[Likely]:
    """
    The expected plates that the readings of one vehicle may show, the likeliest first; what is missing to 1 is the chance of a stranger.

    `readings` are hypotheses of one plate with normalized texts, the best first. Chances count relative to reading the best one rightly.
    """
    if not readings or not expected:
        return []
    total = sum(reading.confidence for reading in readings) or 1.0
    listed = (1 - habits.strangers) / len(expected)
    sister = habits.strangers * habits.fleet / (len(expected) * habits.sisters)
    strange = habits.strangers * (1 - habits.fleet) / habits.plates / _rightly(readings[0])
    texts = {plate.text for plate in expected}
    found: list[tuple[Plate, float]] = []
    for plate in expected:
        evidence = [(reading.confidence / total, one) for reading in readings if (one := _evidence(reading, plate))]
        if not evidence:
            continue
        chance = sum(share * one.chance for share, one in evidence)
        found.append((plate, listed * chance))
        strange += sister * sum(
            share * one.chance / each for share, one in evidence for each, sister_of in one.differences if sister_of not in texts
        )
    whole = strange + sum(weight for _, weight in found)
    return sorted((Likely(plate, weight / whole) for plate, weight in found), key=lambda one: one.probability, reverse=True)


def by_plate(readings: Sequence[Reading]) -> list[list[Reading]]:
    """
    Readings of one picture apart by plate, the best plate first: hypotheses of one plate are texts nearly like its best one.
    """
    plates: list[list[Reading]] = []
    for reading in readings:
        mine = next((plate for plate in plates if _alike(reading.text, plate[0].text)), None)
        if mine is None:
            plates.append([reading])
        else:
            mine.append(reading)
    return plates


def confidence_at(reading: Reading, at: int) -> float:
    """
    A character's own confidence, or the whole reading's where the reader gave none for each.
    """
    if len(reading.char_confidences) == len(reading.text):
        return reading.char_confidences[at]
    return reading.confidence


def _alike(one: str, other: str) -> bool:
    if one == other or one in other or other in one:
        return True
    if len(one) == len(other):
        return sum(1 for mine, theirs in zip(one, other, strict=True) if mine != theirs) <= MOST_CHANGED
    return abs(len(one) - len(other)) == 1 and _ends_in_common(one, other) >= min(len(one), len(other)) - 1


def _evidence(reading: Reading, plate: Plate) -> _Evidence | None:
    """
    Compare place by place, or with one character left out on either side; nothing where that explains too little.
    """
    text, true = reading.text, plate.text
    if len(text) == len(true):
        if sum(map(operator.ne, text, true)) > min(MOST_CHANGED, len(true) - LEAST_SAME):
            return None
        places = [at for at in range(len(text)) if text[at] != true[at]]
        differences = tuple((_misread(reading, at, true[at]), true[:at] + text[at] + true[at + 1 :]) for at in places)
    elif abs(len(text) - len(true)) == 1 and _ends_in_common(text, true) >= max(LEAST_SAME, min(len(text), len(true)) - 1):
        differences = ((_shifted(text, true), text),)
    else:
        return None
    named = len(reading.country) == len("KZ") and reading.country.isalpha() and reading.country not in {"XX", "ZZ"}
    chance = OTHER_COUNTRY if named and reading.country.upper() != plate.country else 1.0
    for one, _ in differences:
        chance *= one
    return _Evidence(chance, differences)


def _rightly(reading: Reading) -> float:
    """
    The chance that all of it was read rightly. Where that is small, any plate at all may have been misread so.
    """
    return math.prod(min(SUREST, max(LEAST_SURE, confidence_at(reading, at))) for at in range(len(reading.text)))


def _misread(reading: Reading, at: int, true: str) -> float:
    """
    The odds that a character is another one than was read, beside what was read.
    """
    read, sure = reading.text[at], min(SUREST, max(LEAST_SURE, confidence_at(reading, at)))
    return (1 - sure) / sure * _share(read, true)


def _share(read: str, true: str) -> float:
    if look_alike(read, true):
        return ALIKE
    if frozenset((read, true)) in OFTEN_CONFUSED:
        return CONFUSED
    if read.isdigit() != true.isdigit():
        return ANOTHER_KIND
    return ANOTHER_DIGIT if read.isdigit() else ANOTHER_LETTER


def _shifted(text: str, true: str) -> float:
    """
    The chance that one character was lost or made up, and all others were read rightly: it happens at the ends of a plate, rarely inside.
    """
    short, long = sorted((text, true), key=len)
    return LOST_AT_THE_END if short in {long[1:], long[:-1]} else LOST_INSIDE


def _ends_in_common(one: str, other: str) -> int:
    """
    Characters that agree from the left until one differs, and from the right.
    """
    size = min(len(one), len(other))
    left = next((at for at in range(size) if one[at] != other[at]), size)
    right = next((at for at in range(size - left) if one[-1 - at] != other[-1 - at]), size - left)
    return left + right
