"""
What moves a boom: the protocol a real drive implements, and the simulated one of a single machine.
"""

import json
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from iot.kit.files import write_atomically


class Boom(StrEnum):
    """
    Where the limit switches say the boom is.
    """

    LOWERED = "lowered"
    BETWEEN = "between"
    RAISED = "raised"


class Motor(Protocol):
    """
    A boom's drive. Orders return at once; the boom's position tells what came of them.
    """

    def raise_boom(self) -> None:
        """
        Start moving up.
        """
        ...

    def lower_boom(self) -> None:
        """
        Start moving down.
        """
        ...

    def stop(self) -> None:
        """
        Stop where it is.
        """
        ...

    def boom(self) -> Boom:
        """
        Where the boom is now.
        """
        ...

    def obstructed(self) -> bool:
        """
        Whether the light barrier under the boom is broken.
        """
        ...


class Trouble(StrEnum):
    """
    What can be wrong with a simulated boom: it does not move, or something stands under it.
    """

    JAMMED = "jammed"
    OBSTRUCTED = "obstructed"


class SimulatedMotor:
    """
    A boom in a file, so that it stays where it is when the component is killed. Height is 0 (lowered) to 1 (raised).

    Trouble is injected by writing a `Trouble` word into the file `<file>.trouble`; removing that file ends it.
    """

    def __init__(self, *, file: Path, travel_seconds: float, wall: Callable[[], float] = time.time) -> None:
        self._file = file
        self._travel = travel_seconds
        self._wall = wall
        self._height, self._since, self._direction = self._load()

    @property
    def trouble_file(self) -> Path:
        """
        Where trouble is injected.
        """
        return self._file.with_name(self._file.name + ".trouble")

    def raise_boom(self) -> None:
        """
        Start moving up, unless jammed.
        """
        self._move(direction=1)

    def lower_boom(self) -> None:
        """
        Start moving down, unless jammed.
        """
        self._move(direction=-1)

    def stop(self) -> None:
        """
        Stop where it is.
        """
        self._move(direction=0)

    def boom(self) -> Boom:
        """
        Where it has got to by now.
        """
        if self._trouble() is Trouble.JAMMED and self._direction != 0:
            self._move(direction=0)
        height = self._now_at()
        if height <= 0.0:
            return Boom.LOWERED
        return Boom.RAISED if height >= 1.0 else Boom.BETWEEN

    def obstructed(self) -> bool:
        """
        Whether the trouble file says so.
        """
        return self._trouble() is Trouble.OBSTRUCTED

    def _move(self, *, direction: int) -> None:
        self._height = self._now_at()
        self._since = self._wall()
        self._direction = 0 if self._trouble() is Trouble.JAMMED else direction
        state = {"height": self._height, "since": self._since, "direction": self._direction}
        write_atomically(self._file, json.dumps(state))

    def _now_at(self) -> float:
        moved = max(0.0, self._wall() - self._since) / self._travel if self._travel > 0 else 1.0
        return min(1.0, max(0.0, self._height + self._direction * moved))

    def _load(self) -> tuple[float, float, int]:
        try:
            state = json.loads(self._file.read_text(encoding="utf-8"))
            return float(state["height"]), float(state["since"]), int(state["direction"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0.0, self._wall(), 0  # a boom never moved before lies on its post

    def _trouble(self) -> Trouble | None:
        try:
            return Trouble(self.trouble_file.read_text(encoding="utf-8").strip())
        except (OSError, ValueError):
            return None
