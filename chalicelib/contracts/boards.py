"""
What a checkpoint's board shows (§12): plates and numbers, never a name.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BoardRow:
    """
    One vehicle on the board; `since` is when it came into this column; `until` is its leave-by or expected moment.
    """

    plate: str
    country: str
    number: str | None
    since: datetime
    lane: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class BoardView:
    """
    The three columns of a board, newest first; `version` grows, an older view is dropped.
    """

    checkpoint: str
    version: int
    at: datetime
    called: tuple[BoardRow, ...] = ()
    entering: tuple[BoardRow, ...] = ()
    leaving: tuple[BoardRow, ...] = ()
