"""
The machine's own services behind ports: two clocks, randomness, keyed hashes.
"""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path


class SystemClock:
    """
    The wall clock, and business time: the wall plus an offset kept in a file on one machine (`{"offset_seconds": …}`), none when deployed.
    """

    def __init__(self, *, offset_file: Path | None = None) -> None:
        self._file = offset_file
        self._seen: tuple[int, timedelta] = (-1, timedelta())

    def now(self) -> datetime:
        """
        Give business time in UTC.
        """
        return self.wall() + self._offset()

    def wall(self) -> datetime:
        """
        Give the wall clock's time in UTC.
        """
        return datetime.now(UTC)

    def _offset(self) -> timedelta:
        if self._file is None:
            return timedelta()
        try:
            stamp = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return timedelta()
        if stamp != self._seen[0]:
            self._seen = stamp, timedelta(seconds=float(json.loads(self._file.read_text())["offset_seconds"]))
        return self._seen[1]


class SecureChance:
    """
    Randomness from the operating system.
    """

    def id(self, prefix: str) -> str:
        """
        Make an id of 96 random bits: `bkg_3f…`.
        """
        return f"{prefix}_{secrets.token_hex(12)}"

    def secret(self) -> str:
        """
        Make a secret of 256 random bits.
        """
        return secrets.token_urlsafe(32)

    def wait(self, least: timedelta, most: timedelta) -> timedelta:
        """
        Draw a whole number of seconds between two waits, both included.
        """
        low, high = int(least.total_seconds()), int(most.total_seconds())
        return timedelta(seconds=low + secrets.randbelow(high - low + 1))

    def draw(self) -> float:
        """
        Draw from [0, 1).
        """
        return secrets.randbelow(1 << 53) / (1 << 53)


class HmacHash:
    """
    HMAC-SHA256 under one key.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, value: str) -> str:
        """
        Hash a value: 64 hex digits.
        """
        return hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()


class Limits:
    """
    By how much limits are loosened for load tests: 1 when deployed, else what a file says (`{"factor": …}`).
    """

    def __init__(self, *, file: Path | None) -> None:
        self._file = file

    def factor(self) -> float:
        """
        Give the factor in force.
        """
        if self._file is None or not self._file.exists():
            return 1.0
        return float(json.loads(self._file.read_text())["factor"])
