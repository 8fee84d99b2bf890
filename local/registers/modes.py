import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from chalicelib.contracts import plates

Mode = Literal["pass", "fail", "down", "slow", "pending", "withdrawn"]
"""The last two are the service of consents alone: not answered yet, and taken back; a register has nothing to say to either."""
SLOW_SECONDS: Final = 1.2  # within the queue's 2 s: `down` is what does not answer


class Match(BaseModel):
    """
    The one subject that a setting is for.
    """

    model_config = ConfigDict(extra="forbid")

    plate: str | None = Field(None, min_length=1, max_length=20)
    vin: str | None = Field(None, min_length=1, max_length=20)
    iin: str | None = Field(None, min_length=1, max_length=20)
    phone: str | None = Field(None, min_length=1, max_length=20)

    @model_validator(mode="after")
    def _is_one(self) -> "Match":
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("name exactly one of plate, vin, iin, phone")
        return self


class Steering(BaseModel):
    """
    `PUT /registries/{source}`: how a register behaves, for everyone or for one subject; `seconds` is how slow `slow` is.
    """

    model_config = ConfigDict(extra="forbid")

    mode: Mode
    match: Match | None = None
    seconds: float = Field(SLOW_SECONDS, ge=0, le=60)


@dataclass(frozen=True, slots=True)
class Setting:
    """
    How a register behaves; without `kind` for everyone who has no setting of his own.
    """

    source: str
    mode: Mode
    seconds: float = SLOW_SECONDS
    kind: str = ""
    value: str = ""

    def document(self) -> dict[str, Any]:
        """
        Describe it as JSON.
        """
        match = {self.kind: self.value} if self.kind else None
        return {"source": self.source, "mode": self.mode, "match": match, "seconds": self.seconds}


class Modes:
    """
    How each register behaves, kept over restarts.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        rows = connection.execute("SELECT source, mode, seconds, match_kind, match_value FROM modes").fetchall()
        self._settings = {(setting.source, setting.kind, setting.value): setting for setting in (Setting(*row) for row in rows)}

    def steer(self, source: str, steering: Steering) -> Setting:
        """
        Set a register for one subject, or for everyone: then settings for single subjects are forgotten.
        """
        chosen = steering.match.model_dump(exclude_none=True) if steering.match else {}
        kind, value = next(((kind, _spelled(kind, value)) for kind, value in chosen.items()), ("", ""))
        setting = Setting(source, steering.mode, steering.seconds, kind, value)
        if not kind:
            self._connection.execute("DELETE FROM modes WHERE source = ?", (source,))
            self._settings = {key: known for key, known in self._settings.items() if key[0] != source}
        self._connection.execute(
            "INSERT OR REPLACE INTO modes (source, mode, seconds, match_kind, match_value) VALUES (?, ?, ?, ?, ?)",
            (source, setting.mode, setting.seconds, kind, value),
        )
        self._settings[source, kind, value] = setting
        return setting

    def all(self) -> Sequence[Setting]:
        """
        List every setting.
        """
        return sorted(self._settings.values(), key=lambda setting: (setting.source, setting.kind, setting.value))

    def of(self, source: str, keys: Mapping[str, str], *, untold: Mode = "pass") -> Setting:
        """
        Find the setting for whom a question is about: his own before everyone's, `untold` where there is none.
        """
        for kind, value in keys.items():
            own = self._settings.get((source, kind, _spelled(kind, value)))
            if own is not None:
                return own
        return self._settings.get((source, "", ""), Setting(source, untold))


def _spelled(kind: str, value: str) -> str:
    return plates.normalize(value) if kind in {"plate", "vin"} else value.strip()
