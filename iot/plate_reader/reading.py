"""
From a picture to the plates in it: find them, say where their corners are, read them, understand what they say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from iot.plate_reader.finding import Found, find_plates, place
from iot.plate_reader.geometry import Picture, Quad
from iot.plate_reader.grammar import UNKNOWN_COUNTRY, Hypothesis, understand
from iot.plate_reader.recognition import Line, read_strips
from iot.plate_reader.strips import ABOVE, ASIDE, strip

FIRST_LOOK: Final = 448
SECOND_LOOK: Final = 832
"""Pixels of the long side: most plates, and all near ones, are found in the first, cheap look."""
GOOD: Final = 0.7
SURELY_READ: Final = 0.9
"""A reading so plausible, or one of a known format whose every character is so surely read, needs no second look."""
STACKED: Final = (0.08, 0.92)
"""Between these a plate is read both ways, as one line and as two."""
MOST_READINGS: Final = 6
NEARNESS: Final = 0.8
"""Of two good plates the larger is the nearer: its vehicle stands at the gate."""
INNER: Final = 0.5
"""Of the surroundings that the network of corners is used to, a cut-out plate has about half."""
LEAST_SURE: Final = 0.5
"""What remains of a reading's plausibility where the finder saw hardly a plate."""
LEAST_SHARE: Final = 0.5
LEAST_SHARE_SAME_TEXT: Final = 0.3
"""Of the best hypothesis' score: weaker ones are not reported. One text may be of several countries."""
UNDOUBTED: Final = 0.98
"""A reading whose every character is as sure needs no second cut to agree."""
HARDLY_A_PLATE: Final = 0.15
"""What reads no more plausibly is not cut again, nor told beside a better one."""
DISSENT: Final = 0.6
"""What remains of the sureness of what hardly any look says."""
MANY_ALIKE: Final = 0.5
"""Where no country is likelier than this by its look, none is told from it."""
LOOKS_RIGHT: Final = 1.15
LOOKS_WRONG: Final = 0.85
"""What the look of a plate adds to a country's score, or takes from it."""


