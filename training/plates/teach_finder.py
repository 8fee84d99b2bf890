"""
Teaches the finder of plates on drawn scenes: `python -m training.plates.teach_finder --materials M --scenes F --out F --minutes 60`.

Scenes are drawn while learning and kept in the folder, so that each is used a few times: mirrored, brighter or darker.
"""

import argparse
import pickle
import time
from pathlib import Path
from random import Random
from typing import Any, Final

import cv2
import numpy as np
import torch
from torch import nn

from iot.plate_reader.strips import normalized
from training.plates import materials, scenes
from training.plates.networks import Finder

SIZE: Final = (384, 288)
CELL: Final = 8
BATCH: Final = 16
RATE: Final = 2.5e-3
SHARD: Final = 256
CHECKED: Final = 256


def draw_shard(number: int, things: materials.Materials) -> list[Any]:
    """
    The scenes of one shard, the same for the same number: JPEG and boxes (x0, y0, x1, y1) of the plates.
    """
    random = Random(505_000 + number)
    drawn = []
    for _ in range(SHARD):
        made = scenes.scene(random, things, size=SIZE)
        boxes = [np.concatenate([item.corners.min(axis=0), item.corners.max(axis=0)]) for item in made.plates]
        packed = cv2.imencode(".jpg", made.picture, [cv2.IMWRITE_JPEG_QUALITY, 93])[1]
        drawn.append((packed.tobytes(), np.array(boxes, np.float32).reshape(-1, 4)))
    return drawn


def example(packed: Any, random: Random) -> tuple[Any, Any]:
    """
    A picture and its boxes, perhaps mirrored.
    """
    jpeg, boxes = packed
    picture = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    boxes = boxes.copy()
    if random.random() < 0.5:
        picture = picture[:, ::-1]
        boxes[:, [0, 2]] = SIZE[0] - boxes[:, [2, 0]]
    return normalized(np.ascontiguousarray(picture, np.uint8)), boxes


