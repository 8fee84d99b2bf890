"""
Teaches the network of corners on synthetic views: `python -m training.plates.teach_corners --views F --out F --minutes 30`.

It learns to mend boxes as the finder gives them: too narrow, too wide, shifted. With `--resume` the weights of an earlier run are the start.
"""

import argparse
import time
from pathlib import Path
from random import Random
from typing import Any, Final

import cv2
import numpy as np
import torch
from torch import nn

from iot.plate_reader.strips import loose, normalized
from training.plates.networks import Corners
from training.plates.views import load_shard, shards_for

BATCH: Final = 64
RATE: Final = 2e-3
OFF: Final = 0.1
"""How far the edges of a found box lie from the true ones, in its width and height, one deviation."""
CHECKED: Final = 1024


def pair(view: Any, random: Random) -> tuple[Any, Any]:
    """
    A loose cut around a box nearly right, and the true corners in shares of the cut.
    """
    jpeg, corners, _, _, _ = view
    picture = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    low, top = corners.min(axis=0), corners.max(axis=0)
    across, down = top - low
    off = OFF * random.choice((0.3, 0.6, 1.0, 1.5))
    box = (
        float(low[0] + across * random.gauss(0, off)),
        float(low[1] + down * random.gauss(0, off * 1.2)),
        float(top[0] + across * random.gauss(0, off)),
        float(top[1] + down * random.gauss(0, off * 1.2)),
    )
    if box[2] - box[0] < 0.4 * across or box[3] - box[1] < 0.4 * down:
        box = (float(low[0]), float(low[1]), float(top[0]), float(top[1]))
    cut, bounds = loose(picture, box)
    places = (corners - bounds[:2]) / (bounds[2:] - bounds[:2])
    return normalized(cut), places.reshape(-1).astype(np.float32)


def losses(network: Corners, views: list[Any], random: Random) -> tuple[Any, Any]:
    """
    The mean error of corners, and of telling two lines from one.
    """
    cuts, places = zip(*(pair(view, random) for view in views), strict=True)
    found, lines = network(torch.from_numpy(np.stack(cuts)).contiguous(memory_format=torch.channels_last))
    near = nn.functional.smooth_l1_loss(found, torch.from_numpy(np.stack(places)), beta=0.02) * 20
    return near, nn.functional.binary_cross_entropy_with_logits(lines[:, 0], torch.tensor([float(view[4] - 1) for view in views]))


def check(network: Corners, views: list[Any]) -> str:
    """
    How well it does on views never learned from.
    """
    network.eval()
    with torch.inference_mode():
        near, lines = losses(network, views, Random(1))
    network.train()
    return f"corners {near:.3f}, lines {lines:.3f}"


def teach(network: Corners, given: argparse.Namespace) -> None:
    """
    Learn until the time is over, telling how it goes.
    """
    random = Random(1212)
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-3)
    begun, seen, told = time.monotonic(), 0, 0
    checked = load_shard(given.views / "0000.views")[:CHECKED]
    uses: dict[Path, int] = {}
    while time.monotonic() - begun < given.minutes * 60:
        views = [view for path in shards_for(given.views, uses, random) for view in load_shard(path)]
        random.shuffle(views)
        for start in range(0, len(views) - BATCH + 1, BATCH):
            left = max(0.0, 1 - (time.monotonic() - begun) / (given.minutes * 60))
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1.0, (seen + 1) / 10_000) * 0.5 * (1 - np.cos(np.pi * left)) + 1e-5
            near, lines = losses(network, views[start : start + BATCH], random)
            optimizer.zero_grad()
            (near + 0.1 * lines).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            seen += BATCH
            if not left:
                break
        if seen - told > 10_000:
            told = seen
            torch.save(network.state_dict(), given.out / "corners.pt")
            print(
                f"{time.strftime('%H:%M:%S')} {100 * (1 - left):.0f} % of time, {seen:,} views; unseen: {check(network, checked)}",
                flush=True,
            )
    torch.save(network.state_dict(), given.out / "corners.pt")
    print(f"done after {seen:,} views; unseen: {check(network, checked)}", flush=True)


def main() -> None:
    """
    Teach and keep the weights.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--views", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    given = parser.parse_args()
    torch.manual_seed(1212)
    torch.set_num_threads(given.threads)
    cv2.setNumThreads(1)
    given.out.mkdir(parents=True, exist_ok=True)
    network = Corners().to(memory_format=torch.channels_last)
    if given.resume:
        network.load_state_dict(torch.load(given.out / "corners.pt"))
    teach(network, given)


if __name__ == "__main__":
    main()
