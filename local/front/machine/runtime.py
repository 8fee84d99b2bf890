"""
Where everything runs: the supervisor's `runtime.json`, read again whenever it changes; and the offset of business time beside it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

SHOWN: Final = ("api", "docs", "cabinet", "payment", "dynamodb", "mqtt", "registers", "staff", "processes")
"""What `GET /local/info` shows of it: nothing secret is in it."""


class NotRunningError(LookupError):
    """
    A part of the local system has not been announced (yet).
    """


@dataclass(slots=True)
class Runtime:
    """
    The announced parts. Business time is the wall's plus `clock.json`'s offset.
    """

    path: Path
    _stamp: tuple[int, int] | None = None
    _known: Mapping[str, Any] = field(default_factory=dict)

    def read(self) -> Mapping[str, Any]:
        """
        Give the file's content as it is now; a half-written one leaves what was known.
        """
        try:
            facts = self.path.stat()
            stamp = (facts.st_mtime_ns, facts.st_size)
            if stamp != self._stamp:
                self._known = json.loads(self.path.read_text(encoding="utf-8"))
                self._stamp = stamp
        except (FileNotFoundError, ValueError):
            pass
        return self._known

    def url(self, name: str) -> str:
        """
        Find where a part listens; `NotRunningError` for one that does not.
        """
        found = self.read().get(name)
        if not isinstance(found, str):
            raise NotRunningError(name)
        return found.rstrip("/")

    def gateway(self, checkpoint: str) -> str | None:
        """
        Find the control port of a checkpoint's gateway, if it has one running.
        """
        found = self.read().get("gateways", {}).get(checkpoint)
        return found.rstrip("/") if isinstance(found, str) else None

    def offset_seconds(self) -> float:
        """
        Read how far business time is ahead of the wall's.
        """
        try:
            document = json.loads(self.path.with_name("clock.json").read_text(encoding="utf-8"))
            return float(document["offset_seconds"])
        except (FileNotFoundError, ValueError, KeyError):
            return 0.0

    def now(self) -> datetime:
        """
        Tell business time.
        """
        return datetime.now(UTC) + timedelta(seconds=self.offset_seconds())

    def keep_factor(self, factor: float) -> None:
        """
        Write by how much limits are loosened where the system itself reads it (`limits.json`), in one piece.
        """
        draft = self.path.with_name("limits.json.draft")
        draft.write_text(json.dumps({"factor": factor}), encoding="utf-8")
        draft.rename(self.path.with_name("limits.json"))
