"""
Whether the cloud hears us: the last message was taken, and not long ago.
"""

import threading
from typing import Final

STALE_AFTER_SECONDS: Final = 15.0
"""Three heartbeats."""


class Connection:
    """
    Judged by what becomes of publishing (the nucleus passes on the broker's word). Moments are monotonic seconds; at first it is cut off.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard_at: float | None = None
        self.times_restored = 0

    def taken(self, *, now: float) -> None:
        """
        A message was taken by the broker.
        """
        with self._lock:
            if self._heard_at is None:
                self.times_restored += 1
            self._heard_at = now

    def failed(self) -> None:
        """
        A message was not taken.
        """
        with self._lock:
            self._heard_at = None

    def up(self, *, now: float) -> bool:
        """
        Tell whether the cloud hears us.
        """
        with self._lock:
            return self._heard_at is not None and now - self._heard_at <= STALE_AFTER_SECONDS
