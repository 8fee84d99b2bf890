"""
What the reader is told by its configuration, parsed once at start; anything missing or odd is refused there and then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class UnableToConfigureError(Exception):
    """
    The configuration is not what the component needs.
    """


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """
    The lanes' ids, where their cameras put pictures (`<spool_dir>/<lane>/`), where photographs are kept and where the reader keeps notes.

    `clock_file` is none when deployed.
    """

    lanes: tuple[str, ...]
    spool_dir: Path
    photos_dir: Path
    data_dir: Path
    clock_file: Path | None = None


def parse(configuration: Mapping[str, Any]) -> ReaderSettings:
    """
    Read a component configuration; `UnableToConfigureError` names what is wrong.
    """
    clock_file = configuration.get("clock_file")
    try:
        spool = Path(configuration["spool_dir"])
        return ReaderSettings(
            lanes=_lanes(configuration["lanes"]),
            spool_dir=spool,
            photos_dir=Path(configuration["photos_dir"]),
            data_dir=Path(configuration.get("data_dir") or spool),
            clock_file=Path(clock_file) if clock_file else None,
        )
    except (KeyError, TypeError) as error:
        raise UnableToConfigureError(f"{type(error).__name__}: {error}") from error


def _lanes(given: Any) -> tuple[str, ...]:
    """
    Lane ids from a list of `{id, kind}` or an object of kinds by id; an id is a folder's name, so nothing that leads elsewhere is one.
    """
    lanes = tuple(str(lane["id"] if isinstance(lane, Mapping) else lane) for lane in given)
    if not lanes or any(not lane or lane != Path(lane).name or lane.startswith(".") for lane in lanes):
        raise UnableToConfigureError(f"lanes: {lanes}")
    return lanes
