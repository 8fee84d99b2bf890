"""
What the board component is told by its configuration.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.contracts.passages import LaneKind
from chalicelib.contracts.topics import checkpoint_of
from iot.kit.lanes import parse_lanes


class UnableToConfigureError(Exception):
    """
    The configuration is not what the component needs.
    """


@dataclass(frozen=True, slots=True)
class BoardSettings:
    """
    One board: its thing, the lanes it tells of, where it keeps things. `clock_file` is none when deployed.
    """

    thing: str
    checkpoint: str
    lanes: Mapping[str, LaneKind]
    data_dir: Path
    clock_file: Path | None = None


def parse(configuration: Mapping[str, Any]) -> BoardSettings:
    """
    Read a component configuration; `UnableToConfigureError`.
    """
    thing = str(configuration.get("thing") or os.environ.get("AWS_IOT_THING_NAME", ""))
    clock_file = configuration.get("clock_file")
    try:
        lanes = parse_lanes(configuration["lanes"])
    except (KeyError, ValueError, TypeError) as error:
        raise UnableToConfigureError(f"lanes: {error}") from error
    if not thing:
        raise UnableToConfigureError("no thing name")
    return BoardSettings(
        thing=thing,
        checkpoint=str(configuration.get("checkpoint") or checkpoint_of(thing)),
        lanes=lanes,
        data_dir=Path(configuration.get("data_dir") or Path.cwd()),
        clock_file=Path(clock_file) if clock_file else None,
    )
