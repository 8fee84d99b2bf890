"""
Drawn examples by the lot in files: a lesson that is told the same folder again need not draw them again.
"""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any


def keep(path: Path, draw: Callable[[], list[Any]]) -> None:
    """
    Draw a shard that is not there yet; a file appears whole or not at all.
    """
    if path.exists():
        return
    beside = path.with_suffix(".part")
    beside.write_bytes(pickle.dumps(draw()))
    beside.replace(path)


def load_shard(path: Path) -> list[Any]:
    """
    What a shard holds.
    """
    return list(pickle.loads(path.read_bytes()))  # noqa: S301 - our own file