@dataclass(frozen=True, slots=True)
class PlateReading:
    """
    One plate as read from one picture.

    `text` is normalized (D9), `country` ISO 3166 alpha-2 (`XX`: fits no format), `confidence` 0–1, `char_confidences` one per character;
    `box` is x0, y0, x1, y1 and `corners` the four corners clockwise from the text's top left, in pixels of the picture.
    """

    text: str
    country: str
    confidence: float
    box: tuple[int, int, int, int]
    corners: tuple[tuple[float, float], ...]
    char_confidences: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    One place in the picture that may be a plate, and every way to understand it, best first.
    """

    found: Found
    hypotheses: tuple[Hypothesis, ...]

    @property
    def quad(self) -> Quad:
        """
        Where it is.
        """
        return self.found.quad

    @property
    def score(self) -> float:
        """
        How plausible its best hypothesis is.
        """
        return self.hypotheses[0].score * (LEAST_SURE + (1 - LEAST_SURE) * self.found.sure)


def read(picture: Picture) -> list[PlateReading]:
    """
    The plates in a picture (height × width × 3, BGR), best first; other ways to understand them come last.
    """
    best: list[Candidate] = []
    for long_side in (FIRST_LOOK, SECOND_LOOK):
        best = max(best, _candidates(picture, find_plates(picture, long_side=long_side)), key=_top_score)
        if best and _enough(best[0]):
            break
    return _readings(best)


def read_crop(picture: Picture) -> list[PlateReading]:
    """
    The same for a picture that shows one plate and little else.
    """
    height, width = picture.shape[:2]
    edges = np.array([0, 0, width, height], np.float32)
    inner = edges + np.array([ASIDE * width, ABOVE * height, -ASIDE * width, -ABOVE * height], np.float32) * INNER
    return _readings(_candidates(picture, place(picture, [(inner, 1.0)])))


def _enough(candidate: Candidate) -> bool:
    best = candidate.hypotheses[0]
    return candidate.score >= GOOD or (best.country != UNKNOWN_COUNTRY and min(best.char_confidences) >= SURELY_READ)


def _top_score(candidates: Sequence[Candidate]) -> float:
    return candidates[0].score if candidates else 0.0


def _candidates(picture: Picture, places: Sequence[Found]) -> list[Candidate]:
    """
    What stands at each place, the likeliest first.
    """
    ways = [(found, lines) for found in places for lines in _lines(found)]
    said = dict(zip(ways, ([item] for item in _read(picture, [(found.quad, lines) for found, lines in ways])), strict=True))
    doubtful = [(found, lines, quad) for found, lines in ways if _doubtful(said[found, lines][0]) for quad in found.looks[:-1]]
    for (found, lines, _), item in zip(doubtful, _read(picture, [(quad, lines) for _, lines, quad in doubtful]), strict=True):
        said[found, lines].append(item)
    best: list[Candidate] = []
    for found in places:
        hypotheses = max((_agreed(said[found, lines]) for lines in _lines(found)), key=lambda items: items[0].score if items else 0.0)
        if hypotheses:
            best.append(Candidate(found, hypotheses))
    chosen: list[Candidate] = []
    for candidate in sorted(best, key=lambda item: item.score, reverse=True):
        if not any(candidate.quad.overlaps(other.quad) for other in chosen):
            chosen.append(candidate)
    chosen = [candidate for candidate in chosen if candidate is chosen[0] or candidate.score >= HARDLY_A_PLATE]
    tallest = max((candidate.quad.height for candidate in chosen if candidate.score >= GOOD), default=1.0)
    return sorted(chosen, key=lambda item: item.score * min(1.0, item.quad.height / tallest) ** NEARNESS, reverse=True)


def _read(picture: Picture, ways: Sequence[tuple[Quad, int]]) -> list[tuple[Hypothesis, ...]]:
    """
    What plates say in each cut, taken as that many lines.
    """
    return [_hypotheses(line) for line in read_strips([strip(picture, quad.points, lines=lines) for quad, lines in ways])] if ways else []


def _doubtful(hypotheses: Sequence[Hypothesis]) -> bool:
    return bool(hypotheses) and hypotheses[0].score >= HARDLY_A_PLATE and min(hypotheses[0].char_confidences) < UNDOUBTED


def _lines(found: Found) -> tuple[int, ...]:
    low, high = STACKED
    return (1,) if found.stacked < low else (2,) if found.stacked > high else (1, 2)


def _hypotheses(line: Line) -> tuple[Hypothesis, ...]:
    weighed = [replace(item, score=min(1.0, item.score * _look(line, item.country))) for item in understand(line.characters)]
    return tuple(sorted(weighed, key=lambda item: item.score, reverse=True))


def _agreed(looks: Sequence[tuple[Hypothesis, ...]]) -> tuple[Hypothesis, ...]:
    """
    What several looks at one plate say together: what only some of them say is so much less plausible, and no character of it surely read.
    """
    told: dict[tuple[str, str], list[Hypothesis]] = {}
    for hypotheses in looks:
        for item in hypotheses:
            told.setdefault((item.text, item.country), []).append(item)
    together = [_mean_of(items, len(looks)) for items in told.values()]
    return tuple(sorted(together, key=lambda item: item.score, reverse=True))


def _mean_of(items: Sequence[Hypothesis], looks: int) -> Hypothesis:
    surest = max(items, key=lambda item: item.score)
    share = len(items) / looks
    characters = [sum(column) / len(items) for column in zip(*(item.char_confidences for item in items), strict=True)]
    doubt = DISSENT + (1 - DISSENT) * share
    return replace(
        surest,
        score=sum(item.score for item in items) / looks,
        confidence=sum(item.confidence for item in items) / len(items) * doubt,
        char_confidences=tuple(value * doubt for value in characters),
    )


def _look(line: Line, country: str) -> float:
    """
    How much the look of the plate speaks for a country: nothing where it might be several's.
    """
    likeliest = max(line.countries.values())
    trust = max(0.0, likeliest - MANY_ALIKE) / (1 - MANY_ALIKE)
    return 1 + trust * (LOOKS_WRONG + (LOOKS_RIGHT - LOOKS_WRONG) * line.countries.get(country, 0.0) / likeliest - 1)


def _readings(candidates: Sequence[Candidate]) -> list[PlateReading]:
    """
    The best hypothesis of each plate, then the others, sure ones first.
    """
    first = [_reading(candidate.quad, candidate.hypotheses[0], 1.0) for candidate in candidates]
    others = [
        _reading(candidate.quad, other, other.score / candidate.score)
        for candidate in candidates
        for other in candidate.hypotheses[1:]
        if _worth_telling(other, candidate.hypotheses[0])
    ]
    return [*first, *sorted(others, key=lambda item: item.confidence, reverse=True)][:MOST_READINGS]


def _worth_telling(other: Hypothesis, best: Hypothesis) -> bool:
    """
    Another country for the same text, or another text nearly as likely; a piece of the best one is neither.
    """
    if other.text == best.text:
        return other.score >= best.score * LEAST_SHARE_SAME_TEXT
    return other.text not in best.text and other.score >= best.score * LEAST_SHARE


def _reading(quad: Quad, hypothesis: Hypothesis, share: float) -> PlateReading:
    return PlateReading(
        text=hypothesis.text,
        country=hypothesis.country,
        confidence=round(min(1.0, hypothesis.confidence * min(1.0, share)), 4),
        box=quad.bounds,
        corners=tuple((round(float(x), 1), round(float(y), 1)) for x, y in quad.points),
        char_confidences=tuple(round(item, 4) for item in hypothesis.char_confidences),
    )
