"""
Makes views of plates for the reader and the network of corners: `python -m training.plates.views --folder F --materials M --from 0 --to 60`.

A shard holds 2,048 views, the same for the same number; views are packed as JPEG.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import cv2
import numpy as np

from training.plates import drawing, materials, optics, texts, wear
from training.plates.feeding import fed
from training.plates.shards import keep

SHARD: Final = 2048
SHARDS_AT_ONCE: Final = 6
PACKED: Final = 94


@dataclass(frozen=True, slots=True)
class Example:
    """
    One view packed: JPEG, corners in its pixels, text, country, lines.
    """

    jpeg: bytes
    corners: optics.Corners
    text: str
    country: str
    lines: int


def examples(number: int, things: materials.Materials) -> Iterator[Example]:
    """
    The views of one shard.
    """
    random = Random(707_000 + number)
    for _ in range(SHARD):
        words = texts.wording(random)
        plate = drawing.draw(random, words, things.face(random, words.country), random.choice(things.hans))
        plate = wear.worn(random, plate, much=random.random() ** 2)
        seen = optics.view(random, plate, things.backdrops, things.strips)
        packed = cv2.imencode(".jpg", seen.picture, [cv2.IMWRITE_JPEG_QUALITY, PACKED])[1]
        yield Example(packed.tobytes(), np.asarray(seen.corners, np.float32), words.text, words.country, len(words.lines))


def shards_for(folder: Path, uses: dict[Path, int], random: Random) -> list[Path]:
    """
    The shards to learn from next: those used least; the first one is kept for checking. `uses` counts on.
    """
    shards = sorted(sorted(folder.glob("*.views"))[1:], key=lambda path: (uses.get(path, 0), random.random()))[:SHARDS_AT_ONCE]
    uses.update({path: uses.get(path, 0) + 1 for path in shards})
    return shards


def write_shard(where: tuple[Path, Path, int], _: int = 0) -> int:
    """
    Write a shard that is not there yet: folder of views, folder of materials, number. The number again.
    """
    folder, given, number = where
    keep(folder / f"{number:04d}.views", lambda: [_packed(one) for one in examples(number, materials.for_lessons(given))])
    return number


def _packed(one: Example) -> tuple[bytes, optics.Corners, str, str, int]:
    return one.jpeg, one.corners, one.text, one.country, one.lines


def main() -> None:
    """
    Write shards that are not there yet.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--materials", type=Path, required=True)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--to", dest="last", type=int, required=True)
    parser.add_argument("--workers", type=int, default=0, help="processes that draw; 0 draws here")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    given.folder.mkdir(parents=True, exist_ok=True)
    for number in fed(write_shard, ((given.folder, given.materials, n) for n in range(given.first, given.last)), workers=given.workers):
        print(f"views: shard {number + 1} of {given.last}", flush=True)


if __name__ == "__main__":
    main()
