"""
Whether the cloud hears us: the last message was taken, not long ago, and what we journal is acknowledged.
"""

import threading
from typing import Final

STALE_AFTER_SECONDS: Final = 15.0
"""Three heartbeats."""
DEAF_AFTER_SECONDS: Final = 60.0
"""Some nuclei take messages and only spool them: entries that nobody acknowledges for so long are not heard."""


class Connection:
    """
    Judged by what becomes of publishing, and of the journal. Moments are monotonic seconds; at first it is cut off.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard_at: float | None = None
        self._unanswered_seconds = 0.0
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

    def unanswered(self, *, seconds: float) -> None:
        """
        For so long has the journal been under way without an acknowledgement.
        """
        with self._lock:
            self._unanswered_seconds = seconds

    def up(self, *, now: float) -> bool:
        """
        Tell whether the cloud hears us.
        """
        with self._lock:
            taken = self._heard_at is not None and now - self._heard_at <= STALE_AFTER_SECONDS
            return taken and self._unanswered_seconds < DEAF_AFTER_SECONDS
