"""
Teaches the finder of plates on drawn scenes: `python -m training.plates.teach_finder --materials M --scenes F --out F --minutes 60`.

Scenes are drawn while learning and kept in the folder, so that each is used a few times: another piece of it, mirrored, leaning, in another light.
"""

import argparse
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final

import cv2
import numpy as np
import torch
from torch import nn

from iot.plate_reader.strips import normalized
from training.plates import materials, scenes
from training.plates.feeding import fed
from training.plates.lessons import Pace, begin, command_line, on, smoothed, step
from training.plates.networks import Finder
from training.plates.shards import keep, load_shard

DRAWN: Final = (640, 480)
SIZE: Final = (384, 288)
"""Of a scene as drawn, and of what is learned from it: a piece of it, turned, nearer or further."""
NEARER: Final = (0.6, 1.6)
LEANING: Final = 5.0
"""Degrees, one deviation, of most pieces; every sixth leans up to `MOST_LEANING`."""
MOST_LEANING: Final = 22.0
ENOUGH: Final = 0.65
"""Of a plate must be seen; less is neither a plate nor none."""
CELL: Final = 8
SEED: Final = 505
BATCH: Final = 16
RATE: Final = 2.5e-3
WARM_UP: Final = 190
WEIGHT_OF_BOXES: Final = 0.5
SHARD: Final = 256
SHARDS_MIXED: Final = 4
"""Pieces are taken from about so many shards at once."""


def draw_shard(number: int, things: materials.Materials) -> list[Any]:
    """
    The scenes of one shard, the same for the same number: JPEG and the corners of the plates (count × 4 × 2).
    """
    random = Random(606_000 + number)
    drawn = []
    for _ in range(SHARD):
        made = scenes.scene(random, things, size=DRAWN, share=(0.035, 0.45))
        corners = [item.corners for item in made.plates]
        packed = cv2.imencode(".jpg", made.picture, [cv2.IMWRITE_JPEG_QUALITY, 93])[1]
        drawn.append((packed.tobytes(), np.array(corners, np.float32).reshape(-1, 4, 2)))
    return drawn


def example(packed: Any, random: Random) -> tuple[Any, Any, Any]:
    """
    A piece of a scene, turned and colored at random: the picture, the boxes of its plates, and the boxes of those hardly seen.
    """
    jpeg, corners = packed
    picture = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    wide, high = SIZE
    scale = float(np.exp(random.uniform(np.log(NEARER[0]), np.log(NEARER[1]))))
    if scale < 1:
        picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        corners, scale = corners * scale, 1.0
    middle = [random.uniform(0.3, 0.7) * side for side in picture.shape[1::-1]]
    if len(corners) and random.random() < 0.75:  # a plate is in most pieces
        middle = [
            float(value) + random.uniform(-0.35, 0.35) * side / scale
            for value, side in zip(random.choice(corners).mean(axis=0), SIZE, strict=True)
        ]
    middle = [
        _between(value, side / scale / 2, most - side / scale / 2)
        for value, side, most in zip(middle, SIZE, picture.shape[1::-1], strict=True)
    ]
    lean = random.uniform(-MOST_LEANING, MOST_LEANING) if random.random() < 1 / 6 else random.gauss(0, LEANING)
    matrix = cv2.getRotationMatrix2D((middle[0], middle[1]), lean, scale)
    matrix[:, 2] += np.array([wide / 2, high / 2]) - middle
    if random.random() < 0.5:
        matrix = np.array([[-1.0, 0, wide], [0, 1, 0]]) @ np.vstack([matrix, [0, 0, 1]])
    seen = np.asarray(cv2.warpAffine(picture, matrix, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101), np.uint8)
    places = corners @ matrix[:, :2].T + matrix[:, 2]
    whole = np.concatenate([places.min(axis=1), places.max(axis=1)], axis=1).reshape(-1, 4)
    clipped = np.clip(whole, 0, [wide, high, wide, high])
    share = _area(clipped) / np.maximum(1e-6, _area(whole))
    return (
        normalized(_colored(seen, random)),
        clipped[share >= ENOUGH].astype(np.float32),
        clipped[(share > 0) & (share < ENOUGH)].astype(np.float32),
    )


def _between(value: float, low: float, high: float) -> float:
    return (low + high) / 2 if low > high else min(high, max(low, value))


def _area(boxes: Any) -> Any:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def _colored(picture: Any, random: Random) -> Any:
    """
    Another light: gains for each color, a curve, gray, grain.
    """
    if random.random() < 0.12:
        picture = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    if random.random() < 0.5:
        ramp = np.linspace(0, 1, 256) ** random.uniform(0.6, 1.6) * 255
        table = np.clip(ramp[:, None] * [random.gauss(1, 0.06) for _ in range(3)], 0, 255).astype(np.uint8)
        picture = cv2.LUT(picture, np.ascontiguousarray(table[None]))
    if random.random() < 0.15:
        picture = cv2.GaussianBlur(picture, (0, 0), random.uniform(0.4, 1.2))
    return np.ascontiguousarray(picture, np.uint8)


