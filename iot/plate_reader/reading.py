"""
From a picture to the plates in it: find text, read it, join what belongs together, understand it as plates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from iot.plate_reader.countries import MARKS
from iot.plate_reader.detection import MOST_ENLARGED, find_text
from iot.plate_reader.geometry import Picture, Quad, follows, joined, rectangle, stands_over
from iot.plate_reader.grammar import Hypothesis, understand
from iot.plate_reader.recognition import Line, read_line

FIRST_LOOK: Final = 800
SECOND_LOOK: Final = 1280
"""Pixels of the long side: most plates are found in the first, cheap look."""
GOOD: Final = 0.64
MOST_LINES: Final = 24
"""Lines read in one look, the tallest first: a truck may be covered with lettering."""
MOST_READINGS: Final = 6
LEAST_HEIGHT: Final = 8.0
NARROWEST: Final = 0.7
WIDEST: Final = 12.0
"""Width ÷ height of a text box that may be a plate or its region."""
NEARNESS: Final = 0.3
"""Of two good plates the larger is the nearer: its vehicle stands at the gate."""
MOST_CHARACTERS: Final = 14
MOST_CLOSER: Final = 2
"""Places looked at anew in an enlarged view."""
CLOSE_HEIGHT: Final = 48.0
"""Height of the text in the enlarged view, pixels."""
CLOSE_BESIDE: Final = 1.6
CLOSE_ABOVE: Final = 0.6
PRICE_OF_JOIN: Final = 0.97
PRICE_OF_STACK: Final = 0.8
LEAST_SHARE: Final = 0.7
LEAST_SHARE_SAME_TEXT: Final = 0.3
"""Of the best hypothesis' score: weaker ones are not reported. One text may be of several countries."""
MARKED: Final = 1.15
"""What a country's own sign beside the number adds to that country's score."""


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
    One place in the picture that may be a plate: the lines it was read from and every way to understand them, best first.
    """

    quad: Quad
    lines: frozenset[int]
    hypotheses: tuple[Hypothesis, ...]

    @property
    def score(self) -> float:
        """
        How plausible its best hypothesis is.
        """
        return self.hypotheses[0].score


def read(picture: Picture) -> list[PlateReading]:
    """
    The plates in a picture (height × width × 3, BGR), best first; other ways to understand them come last.
    """
    best: list[Candidate] = []
    for long_side in (FIRST_LOOK, SECOND_LOOK):
        quads = sorted(find_text(picture, long_side=long_side), key=lambda quad: quad.height, reverse=True)
        lines = [read_line(picture, quad) for quad in quads[:MOST_LINES] if _may_be_text_of_a_plate(quad)]
        best = max(best, _plates([*lines, *_read_closer(picture, lines)]), key=_top_score)
        if _top_score(best) >= GOOD:
            break
    return _readings(best)


def read_crop(picture: Picture) -> list[PlateReading]:
    """
    The same for a picture that shows one plate and little else.
    """
    height, width = picture.shape[:2]
    whole = _plates([read_line(picture, rectangle(width=width, height=height))]) if width > 2 * height else []
    if _top_score(whole) >= GOOD:
        return _readings(whole)
    found = read(picture)
    return found or _readings(whole)


def _top_score(candidates: Sequence[Candidate]) -> float:
    return candidates[0].score if candidates else 0.0


def _may_be_text_of_a_plate(quad: Quad) -> bool:
    return quad.height >= LEAST_HEIGHT and NARROWEST < quad.width / quad.height < WIDEST


def _read_closer(picture: Picture, lines: Sequence[Line]) -> Iterator[Line]:
    """
    The likeliest numbers again, found anew in an enlarged view of their surroundings: a first box may have lost an end or a region.
    """
    for candidate in _plates(lines)[:MOST_CLOSER]:
        quad = candidate.quad
        left, top, right, bottom = quad.grown(left=CLOSE_BESIDE, right=CLOSE_BESIDE, upright=CLOSE_ABOVE).bounds
        left, top = max(0, left), max(0, top)
        view = picture[top : bottom + 1, left : right + 1]
        if min(view.shape[:2]) < LEAST_HEIGHT:
            continue
        long_side = round(max(view.shape[:2]) * min(MOST_ENLARGED, CLOSE_HEIGHT / quad.height))
        for box in find_text(view, long_side=long_side):
            if _may_be_text_of_a_plate(box):
                yield read_line(picture, box.moved(left, top))


def _plates(lines: Sequence[Line]) -> list[Candidate]:
    """
    Candidates that share no line, best first.
    """
    marks = [(MARKS[line.text], line.quad) for line in lines if line.text in MARKS]
    everything = [candidate for parts in _groups(lines) if (candidate := _candidate(lines, parts, marks))]
    chosen: list[Candidate] = []
    for candidate in sorted(everything, key=lambda item: item.score, reverse=True):
        if not any(candidate.quad.overlaps(other.quad) or candidate.lines & other.lines for other in chosen):
            chosen.append(candidate)
    tallest = max((candidate.quad.height for candidate in chosen if candidate.score >= GOOD), default=1.0)
    return sorted(chosen, key=lambda item: item.score * min(1.0, item.quad.height / tallest) ** NEARNESS, reverse=True)


def _groups(lines: Sequence[Line]) -> Iterator[tuple[int, ...]]:
    """
    Which lines may make one plate, in reading order: one alone, two or three in a row, two above each other.
    """
    indexes = range(len(lines))
    rows = {(one, two) for one in indexes for two in indexes if one != two and follows(lines[one].quad, lines[two].quad)}
    for one in indexes:
        yield (one,)
    yield from rows
    yield from ((one, two, three) for one, two in rows for also, three in rows if two == also and three != one)
    yield from ((one, two) for one in indexes for two in indexes if one != two and stands_over(lines[one].quad, lines[two].quad))


def _candidate(lines: Sequence[Line], parts: tuple[int, ...], marks: Sequence[tuple[str, Quad]]) -> Candidate | None:
    characters = [item for part in parts for item in lines[part].characters]
    if len(characters) > MOST_CHARACTERS:
        return None
    stacked = any(stands_over(lines[one].quad, lines[two].quad) for one, two in pairwise(parts))
    quad = lines[parts[0]].quad
    for part in parts[1:]:
        quad = joined(quad, lines[part].quad)
    countries = {country for country, mark in marks if quad.grown(left=1.0, right=0.5, upright=0.4).holds(mark.center)}
    price = PRICE_OF_JOIN ** (len(parts) - 1) * (PRICE_OF_STACK if stacked else 1.0)
    hypotheses = [
        replace(item, score=min(1.0, item.score * (MARKED if item.country in countries else 1.0)) * price)
        for item in understand(characters)
    ]
    hypotheses.sort(key=lambda item: item.score, reverse=True)
    return Candidate(quad, frozenset(parts), tuple(hypotheses)) if hypotheses else None


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
