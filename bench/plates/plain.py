"""
A country grammar over plain lines of text, as anybody would put it behind a general reader: lines joined, look-alikes repaired by position.

It knows what the reader's own grammar knows of formats, but has only a text and one confidence for a whole line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bench.plates.lines import follows, joined, stands_over
from chalicelib.contracts.plates import normalize
from iot.plate_reader.geometry import Quad
from iot.plate_reader.grammar import formats

REPAIRS: Final = {
    "0": "OD", "O": "0", "D": "0", "Q": "0", "1": "I", "I": "1", "L": "1", "2": "Z", "Z": "2", "5": "S", "S": "5", "6": "G", "G": "6",
    "8": "B", "B": "8", "4": "A", "A": "4", "7": "T", "T": "7",
}  # fmt: skip
"""What a character may have been where the format does not allow it, likeliest first."""
PRICE_OF_REPAIR: Final = 0.9
PRICE_OF_JOIN: Final = 0.95
PRICE_OF_NO_FORMAT: Final = 0.35
UNKNOWN: Final = "XX"
"""The country of a text that fits no format."""
MOST_TRIMMED: Final = 3
LEAST: Final = 5
MOST: Final = 10
SIGNS: Final = frozenset(
    {"KZ", "RUS", "RU", "UZ", "KG", "TM", "TJ", "BY", "TR", "LT", "LV", "EST", "PL", "D", "SK", "CZ", "UA", "GE", "AZ", "AM", "MNG"}
)
"""Distinguishing signs of countries, printed on plates beside the number."""


@dataclass(frozen=True, slots=True)
class Piece:
    """
    One line of text with its confidence (0–1) and place.
    """

    text: str
    confidence: float
    quad: Quad


@dataclass(frozen=True, slots=True)
class Plate:
    """
    Lines understood as a plate; `score` weighs the confidence by how well the format speaks for it.
    """

    text: str
    country: str
    confidence: float
    score: float
    quad: Quad


def plates_in(pieces: Sequence[Piece]) -> list[Plate]:
    """
    Every plate that single lines, neighbors in a row or two lines above each other may be, the likeliest first, one per place.
    """
    everything = sorted((plate for piece in _joined(pieces) for plate in _understood(piece)), key=lambda plate: plate.score, reverse=True)
    chosen: list[Plate] = []
    for plate in everything:
        if not any(plate.quad.overlaps(other.quad) for other in chosen):
            chosen.append(plate)
    return chosen


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    yield from pieces
    for one in pieces:
        for other in pieces:
            if one is not other and (follows(one.quad, other.quad) or stands_over(one.quad, other.quad)):
                sure = min(one.confidence, other.confidence) * PRICE_OF_JOIN
                yield Piece(one.text + other.text, sure, joined(one.quad, other.quad))


def _understood(piece: Piece) -> Iterator[Plate]:
    text = normalize(piece.text)
    for trimmed in _trimmed(text):
        for format_, places in formats().get(len(trimmed), ()):
            fitted, repairs = _fit(trimmed, places)
            if fitted and re.search(format_.check, fitted):
                confidence = piece.confidence * PRICE_OF_REPAIR**repairs
                yield Plate(fitted, format_.country, confidence, confidence * format_.weight, piece.quad)
    if LEAST <= len(text) <= MOST and any(one.isdigit() for one in text) and any(one.isalpha() for one in text):
        yield Plate(text, UNKNOWN, piece.confidence, piece.confidence * PRICE_OF_NO_FORMAT, piece.quad)


def _trimmed(text: str) -> Iterator[str]:
    """
    The text itself, and without a country's sign at either end.
    """
    yield text
    for size in range(1, MOST_TRIMMED + 1):
        if text[:size] in SIGNS:
            yield text[size:]
        if text[-size:] in SIGNS:
            yield text[:-size]


def _fit(text: str, places: Sequence[str]) -> tuple[str, int]:
    fitted, repairs = "", 0
    for character, allowed in zip(text, places, strict=True):
        if character in allowed:
            fitted += character
            continue
        repaired = next((one for one in REPAIRS.get(character, "") if one in allowed), "")
        if not repaired:
            return "", 0
        fitted, repairs = fitted + repaired, repairs + 1
    return fitted, repairs
