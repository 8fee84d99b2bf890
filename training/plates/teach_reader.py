"""
Teaches the reader on drawn views: `python -m training.plates.teach_reader --views F --out F --minutes 60`.

What is left of the time sets the pace of learning, so a shorter run ends well, too. Views are used as their shards appear: a maker of views may
run beside.
"""

import argparse
from pathlib import Path
from random import Random
from typing import Any, Final

import cv2
import numpy as np
import torch
from torch import nn

from iot.plate_reader.recognition import COUNTRIES, LETTERS
from iot.plate_reader.strips import normalized, strip
from training.plates.feeding import fed
from training.plates.lessons import Pace, begin, command_line, lots_of_views, on, smoothed, step
from training.plates.networks import Reader
from training.plates.shards import load_shard

SEED: Final = 707
BATCH: Final = 48
RATE: Final = 2.2e-3
WARM_UP: Final = 300
WEIGHT_OF_COUNTRY: Final = 0.1
SHIFT: Final = 0.045
"""How far a found corner lies from the true one, in plate heights: what the network of corners is wrong by, and more."""
CHECKED: Final = 1024
NONE: Final = -100
"""Of a plate of no certain country nothing is learned about countries."""


def example(view: Any, random: Random) -> Any:
    """
    A strip as cut by corners nearly right.
    """
    jpeg, corners, _, _, lines = view
    picture = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    high = float(np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])) / 2
    much = high * SHIFT * random.choice((0.5, 1.0, 1.0, 2.0))
    shift = np.array([[random.gauss(0, much), random.gauss(0, much)] for _ in range(4)], np.float32)
    strips = normalized(strip(picture, corners + shift, lines=lines))
    if random.random() < 0.3:
        strips *= random.uniform(0.7, 1.3)
    return strips


def prepare(views: list[Any], number: int) -> tuple[Any, Any, Any, Any]:
    """
    Strips, their characters one after the other as classes, how many each has, and their countries.
    """
    random = Random(SEED + number)
    spelled = [[LETTERS.index(letter) + 1 for letter in view[2]] for view in views]
    countries = [COUNTRIES.index(view[3]) if view[3] in COUNTRIES else NONE for view in views]
    return (
        np.stack([example(view, random) for view in views]),
        np.array([letter for text in spelled for letter in text]),
        np.array([len(text) for text in spelled]),
        np.array(countries),
    )


def read_out(letters: torch.Tensor) -> list[str]:
    """
    The likeliest text of each strip.
    """
    texts = []
    for columns in letters.argmax(-1).tolist():
        text, before = "", 0
        for column in columns:
            if column and column != before:
                text += LETTERS[column - 1]
            before = column
        texts.append(text)
    return texts


def check(reader: Reader, views: list[Any], device: torch.device) -> str:
    """
    How much of views never learned from is read to the letter.
    """
    reader.eval()
    exact = 0
    random = Random(1)
    with torch.inference_mode():
        for start in range(0, len(views), 128):
            batch = views[start : start + 128]
            texts = read_out(reader(on(device, np.stack([example(view, random) for view in batch])))[0])
            exact += sum(text == view[2] for text, view in zip(texts, batch, strict=True))
    reader.train()
    return f"exact {100 * exact / len(views):.1f} %"


def teach(given: argparse.Namespace, reader: Reader, device: torch.device) -> None:
    """
    Learn until the time is over, telling how it goes; weights are kept every few minutes.
    """
    checked = load_shard(given.views / "0000.views")[:CHECKED]
    optimizer = torch.optim.AdamW(reader.parameters(), given.rate, weight_decay=1e-3)
    spelling = nn.CTCLoss(zero_infinity=True)
    pace, seen = Pace(given.minutes, given.rate, WARM_UP), 0
    sums: dict[str, float] = {}
    for strips, characters, lengths, countries in fed(prepare, lots_of_views(given.views, BATCH, Random(SEED)), workers=given.workers):
        letters, country = reader(on(device, strips))
        likely = letters.log_softmax(-1).permute(1, 0, 2)
        columns = torch.full((len(lengths),), likely.shape[0])
        reading = spelling(likely, on(device, characters), columns, torch.from_numpy(lengths))
        where = nn.functional.cross_entropy(country, on(device, countries), ignore_index=NONE)
        step(reader, optimizer, reading + WEIGHT_OF_COUNTRY * where, rate=pace.rate())
        seen += len(lengths)
        sums = smoothed(sums, {"reading": reading.item(), "country": where.item()})
        pace.tell(seen, sums)
        if pace.due():
            torch.save(reader.state_dict(), given.out / "reader.pt")
            print(f"  kept; {check(reader, checked, device)}", flush=True)
        if not pace.left:
            break
    torch.save(reader.state_dict(), given.out / "reader.pt")
    print(f"done after {seen:,} views; {check(reader, checked, device)}", flush=True)


def main() -> None:
    """
    Teach and keep the weights.
    """
    parser = command_line(__doc__, minutes=60, rate=RATE)
    parser.add_argument("--views", type=Path, required=True)
    given = parser.parse_args()
    torch.manual_seed(SEED)
    teach(given, *begin(Reader(), given, name="reader", seed=SEED))


if __name__ == "__main__":
    main()