def target(boxes: Any) -> tuple[Any, Any, Any]:
    """
    The map the finder shall answer with: how near a plate's middle is (1 at it), offsets and sizes, and where these count.
    """
    columns, rows = SIZE[0] // CELL, SIZE[1] // CELL
    heat = np.zeros((rows, columns), np.float32)
    sizes = np.zeros((4, rows, columns), np.float32)
    counts = np.zeros((rows, columns), np.float32)
    down, across = np.mgrid[0:rows, 0:columns].astype(np.float32)
    for x0, y0, x1, y1 in boxes / CELL:
        middle_x, middle_y, wide, high = (x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0
        spread = np.exp(-(((across + 0.5 - middle_x) / max(0.7, wide / 5)) ** 2 + ((down + 0.5 - middle_y) / max(0.7, high / 4)) ** 2))
        mine = spread > np.maximum(heat, 0.25)
        heat = np.maximum(heat, spread)
        column, row = int(np.clip(middle_x, 0, columns - 1)), int(np.clip(middle_y, 0, rows - 1))
        heat[row, column] = 1.0
        mine[row, column] = True
        for channel, value in enumerate((middle_x - across - 0.5, middle_y - down - 0.5, np.log(max(wide, 0.3)), np.log(max(high, 0.3)))):
            sizes[channel] = np.where(mine, value, sizes[channel])
        counts[mine] = 1.0
    return heat, sizes, counts


def losses(answer: torch.Tensor, heat: torch.Tensor, sizes: torch.Tensor, counts: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """
    The penalty-reduced focal loss of middles (Zhou 2019) and the mean error of boxes.
    """
    odds = answer[:, 0]
    sure = odds.sigmoid().clamp(1e-4, 1 - 1e-4)
    middles = (heat >= 1).float()
    right = middles * (1 - sure) ** 2 * nn.functional.logsigmoid(odds)
    wrong = (1 - middles) * (1 - heat) ** 4 * sure**2 * nn.functional.logsigmoid(-odds)
    found = -(right + wrong).sum() / middles.sum().clamp(min=1)
    off = nn.functional.smooth_l1_loss(answer[:, 1:], sizes, beta=0.2, reduction="none").sum(1)
    return found, (off * counts).sum() / counts.sum().clamp(min=1)


def check(finder: Finder, scenes_kept: list[Any]) -> str:
    """
    How many plates have a found middle inside among the eight surest of their picture.
    """
    finder.eval()
    torch.set_grad_enabled(False)
    found = there = 0
    random = Random(1)
    for packed in scenes_kept:
        picture, boxes = example(packed, random)
        odds = finder(torch.from_numpy(picture)[None])[0, 0]
        peaks = torch.where(nn.functional.max_pool2d(odds[None, None], 3, 1, 1)[0, 0] == odds, odds, torch.full_like(odds, -20))
        best = peaks.flatten().topk(8).indices
        points = [((int(at) % odds.shape[1] + 0.5) * CELL, (int(at) // odds.shape[1] + 0.5) * CELL) for at in best]
        there += len(boxes)
        found += sum(any(x0 <= x <= x1 and y0 - 3 <= y <= y1 + 3 for x, y in points) for x0, y0, x1, y1 in boxes)
    torch.set_grad_enabled(True)
    finder.train()
    return f"{found} of {there} plates found"


def main() -> None:
    """
    Teach and keep the weights.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--materials", type=Path, required=True)
    parser.add_argument("--scenes", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--rate", type=float, default=RATE, help="the pace of learning at the start")
    parser.add_argument("--first", type=int, default=1, help="the first scenes to learn from, by shard")
    parser.add_argument("--uses", type=int, default=3, help="how often each drawn scene is learned from")
    given = parser.parse_args()
    torch.manual_seed(505)
    torch.set_num_threads(given.threads)
    cv2.setNumThreads(1)
    given.scenes.mkdir(parents=True, exist_ok=True)
    given.out.mkdir(parents=True, exist_ok=True)
    finder = Finder().to(memory_format=torch.channels_last)
    if given.resume:
        finder.load_state_dict(torch.load(given.out / "finder.pt"))
    teach(given, finder, materials.load(given.materials, seed=707))


def teach(given: argparse.Namespace, finder: Finder, things: materials.Materials) -> None:
    """
    Learn until the time is over, telling how it goes.
    """
    random = Random(505)
    optimizer = torch.optim.AdamW(finder.parameters(), given.rate, weight_decay=1e-3)
    begun, seen, drawn = time.monotonic(), 0, given.first
    checked = kept_shard(given.scenes, 0, things)[:CHECKED]
    pool: list[Any] = []
    sums = [0.0, 0.0]
    while (left := 1 - (time.monotonic() - begun) / (given.minutes * 60)) > 0:
        pool += [(packed, given.uses) for packed in kept_shard(given.scenes, drawn, things)]
        drawn += 1
        for _ in range(SHARD * given.uses // BATCH if len(pool) > 4 * SHARD else SHARD // BATCH):
            chosen = [pool.pop(random.randrange(len(pool))) for _ in range(BATCH)]
            pool += [(packed, uses - 1) for packed, uses in chosen if uses > 1]
            pictures, boxes = zip(*(example(packed, random) for packed, _ in chosen), strict=True)
            heat, sizes, counts = (torch.from_numpy(np.stack(part)) for part in zip(*(target(item) for item in boxes), strict=True))
            left = max(0.0, 1 - (time.monotonic() - begun) / (given.minutes * 60))
            for group in optimizer.param_groups:
                group["lr"] = given.rate * min(1.0, (seen + 1) / 3000) * 0.5 * (1 - np.cos(np.pi * left)) + 1e-5
            found, off = losses(
                finder(torch.from_numpy(np.stack(pictures)).contiguous(memory_format=torch.channels_last)), heat, sizes, counts
            )
            optimizer.zero_grad()
            (found + 0.5 * off).backward()
            nn.utils.clip_grad_norm_(finder.parameters(), 5.0)
            optimizer.step()
            seen += BATCH
            sums = [0.98 * old + 0.02 * new for old, new in zip(sums, (found.item(), off.item()), strict=True)]
        print(
            f"{time.strftime('%H:%M:%S')} {100 * (1 - left):.0f} % of time, {seen:,} scenes: middles {sums[0]:.3f}, boxes {sums[1]:.3f}",
            flush=True,
        )
        if drawn % 12 == 0:
            torch.save(finder.state_dict(), given.out / "finder.pt")
            print(f"  kept; {check(finder, checked)}", flush=True)
    torch.save(finder.state_dict(), given.out / "finder.pt")
    print(f"done after {seen:,} scenes; {check(finder, checked)}", flush=True)


def kept_shard(folder: Path, number: int, things: materials.Materials) -> list[Any]:
    """
    A shard's scenes, drawn where they are not there yet.
    """
    path = folder / f"{number:04d}.scenes"
    if not path.exists():
        path.write_bytes(pickle.dumps(draw_shard(number, things)))
    return list(pickle.loads(path.read_bytes()))  # noqa: S301 - our own file


if __name__ == "__main__":
    main()
