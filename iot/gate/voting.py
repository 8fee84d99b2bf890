"""
Several frames of one truck make one better reading: what each says of a character is weighed against what the others say of it (log-odds).

A lane's frames belong together while they come close after each other, read nearly alike, and nobody has been let through by them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.contracts.passages import ReaderReport, Reading
from chalicelib.contracts.plates import normalize
from iot.gate.likelihood import LEAST_SURE, SUREST, by_plate, confidence_at
from iot.gate.matching import USUAL_DOUBT

TOGETHER: Final = timedelta(seconds=4)
"""Frames further apart may show the next truck."""
MOST_FRAMES: Final = 8
CONTRADICTS: Final = 0.9
"""Two different characters in one place, each as sure as this, are of two plates."""
CORRELATION: Final = 0.3
"""Of the frames' errors: the same dirt misleads each of them."""
CONFUSED: Final = 0.3
"""The chance that a character misread is what another frame read there."""
AGAIN: Final = 0.5
"""The chance that a character misread once is misread as the same one again."""


@dataclass(frozen=True, slots=True)
class Frame:
    """
    One frame's readings, best first, and when it was taken.
    """

    at: datetime
    readings: tuple[Reading, ...]


def vote(frames: Sequence[Sequence[Reading]]) -> tuple[Reading, ...]:
    """
    One truck's readings in several frames (each best first, normalized, oldest frame first) as one frame's would be: first what all of them say together.

    Frames whose best text has another length than most confidence speaks for have no voice. The other hypotheses follow, and other plates of the last frame.
    """
    told = [tuple(readings) for readings in frames if readings]
    if len(told) <= 1:
        return told[0] if told else ()
    weight: dict[int, float] = {}
    for readings in told:
        weight[len(readings[0].text)] = weight.get(len(readings[0].text), 0.0) + readings[0].confidence
    length = max(weight, key=lambda size: weight[size])
    voices = [readings[0] for readings in told if len(readings[0].text) == length]
    places = [_place([(voice.text[at], confidence_at(voice, at)) for voice in voices]) for at in range(length)]
    text, sure = "".join(character for character, _ in places), tuple(chance for _, chance in places)
    countries = _countries(told, text) or [voices[-1].country]
    confidence = _together([voice.confidence for voice in voices if voice.text == text]) or sum(sure) / max(1, len(sure))
    first = [Reading(text=text, country=country, confidence=round(confidence, 4), char_confidences=sure) for country in countries]
    others = [reading for readings in told for reading in by_plate(readings)[0] if reading.text != text]
    strangers = [reading for plate in by_plate(told[-1])[1:] for reading in plate]
    return (*first, *sorted(others, key=lambda one: one.confidence, reverse=True), *strangers)


def _place(said: Sequence[tuple[str, float]]) -> tuple[str, float]:
    """
    The likeliest character of one place and its chance, from what each frame read there and how sure it was.
    """
    bounded = [(character, min(SUREST, max(LEAST_SURE, sure))) for character, sure in said]
    independent = len(said) / (1 + CORRELATION * (len(said) - 1)) / len(said)
    odds = {
        candidate: independent * sum(math.log(sure if candidate == read else (1 - sure) * CONFUSED) for read, sure in bounded)
        for candidate in dict(bounded)
    }
    something_else = independent * (sum(math.log(1 - sure) for _, sure in bounded) + math.log(AGAIN) * (len(said) - 1))
    best = max(odds, key=lambda candidate: odds[candidate])
    whole = math.exp(something_else) + sum(math.exp(value) for value in odds.values())
    return best, round(math.exp(odds[best]) / whole, 4)


def _together(confidences: Sequence[float]) -> float:
    """
    The confidence of several frames that read the same whole text; 0 for none.
    """
    return _place([("", confidence) for confidence in confidences])[1] if confidences else 0.0


def _countries(frames: Sequence[Sequence[Reading]], text: str) -> list[str]:
    """
    The countries that the text was read of, the surest first.
    """
    found: dict[str, float] = {}
    for readings in frames:
        for reading in readings:
            if reading.text == text:
                found[reading.country] = found.get(reading.country, 0.0) + reading.confidence
    return sorted(found, key=lambda country: found[country], reverse=True)


class Ballots:
    """
    The frames that each lane's present truck was seen in. They are kept in memory only: a restarted gate begins anew.
    """

    def __init__(self) -> None:
        self._frames: dict[str, tuple[Frame, ...]] = {}

    def readings(self, report: ReaderReport) -> tuple[Reading, ...]:
        """
        The report's readings, together with those of the same truck's frames before it.
        """
        frames = self._with(report)
        return vote([frame.readings for frame in frames]) if len(frames) > 1 else report.readings

    def cast(self, report: ReaderReport) -> None:
        """
        Keep a report for the frames that follow it; one that read nothing, or as good as nothing, says nothing.
        """
        if _readable(report):
            self._frames[report.lane] = self._with(report)[-MOST_FRAMES:]

    def close(self, lane: str) -> None:
        """
        The truck was let through: what comes next is another one.
        """
        self._frames.pop(lane, None)

    def _with(self, report: ReaderReport) -> tuple[Frame, ...]:
        own = Frame(report.at, tuple(replace(reading, text=normalize(reading.text)) for reading in report.readings))
        before = self._frames.get(report.lane, ())
        if not _readable(report) or not before or abs(report.at - before[-1].at) > TOGETHER:
            return (own,)
        return (*before, own) if all(_of_one_truck(frame.readings[0], own.readings[0]) for frame in before) else (own,)


def _readable(report: ReaderReport) -> bool:
    return bool(report.readings) and report.readings[0].confidence >= USUAL_DOUBT.readable


def _of_one_truck(one: Reading, other: Reading) -> bool:
    """
    Two frames' best readings may be of one plate: nearly the same text, and no place in which both are sure of another character.
    """
    if len(by_plate((one, other))) > 1:
        return False
    if len(one.text) != len(other.text):
        return True
    return not any(
        one.text[at] != other.text[at] and min(confidence_at(one, at), confidence_at(other, at)) >= CONTRADICTS
        for at in range(len(one.text))
    )
