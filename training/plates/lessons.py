"""
What the lessons of all networks have in common: the command line, the device, the pace, the views to learn from.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final, TypeVar

import cv2
import numpy as np
import torch
from torch import nn

from training.plates.shards import load_shard
from training.plates.views import shards_for

Network = TypeVar("Network", bound=nn.Module)

SLOWEST: Final = 1e-5
TOLD_EVERY: Final = 30.0
KEPT_EVERY: Final = 240.0
"""Seconds."""


@dataclass(slots=True)
class Pace:
    """
    How fast to learn: from `top` along half a cosine to hardly anything in so many minutes, after `warm_up` steps.
    """

    minutes: float
    top: float
    warm_up: int
    begun: float = field(default_factory=time.monotonic)
    steps: int = 0
    told: float = 0.0
    kept: float = 0.0

    @property
    def left(self) -> float:
        """
        The share of the time that is left, 0–1.
        """
        return max(0.0, 1 - (time.monotonic() - self.begun) / (self.minutes * 60))

    def rate(self) -> float:
        """
        The rate of the next step.
        """
        self.steps += 1
        return float(self.top * min(1.0, self.steps / self.warm_up) * 0.5 * (1 - np.cos(np.pi * self.left)) + SLOWEST)

    def tell(self, seen: int, losses: dict[str, float]) -> None:
        """
        Say now and then how far it is.
        """
        if time.monotonic() - self.told > TOLD_EVERY:
            self.told = time.monotonic()
            how = ", ".join(f"{name} {value:.3f}" for name, value in losses.items())
            print(f"{time.strftime('%H:%M:%S')} {100 * (1 - self.left):.0f} % of time, {seen:,} seen: {how}", flush=True)

    def due(self) -> bool:
        """
        Whether it is time to keep what was learned.
        """
        if time.monotonic() - max(self.kept, self.begun) <= KEPT_EVERY:
            return False
        self.kept = time.monotonic()
        return True


def command_line(about: str | None, *, minutes: float, rate: float) -> argparse.ArgumentParser:
    """
    What every lesson may be told.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="where the weights are kept")
    parser.add_argument("--minutes", type=float, default=minutes)
    parser.add_argument("--threads", type=int, default=1, help="of the teaching itself")
    parser.add_argument("--workers", type=int, default=0, help="processes that prepare beside it; a graphics card wants many")
    parser.add_argument("--resume", action="store_true", help="begin with the weights kept there")
    parser.add_argument("--rate", type=float, default=rate, help="the pace of learning at the start")
    return parser


def begin(network: Network, given: argparse.Namespace, *, name: str, seed: int) -> tuple[Network, torch.device]:
    """
    Put a new network, or one taught before, onto the graphics card where there is one, else the processor.
    """
    torch.set_num_threads(given.threads)
    cv2.setNumThreads(1)
    given.out.mkdir(parents=True, exist_ok=True)
    if given.resume:
        network.load_state_dict(torch.load(given.out / f"{name}.pt", map_location="cpu"))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    print(f"{name}: {given.minutes:g} minutes on {device.type}, seed {seed}", flush=True)
    return network.to(device=device, memory_format=torch.channels_last), device


def on(device: torch.device, values: Any) -> torch.Tensor:
    """
    An array on the device, pictures with their channels last.
    """
    moved = torch.from_numpy(values).to(device, non_blocking=True)
    return moved.contiguous(memory_format=torch.channels_last) if moved.ndim == len("NCHW") else moved


def step(network: nn.Module, optimizer: torch.optim.Optimizer, loss: torch.Tensor, *, rate: float) -> None:
    """
    Learn from one batch's loss.
    """
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimizer.step()


def smoothed(before: dict[str, float], losses: dict[str, float]) -> dict[str, float]:
    """
    Losses as they run: the last fifty batches or so.
    """
    return {name: 0.98 * before.get(name, value) + 0.02 * value for name, value in losses.items()}


def lots_of_views(folder: Path, size: int, random: Random) -> Iterator[list[Any]]:
    """
    Views to learn from, so many at once and without end: those used least come first, also of shards that appear meanwhile.
    """
    uses: dict[Path, int] = {}
    while True:
        views = [view for path in shards_for(folder, uses, random) for view in load_shard(path)]
        random.shuffle(views)
        for start in range(0, len(views) - size + 1, size):
            yield views[start : start + size]