def target(boxes: Any, hardly: Any) -> tuple[Any, Any, Any]:
    """
    The map the finder shall answer with: how near a plate's middle is (1 at it), offsets and sizes, and where these count. Where a plate is
    hardly seen, either answer is right.
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
    for x0, y0, x1, y1 in hardly / CELL:
        within = (across + 1 >= x0) & (across <= x1) & (down + 1 >= y0) & (down <= y1)
        heat = np.where(within & (heat < 1), np.maximum(heat, 0.97), heat)
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


def drawn_shard(where: tuple[Path, Path, int], _: int = 0) -> list[Any]:
    """
    A shard's scenes: folder of scenes, folder of materials, number. They are drawn where they are not there yet.
    """
    folder, given, number = where
    path = folder / f"{number:04d}.scenes"
    keep(path, lambda: draw_shard(number, materials.for_lessons(given)))
    return load_shard(path)


def lots_of_scenes(given: argparse.Namespace) -> Iterator[list[Any]]:
    """
    Scenes to learn from, so many at once and without end, each used a few times.
    """
    random = Random(SEED)
    pool: list[Any] = []
    numbers = ((given.scenes, given.materials, number) for number in count(given.first))
    for drawn in fed(drawn_shard, numbers, workers=given.workers):
        pool += [(packed, given.uses) for packed in drawn]
        for _ in range(SHARD * given.uses // BATCH if len(pool) > SHARDS_MIXED * SHARD else SHARD // BATCH):
            chosen = [pool.pop(random.randrange(len(pool))) for _ in range(BATCH)]
            pool += [(packed, uses - 1) for packed, uses in chosen if uses > 1]
            yield [packed for packed, _ in chosen]


def prepare(packed: list[Any], number: int) -> tuple[Any, Any, Any, Any]:
    """
    Pictures, and what the finder shall answer: middles, sizes, and where these count.
    """
    random = Random(SEED * 1_000_003 + number)
    pictures, boxes, hardly = zip(*(example(one, random) for one in packed), strict=True)
    heat, sizes, counts = (np.stack(part) for part in zip(*map(target, boxes, hardly), strict=True))
    return np.stack(pictures), heat, sizes, counts


def check(finder: Finder, kept: list[Any], device: torch.device) -> str:
    """
    How many plates have a found middle inside among the eight surest of their picture.
    """
    finder.eval()
    found = there = 0
    random = Random(1)
    with torch.inference_mode():
        for packed in kept:
            picture, boxes, _ = example(packed, random)
            odds = finder(on(device, picture[None]))[0, 0].cpu()
            peaks = torch.where(nn.functional.max_pool2d(odds[None, None], 3, 1, 1)[0, 0] == odds, odds, torch.full_like(odds, -20))
            best = peaks.flatten().topk(8).indices
            points = [((int(at) % odds.shape[1] + 0.5) * CELL, (int(at) // odds.shape[1] + 0.5) * CELL) for at in best]
            there += len(boxes)
            found += sum(any(x0 <= x <= x1 and y0 - 3 <= y <= y1 + 3 for x, y in points) for x0, y0, x1, y1 in boxes)
    finder.train()
    return f"{found} of {there} plates found"


def teach(given: argparse.Namespace, finder: Finder, device: torch.device) -> None:
    """
    Learn until the time is over, telling how it goes; weights are kept every few minutes.
    """
    checked = drawn_shard((given.scenes, given.materials, 0))
    optimizer = torch.optim.AdamW(finder.parameters(), given.rate, weight_decay=1e-3)
    pace, seen = Pace(given.minutes, given.rate, WARM_UP), 0
    sums: dict[str, float] = {}
    for batch in fed(prepare, lots_of_scenes(given), workers=given.workers):
        pictures, heat, sizes, counts = (on(device, part) for part in batch)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            answer = finder(pictures)
        found, off = losses(answer.float(), heat, sizes, counts)
        step(finder, optimizer, found + WEIGHT_OF_BOXES * off, rate=pace.rate())
        seen += BATCH
        sums = smoothed(sums, {"middles": found.item(), "boxes": off.item()})
        pace.tell(seen, sums)
        if pace.due():
            torch.save(finder.state_dict(), given.out / "finder.pt")
            print(f"  kept; {check(finder, checked, device)}", flush=True)
        if not pace.left:
            break
    torch.save(finder.state_dict(), given.out / "finder.pt")
    print(f"done after {seen:,} pieces; {check(finder, checked, device)}", flush=True)


def main() -> None:
    """
    Teach and keep the weights.
    """
    parser = command_line(__doc__, minutes=60, rate=RATE)
    parser.add_argument("--materials", type=Path, required=True)
    parser.add_argument("--scenes", type=Path, required=True)
    parser.add_argument("--first", type=int, default=1, help="the first scenes to learn from, by shard")
    parser.add_argument("--uses", type=int, default=6, help="how often each drawn scene is learned from")
    given = parser.parse_args()
    given.scenes.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    teach(given, *begin(Finder(), given, name="finder", seed=SEED))


if __name__ == "__main__":
    main()
