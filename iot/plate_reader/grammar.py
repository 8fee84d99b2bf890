"""
What a line of characters says as a plate: which country's format it fits, and where a look-alike was read for the character that must stand there.

Digits and letters are exchanged only where the format demands one of them; a character so repaired is never a sure one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from iot.plate_reader.countries import ALPHABETS, FORMATS, Format
from iot.plate_reader.recognition import UNKNOWN, ReadCharacter

UNKNOWN_COUNTRY: Final = "XX"
"""Of a plate that fits no format: one of ISO 3166's user-assigned codes."""
REPAIRED: Final = 0.5
"""A repaired character is at most this sure: the gate shall see that the reader doubted it (D23)."""
WEIGHT_OF_NO_FORMAT: Final = 0.35
LEAST_SURE_DIGIT: Final = 0.5
"""A name does not become a plate by a digit that was hardly read."""
SHORTEST_UNKNOWN: Final = 5
LONGEST_UNKNOWN: Final = 10
PRICE_OF_SHORTNESS: Final = 0.03
"""Per character: of two texts from the same place, the longer explains more of it."""
LONGEST: Final = 9
MOST_REPAIRS: Final = 3
PRICE_OF_EXCHANGE: Final = 0.93
"""Per pair, however often: a network that takes one O for 0 takes the next one so, too."""
TRUST_IN_SAME_STROKES: Final = 0.65
"""A format that needs such an exchange gives way to a likely one that takes the text as it was read."""
LEAST_ODDS: Final = 0.05
UNDOUBTED: Final = 0.9
"""A character so surely read has no second thought."""
SURELY_READ: Final = 1.2
"""The surer a character was read, the less likely is it another: 1.2 leaves a fifth for the surest."""
PRICE_OF_TRIM: Final = 0.38
"""A character left out without reason: what remains may be another vehicle's plate, so it stays below what a gate takes as read."""
PRICE_OF_EDGE: Final = 0.9
LOOK_ALIKES: Final = {
    "0": "ODQ", "1": "IT", "2": "Z", "4": "A", "5": "S", "6": "GB", "7": "TZ", "8": "B",
    "O": "0QD", "D": "0O", "Q": "0O", "I": "1T", "L": "1I", "J": "1", "Z": "2", "A": "4", "S": "5", "G": "6", "B": "8", "T": "7", "U": "0V",
    "N": "H", "V": "Y",
}  # fmt: skip
"""For each character read: what it may stand for where the format does not allow it, likeliest first."""
SAME_STROKES: Final = frozenset({"0O", "O0", "1I", "I1"})
"""Pairs that many plates print alike: no doubt of the reader's can be seen in them."""
LEADING: Final = {"KZ": ("KZ", "K2", "K7", "Z", "2", "7", "K", "R", "R2", "RZ"), "UZ": ("UZ", "U2"), "KG": ("KG",), "BY": ("BY",)}
TRAILING: Final = {"RU": ("RUS", "RU", "R", "US", "S", "RUSE", "RUSI"), "UZ": ("UZ", "U2"), "UA": ("UA",)}
"""Signs of a country that are read together with the number: bits of them are not part of it."""
EDGE: Final = frozenset("1IL")
"""What a plate's rim is read as."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """
    One way to understand a line: `confidence` is of the text (0–1), `score` also weighs how likely the format is; confidences per character.
    """

    text: str
    country: str
    kind: str
    confidence: float
    score: float
    char_confidences: tuple[float, ...]
    repaired: tuple[int, ...] = ()


def understand(characters: Sequence[ReadCharacter]) -> list[Hypothesis]:
    """
    Every way to understand the characters as a plate, best first; empty where nothing looks like one.
    """
    found = [item for window in _windows(characters) for item in _fitting(characters, *window)]
    plain = None if any(_plain_text(characters) == item.text for item in found) else _without_format(characters)
    best: dict[tuple[str, str], Hypothesis] = {}
    for item in [*found, *([plain] if plain else [])]:
        known = best.get((item.text, item.country))
        if known is None or item.score > known.score:
            best[item.text, item.country] = item
    return sorted(best.values(), key=lambda item: item.score, reverse=True)


def _windows(characters: Sequence[ReadCharacter]) -> Iterator[tuple[int, int]]:
    count = len(characters)
    for start in range(min(3, count)):
        for end in range(count, max(start + 4, count - 4) - 1, -1):
            yield start, end


def _fitting(characters: Sequence[ReadCharacter], start: int, end: int) -> Iterator[Hypothesis]:
    before = "".join(item.character for item in characters[:start])
    after = "".join(item.character for item in characters[end:])
    for format_, places in formats().get(end - start, ()):
        price = _price(before, LEADING.get(format_.country, ())) * _price(after, TRAILING.get(format_.country, ()))
        signed = len(before) > 1 and before in LEADING.get(format_.country, ())
        hypothesis = _fit(characters[start:end], format_, places, price, signed=signed) if price else None
        if hypothesis:
            yield hypothesis
            yield from _second_thoughts(characters[start:end], format_, places, hypothesis)


def _price(trimmed: str, signs: Sequence[str]) -> float:
    """
    What remains of our trust when these characters are left out; 0 where they may not be.
    """
    if not trimmed or trimmed in signs:
        return 1.0
    if len(trimmed) == 1:
        return PRICE_OF_EDGE if trimmed in EDGE else PRICE_OF_TRIM
    return 0.0


def _fit(characters: Sequence[ReadCharacter], format_: Format, places: Sequence[str], price: float, *, signed: bool) -> Hypothesis | None:
    if sum(read.character not in allowed for read, allowed in zip(characters, places, strict=True)) > MOST_REPAIRS:
        return None
    text, sureness, trust, repaired, exchanged = "", [], [], [], []
    for at, (read, allowed) in enumerate(zip(characters, places, strict=True)):
        letter, sure = (read.character, read.confidence) if read.character in allowed else _instead(read, allowed)
        if not letter:
            return None
        text += letter
        sureness.append(sure)
        trust.append(sure)
        if letter != read.character:
            repaired.append(at)
            exchanged.append(read.character + letter)
            sureness[-1] = min(REPAIRED, sure)
            trust[-1] = TRUST_IN_SAME_STROKES if read.character + letter in SAME_STROKES else sureness[-1]
    if not re.search(format_.check, text) or not _mixed(characters, exchanged, signed=signed):
        return None
    rank = price * format_.weight * PRICE_OF_EXCHANGE ** len(set(exchanged))
    score = rank * (_mean(trust) + min(trust)) / 2 * (1 - PRICE_OF_SHORTNESS * (LONGEST - len(text)))
    return Hypothesis(text, format_.country, format_.kind, _mean(sureness) * price, score, tuple(sureness), tuple(repaired))


def _second_thoughts(
    characters: Sequence[ReadCharacter], format_: Format, places: Sequence[str], first: Hypothesis
) -> Iterator[Hypothesis]:
    """
    The same plate with one character as the network would have it next, so much less likely as it says.
    """
    for at, (read, allowed) in enumerate(zip(characters, places, strict=True)):
        sure = first.char_confidences[at]
        if at in first.repaired or sure >= UNDOUBTED:
            continue
        odds, letter = max(
            ((odds, letter) for letter, odds in read.odds.items() if letter in allowed and letter != first.text[at]), default=(0.0, "")
        )
        text = first.text[:at] + letter + first.text[at + 1 :]
        if odds >= LEAST_ODDS and re.search(format_.check, text):
            sureness = (*first.char_confidences[:at], odds, *first.char_confidences[at + 1 :])
            share = min(1.0, odds / sure)
            yield replace(first, text=text, score=first.score * share, confidence=first.confidence * share, char_confidences=sureness)


def _mixed(characters: Sequence[ReadCharacter], exchanged: Sequence[str], *, signed: bool) -> bool:
    """
    Letters and digits were both read: a name is not made a plate by repairing, nor a date.

    Only O and I may all be read as digits: where the country's sign stands before them, or in `OOO`.
    """
    letters = any(item.character.isalpha() for item in characters)
    digits = any(item.character.isdigit() and item.confidence >= LEAST_SURE_DIGIT for item in characters)
    alike = SAME_STROKES.issuperset(exchanged) if signed else exchanged == ["0O"] * MOST_REPAIRS
    return digits and (letters or alike)


def _instead(read: ReadCharacter, allowed: str) -> tuple[str, float]:
    """
    The character that may stand here and is most like the one read, and how likely; empty where none is like it.
    """
    odds, letter = max(((odds, letter) for letter, odds in read.odds.items() if letter in allowed), default=(0.0, ""))
    if odds >= LEAST_ODDS:
        return letter, odds
    letter = next((letter for letter in LOOK_ALIKES.get(read.character, "") if letter in allowed), "")
    return letter, REPAIRED if read.character + letter in SAME_STROKES else REPAIRED * (SURELY_READ - read.confidence)


def _without_format(characters: Sequence[ReadCharacter]) -> Hypothesis | None:
    """
    The line as it stands, if it could be a plate of a kind that we do not know: named plates are sold (D9).
    """
    text = _plain_text(characters)
    digits = [item for item in characters if item.character.isdigit()]
    if not SHORTEST_UNKNOWN <= len(text) <= LONGEST_UNKNOWN or UNKNOWN in text or len(digits) == len(text):
        return None
    if max((item.confidence for item in digits), default=0.0) < LEAST_SURE_DIGIT:
        return None
    sureness = tuple(item.confidence for item in characters)
    confidence = _mean(sureness)
    return Hypothesis(text, UNKNOWN_COUNTRY, "no known format", confidence, confidence * WEIGHT_OF_NO_FORMAT, sureness)


def _plain_text(characters: Sequence[ReadCharacter]) -> str:
    return "".join(item.character for item in characters)


def _mean(sureness: Sequence[float]) -> float:
    return sum(sureness) / len(sureness)


@lru_cache(maxsize=1)
def formats() -> dict[int, list[tuple[Format, tuple[str, ...]]]]:
    """
    Every format by its length, with what may stand at each of its places.
    """
    table: dict[int, list[tuple[Format, tuple[str, ...]]]] = {}
    for format_ in FORMATS:
        places = places_of(format_)
        table.setdefault(len(places), []).append((format_, places))
    return table


def places_of(format_: Format) -> tuple[str, ...]:
    """
    What may stand at each place of a format.
    """
    return tuple(part[1:-1] if part[0] == "[" else ALPHABETS[part] for part in re.findall(r"\[[^\]]+\]|.", format_.pattern))
