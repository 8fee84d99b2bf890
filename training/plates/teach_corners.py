"""
Teaches the network of corners on drawn views: `python -m training.plates.teach_corners --views F --out F --minutes 30`.

It learns to mend boxes as the finder gives them: too narrow, too wide, shifted.
"""

import argparse
from pathlib import Path
from random import Random
from typing import Any, Final

import cv2
import numpy as np
import torch
from torch import nn

from iot.plate_reader.strips import loose, normalized
from training.plates.feeding import fed
from training.plates.lessons import Pace, begin, command_line, lots_of_views, on, smoothed, step
from training.plates.networks import Corners
from training.plates.shards import load_shard

SEED: Final = 1212
BATCH: Final = 64
RATE: Final = 2e-3
WARM_UP: Final = 150
OFF: Final = 0.11
"""How far the edges of a found box lie from the true ones, in its width and height, one deviation."""
LEAST_LEFT: Final = 0.4
"""Of a plate's width and height; a box with less of it is no box of it."""
WEIGHT_OF_LINES: Final = 0.1
CHECKED: Final = 1024


def pair(view: Any, random: Random) -> tuple[Any, Any]:
    """
    A loose cut around a box nearly right, and the true corners in shares of the cut.
    """
    jpeg, corners, _, _, _ = view
    picture = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    low, top = corners.min(axis=0), corners.max(axis=0)
    across, down = top - low
    off = OFF * random.choice((0.3, 0.6, 1.0, 1.7))
    box = (
        float(low[0] + across * random.gauss(0, off)),
        float(low[1] + down * random.gauss(0, off * 1.2)),
        float(top[0] + across * random.gauss(0, off)),
        float(top[1] + down * random.gauss(0, off * 1.2)),
    )
    if box[2] - box[0] < LEAST_LEFT * across or box[3] - box[1] < LEAST_LEFT * down:
        box = (float(low[0]), float(low[1]), float(top[0]), float(top[1]))
    cut, bounds = loose(picture, box)
    places = (corners - bounds[:2]) / (bounds[2:] - bounds[:2])
    return normalized(cut), places.reshape(-1).astype(np.float32)


def prepare(views: list[Any], number: int) -> tuple[Any, Any, Any]:
    """
    Cuts, their corners, and 1 where the plate has two lines.
    """
    random = Random(SEED + number)
    cuts, places = zip(*(pair(view, random) for view in views), strict=True)
    return np.stack(cuts), np.stack(places), np.array([view[4] - 1 for view in views], np.float32)


def losses(network: Corners, batch: tuple[Any, Any, Any], device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """
    The mean error of corners, and of telling two lines from one.
    """
    cuts, places, stacked = batch
    found, lines = network(on(device, cuts))
    near = nn.functional.smooth_l1_loss(found, on(device, places), beta=0.02) * 20
    return near, nn.functional.binary_cross_entropy_with_logits(lines[:, 0], on(device, stacked))


def check(network: Corners, views: list[Any], device: torch.device) -> str:
    """
    How well it does on views never learned from.
    """
    network.eval()
    with torch.inference_mode():
        near, lines = losses(network, prepare(views, 0), device)
    network.train()
    return f"corners {near:.3f}, lines {lines:.3f}"


def teach(given: argparse.Namespace, network: Corners, device: torch.device) -> None:
    """
    Learn until the time is over, telling how it goes; weights are kept every few minutes.
    """
    checked = load_shard(given.views / "0000.views")[:CHECKED]
    optimizer = torch.optim.AdamW(network.parameters(), given.rate, weight_decay=1e-3)
    pace, seen = Pace(given.minutes, given.rate, WARM_UP), 0
    sums: dict[str, float] = {}
    for batch in fed(prepare, lots_of_views(given.views, BATCH, Random(SEED)), workers=given.workers):
        near, lines = losses(network, batch, device)
        step(network, optimizer, near + WEIGHT_OF_LINES * lines, rate=pace.rate())
        seen += BATCH
        sums = smoothed(sums, {"corners": near.item(), "lines": lines.item()})
        pace.tell(seen, sums)
        if pace.due():
            torch.save(network.state_dict(), given.out / "corners.pt")
            print(f"  kept; unseen: {check(network, checked, device)}", flush=True)
        if not pace.left:
            break
    torch.save(network.state_dict(), given.out / "corners.pt")
    print(f"done after {seen:,} views; unseen: {check(network, checked, device)}", flush=True)


def main() -> None:
    """
    Teach and keep the weights.
    """
    parser = command_line(__doc__, minutes=30, rate=RATE)
    parser.add_argument("--views", type=Path, required=True)
    given = parser.parse_args()
    torch.manual_seed(SEED)
    teach(given, *begin(Corners(), given, name="corners", seed=SEED))


if __name__ == "__main__":
    main()
