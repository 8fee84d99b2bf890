"""
Teaches the reader on synthetic views: `python -m training.plates.teach_reader --views F --out F --minutes 60`.

What is left of the time sets the pace of learning, so a shorter run ends well, too. Views are used as their shards appear: a maker of views may
run beside. With `--resume` the weights of an earlier run are the start.
"""

import argparse
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import cv2
import numpy as np
import torch
from torch import nn

from iot.plate_reader.recognition import COUNTRIES, LETTERS
from iot.plate_reader.strips import normalized, strip
from training.plates.networks import Reader
from training.plates.views import load_shard, shards_for

BATCH: Final = 48
RATE: Final = 2.2e-3
SHIFT: Final = 0.045
"""How far a found corner lies from the true one, in plate heights: what the network of corners is wrong by, and more."""
CHECKED: Final = 1024


@dataclass(slots=True)
class Lesson:
    """
    The network and what teaches it.
    """

    reader: Reader
    optimizer: torch.optim.Optimizer
    random: Random
    spelled: nn.CTCLoss = field(default_factory=lambda: nn.CTCLoss(zero_infinity=True))

    def step(self, views: list[Any], *, rate: float) -> dict[str, float]:
        """
        Learn from one batch; the losses by name.
        """
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        strips = np.stack([example(view, self.random) for view in views])
        letters, country = self.reader(torch.from_numpy(strips).contiguous(memory_format=torch.channels_last))
        told = [torch.tensor([LETTERS.index(letter) + 1 for letter in view[2]]) for view in views]
        likely = letters.log_softmax(-1).permute(1, 0, 2)
        lengths = torch.tensor([len(item) for item in told])
        reading = self.spelled(likely, torch.cat(told), torch.full((len(views),), likely.shape[0]), lengths)
        known = torch.tensor([COUNTRIES.index(view[3]) if view[3] in COUNTRIES else -100 for view in views])
        where = nn.functional.cross_entropy(country, known, ignore_index=-100)
        self.optimizer.zero_grad()
        (reading + 0.1 * where).backward()
        nn.utils.clip_grad_norm_(self.reader.parameters(), 5.0)
        self.optimizer.step()
        return {"reading": reading.item(), "country": where.item()}


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


def check(reader: Reader, views: list[Any]) -> str:
    """
    How much of views never learned from is read to the letter.
    """
    reader.eval()
    exact = 0
    random = Random(1)
    with torch.inference_mode():
        for start in range(0, len(views), 128):
            batch = views[start : start + 128]
            texts = read_out(reader(torch.from_numpy(np.stack([example(view, random) for view in batch])))[0])
            exact += sum(text == view[2] for text, view in zip(texts, batch, strict=True))
    reader.train()
    return f"exact {100 * exact / len(views):.1f} %"


def teach(lesson: Lesson, folder: Path, out: Path, *, minutes: float, pace: float) -> None:
    """
    Learn until the time is over, telling how it goes; weights are kept every few minutes.
    """
    end = time.monotonic() + minutes * 60
    kept, checked = 0.0, load_shard(folder / "0000.views")[:CHECKED]
    seen = steps = 0
    uses: dict[Path, int] = {}
    sums: dict[str, float] = {}
    while time.monotonic() < end:
        views = [view for path in shards_for(folder, uses, lesson.random) for view in load_shard(path)]
        lesson.random.shuffle(views)
        for start in range(0, len(views) - BATCH + 1, BATCH):
            left = max(0.0, (end - time.monotonic()) / (minutes * 60))
            if not left:
                break
            rate = pace * min(1.0, (steps + 1) / 300) * 0.5 * (1 - np.cos(np.pi * left)) + 1e-5
            for name, value in lesson.step(views[start : start + BATCH], rate=rate).items():
                sums[name] = sums.get(name, 0.0) * 0.98 + value * 0.02
            steps += 1
            seen += BATCH
            if steps % 100 == 0:
                losses = ", ".join(f"{name} {value:.3f}" for name, value in sums.items())
                print(f"{time.strftime('%H:%M:%S')} {100 * (1 - left):.0f} % of time, {seen:,} views: {losses}", flush=True)
            if time.monotonic() - kept > 240:
                kept = time.monotonic()
                torch.save(lesson.reader.state_dict(), out / "reader.pt")
                print(f"  kept; {check(lesson.reader, checked)}", flush=True)
    torch.save(lesson.reader.state_dict(), out / "reader.pt")
    print(f"done after {seen:,} views; {check(lesson.reader, checked)}", flush=True)


def main() -> None:
    """
    Teach and keep the weights.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--views", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--rate", type=float, default=RATE, help="the pace of learning at the start")
    given = parser.parse_args()
    torch.manual_seed(707)
    torch.set_num_threads(given.threads)
    cv2.setNumThreads(1)
    reader = Reader().to(memory_format=torch.channels_last)
    if given.resume:
        reader.load_state_dict(torch.load(given.out / "reader.pt"))
    optimizer = torch.optim.AdamW(reader.parameters(), RATE, weight_decay=1e-3)
    given.out.mkdir(parents=True, exist_ok=True)
    teach(Lesson(reader, optimizer, Random(707)), given.views, given.out, minutes=given.minutes, pace=given.rate)


if __name__ == "__main__":
    main()
