"""
What a host is told about its checkpoint: one JSON file, written by the supervisor.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, FilePath, ValidationError

from chalicelib.contracts.passages import LaneKind

ROOT: Final = Path(__file__).resolve().parents[2]


class UnableToConfigureError(ValueError):
    """
    The configuration file is absent or wrong.
    """


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lane(_Model):
    """
    One lane with its camera, by the public lane id.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    kind: LaneKind


class Broker(_Model):
    """
    IoT Core's address and the credentials that the gateway shows it (PEM files).
    """

    host: str = "127.0.0.1"
    port: int
    ca: FilePath
    cert: FilePath
    key: FilePath


class HostConfiguration(_Model):
    """
    One checkpoint's host. `components` are folders of `components_dir`; `configuration` is laid over each recipe's defaults, by folder.
    """

    checkpoint: str
    thing: str
    state_dir: Path
    spool_dir: Path
    photos_dir: Path
    control_port: int
    mqtt: Broker
    lanes: tuple[Lane, ...]
    components: tuple[str, ...]
    configuration: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    clock_file: Path | None = None
    admissions_key: Mapping[str, Any] | None = None
    admissions_key_file: Path | None = None
    components_dir: Path = ROOT / "iot"
    region: str = "eu-central-1"

    def site(self, component: str) -> dict[str, Any]:
        """
        Tell a component where it stands: what every component's configuration holds beside its recipe's defaults.
        """
        facts = {
            "checkpoint": self.checkpoint,
            "thing": self.thing,
            "lanes": [{"id": lane.id, "kind": lane.kind.value} for lane in self.lanes],
            "spool_dir": str(self.spool_dir),
            "photos_dir": str(self.photos_dir),
            "data_dir": str(self.state_dir / component),
            "clock_file": self.clock_file and str(self.clock_file),
            "admissions_key": self.admissions_key,
            "admissions_key_file": self.admissions_key_file and str(self.admissions_key_file),
        }
        return {name: fact for name, fact in facts.items() if fact is not None}


def load(path: Path) -> HostConfiguration:
    """
    Read the configuration file; `UnableToConfigureError` names each wrong field.
    """
    try:
        return HostConfiguration.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, json.JSONDecodeError, ValidationError) as error:
        raise UnableToConfigureError(f"{path}: {error}") from error
