"""
Business time on a device: wall time plus the offset that one machine may put into a file; no file is named when deployed.
"""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

LOGGER = logging.getLogger(__name__)


def wall_now() -> datetime:
    """
    The wall clock, UTC.
    """
    return datetime.now(UTC)


class Clock(Protocol):
    """
    What tells business time.
    """

    def now(self) -> datetime:
        """
        Business time, with offset.
        """
        ...


class BusinessClock:
    """
    Wall time plus `{"offset_seconds": <float>}` of a file, read again whenever the file changed.

    No file, or none yet, is offset 0. A file caught half-written keeps the offset known before.
    """

    def __init__(self, *, offset_file: Path | None = None, wall: Callable[[], datetime] = wall_now) -> None:
        self._file = offset_file
        self._wall = wall
        self._seen: tuple[int, int, int] | None = None
        self._offset = timedelta()

    def now(self) -> datetime:
        """
        Business time, UTC.
        """
        return self._wall() + self._current_offset()

    def _current_offset(self) -> timedelta:
        if self._file is None:
            return self._offset
        try:
            status = self._file.stat()
        except FileNotFoundError:
            self._seen, self._offset = None, timedelta()
            return self._offset
        stamp = (status.st_mtime_ns, status.st_ino, status.st_size)
        if stamp != self._seen:
            self._read(self._file, stamp=stamp)
        return self._offset

    def _read(self, file: Path, *, stamp: tuple[int, int, int]) -> None:
        try:
            seconds = float(json.loads(file.read_text(encoding="utf-8"))["offset_seconds"])
        except (ValueError, KeyError, TypeError, OSError) as error:
            LOGGER.warning("clock file unreadable, offset kept: %s", type(error).__name__)
            return
        self._seen, self._offset = stamp, timedelta(seconds=seconds)
