"""
What the gate component is told by its configuration, parsed once at start; anything missing or odd is refused there and then.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
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
class BarrierTimes:
    """
    Seconds: how long the boom travels, stays open after an order to open, may take at most, and rests after a fault.
    """

    travel: float = 1.5
    hold: float = 10.0
    patience: float = 5.0
    rest: float = 30.0
    self_check: float = 60.0


@dataclass(frozen=True, slots=True)
class GateSettings:
    """
    One gateway: its thing, lanes by id, keys that sign admissions, and where it keeps things.

    `photo_budget_bytes` bounds the photo folder; `clock_file` is none when deployed.
    """

    thing: str
    checkpoint: str
    lanes: Mapping[str, LaneKind]
    admissions_keys: Mapping[str, Any]
    data_dir: Path
    photos_dir: Path
    clock_file: Path | None = None
    barrier: BarrierTimes = field(default_factory=BarrierTimes)
    photo_budget_bytes: int = 2_000_000_000

    @property
    def has_waiting_area(self) -> bool:
        """
        A checkpoint has a waiting area when a lane leads into one (D17).
        """
        return LaneKind.WAITING_AREA_ENTRY in self.lanes.values()

    @property
    def barrier_lanes(self) -> tuple[str, ...]:
        """
        The lanes with a barrier: into and out of the checkpoint itself.
        """
        return tuple(lane for lane, kind in self.lanes.items() if kind in {LaneKind.ENTRY, LaneKind.EXIT})


def parse(configuration: Mapping[str, Any]) -> GateSettings:
    """
    Read a component configuration; the thing's name defaults to what the nucleus says. `UnableToConfigureError`.
    """
    name = str(configuration.get("thing") or os.environ.get("AWS_IOT_THING_NAME", ""))
    if not name:
        raise UnableToConfigureError("no thing name")
    data_dir = Path(configuration.get("data_dir") or Path.cwd())
    clock_file = configuration.get("clock_file")
    try:
        return GateSettings(
            thing=name,
            checkpoint=str(configuration.get("checkpoint") or checkpoint_of(name)),
            lanes=parse_lanes(configuration["lanes"]),
            admissions_keys=_keys(configuration),
            data_dir=data_dir,
            photos_dir=Path(configuration.get("photos_dir") or data_dir / "photos"),
            clock_file=Path(clock_file) if clock_file else None,
            barrier=_barrier_times(configuration.get("barrier") or {}),
            photo_budget_bytes=int(configuration.get("photo_budget_bytes") or 2_000_000_000),
        )
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise UnableToConfigureError(f"{type(error).__name__}: {error}") from error


def _keys(configuration: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Read `admissions_key` (a JWK or a JWK set), or the file that `admissions_key_file` names.
    """
    given = configuration.get("admissions_key")
    if given is None:
        given = json.loads(Path(configuration["admissions_key_file"]).read_text(encoding="utf-8"))
    return dict(given)


def _barrier_times(given: Mapping[str, Any]) -> BarrierTimes:
    default = BarrierTimes()
    return BarrierTimes(
        travel=float(given.get("travel_seconds", default.travel)),
        hold=float(given.get("hold_seconds", default.hold)),
        patience=float(given.get("patience_seconds", default.patience)),
        rest=float(given.get("rest_seconds", default.rest)),
        self_check=float(given.get("self_check_seconds", default.self_check)),
    )
