"""
`python -m bench.plates.border [--scenes 10000] [--workers 1] [--rain] [--pictures FILE]`: the reader on drawn vehicles of every country, in four conditions.

Scenes are the same for the same number; a table tells exact readings by country and condition, one and two lines apart.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from random import Random
from typing import Final

import cv2

from bench.plates.folder import Box
from bench.plates.sheet import Miss, write_sheet
from iot.plate_reader.recognition import COUNTRIES
from training.plates import cameras, materials, scenes, texts

SIZE: Final = (1280, 960)
SEED: Final = 2015
MOST_PICTURES: Final = 48
SQUARE: Final = frozenset(country for country, _, kind, _ in texts.PATTERNS if kind == "square")


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    One scene read.
    """

    country: str
    lines: int
    condition: str
    text: str
    answer: str
    box: Box | None

    @property
    def exact(self) -> bool:
        """
        Whether the first reading is the plate to the letter.
        """
        return self.text == self.answer


@lru_cache(maxsize=1)
def _things() -> materials.Materials:
    return materials.load(None, seed=SEED)


def planned(number: int) -> tuple[texts.Wording, str, Random]:
    """
    What the scene of that number shows, its condition, and the chance it is drawn by: countries and conditions in turn, every third plate on two
    lines where the country has such.
    """
    random = Random(SEED * 1_000_003 + number)
    country = COUNTRIES[number % len(COUNTRIES)]
    turn = number // len(COUNTRIES)
    condition = scenes.CONDITIONS[turn % len(scenes.CONDITIONS)]
    stacked = country in SQUARE and turn // len(scenes.CONDITIONS) % 3 == 2
    kinds = frozenset({"square"} if stacked else {"row", "plain", "old"})
    return texts.wording(random, countries=frozenset({country}), kinds=kinds), condition, random


def draw(number: int, *, rain: bool = False) -> scenes.Scene:
    """
    The scene of that number, in rain where wished.
    """
    words, condition, random = planned(number)
    scene = scenes.portrait(random, _things(), words, condition=condition, size=SIZE)
    return replace(scene, picture=cameras.rained(Random(number), scene.picture)) if rain else scene


def look(number: int, *, rain: bool = False) -> Outcome:
    """
    Draw and read one scene.
    """
    from iot.plate_reader import read  # noqa: PLC0415 - loads networks: in the process that reads

    cv2.setNumThreads(1)
    words, condition, _ = planned(number)
    readings = read(draw(number, rain=rain).picture)
    answer, box = (readings[0].text, readings[0].box) if readings else ("", None)
    return Outcome(words.country, len(words.lines), condition, words.text, answer, box)


def outcomes(count: int, *, workers: int, rain: bool) -> Iterator[Outcome]:
    """
    The first so many scenes read.
    """
    seen = partial(look, rain=rain)
    if workers == 1:
        yield from map(seen, range(count))
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(seen, range(count), chunksize=20)


def table(found: list[Outcome]) -> str:
    """
    Per country and lines: exact of all, in per cent, in each condition.
    """
    exact = Counter((item.country, item.lines, item.condition) for item in found if item.exact)
    every = Counter((item.country, item.lines, item.condition) for item in found)
    rows = [f"{'country':<10}" + "".join(f"{condition:>16}" for condition in scenes.CONDITIONS)]
    for country, lines in sorted({(item.country, item.lines) for item in found}):
        cells = [(exact[country, lines, condition], every[country, lines, condition]) for condition in scenes.CONDITIONS]
        rows.append(f"{country} {lines} line{'s' if lines > 1 else ' '}".ljust(10) + "".join(_cell(*cell) for cell in cells))
    sums = [
        (sum(exact[key] for key in every if key[2] == condition), sum(count for key, count in every.items() if key[2] == condition))
        for condition in scenes.CONDITIONS
    ]
    return "\n".join([*rows, f"{'all':<10}" + "".join(_cell(*cell) for cell in sums)])


def _cell(good: int, of: int) -> str:
    return f"{100 * good / of:>7.1f} % {f'({of})':>6}" if of else f"{'–':>16}"


def main() -> None:
    """
    Read and print.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--rain", action="store_true", help="let rain fall on every scene")
    parser.add_argument("--verbose", action="store_true", help="print every miss at good quality")
    parser.add_argument("--pictures", type=Path, help="an image file of the misses at good quality")
    given = parser.parse_args()
    found: list[Outcome] = []
    for item in outcomes(given.scenes, workers=given.workers, rain=given.rain):
        found.append(item)
        if given.verbose and not item.exact and item.condition == "good":
            print(f"{len(found) - 1}: {item.country} {item.text} read as {item.answer or 'nothing'}")
        if len(found) % 1000 == 0:
            print(f"{len(found)} of {given.scenes} scenes", flush=True)
    print(table(found))
    if given.pictures:
        picture_misses(found, given.pictures, rain=given.rain)


def picture_misses(found: list[Outcome], path: Path, *, rain: bool) -> None:
    """
    Draw the first misses at good quality on a sheet.
    """
    missed = [(number, item) for number, item in enumerate(found) if not item.exact and item.condition == "good"][:MOST_PICTURES]
    misses = []
    for number, item in missed:
        scene = draw(number, rain=rain)
        low, high = scene.plates[0].corners.min(axis=0), scene.plates[0].corners.max(axis=0)
        box = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
        misses.append(Miss(f"{number} {item.country}", scene.picture, box, item.text, item.box, item.answer))
    if misses:
        write_sheet(misses, path)
        print(f"{len(misses)} misses: {path}")


if __name__ == "__main__":
    main()
