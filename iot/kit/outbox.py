"""
How a journal reaches the cloud: sent ahead within a window, sent again until acknowledged, ever more patiently while nobody answers.
"""

from collections.abc import Callable
from typing import Any, Final

from iot.kit.journal import Journal

WINDOW: Final = 1_000
"""Entries that may be under way unacknowledged."""
RESEND_SECONDS: Final = 3.0
MOST_PATIENT_SECONDS: Final = 30.0


class Outbox:
    """
    The sender of one journal. `publish` takes a `JournalBatch` document and raises when it was not taken.

    Moments are monotonic seconds. The receiver may see a batch twice; it commits by (journal, sequence) and acknowledges a prefix.
    """

    def __init__(self, *, journal: Journal, publish: Callable[[dict[str, Any]], None], resend_seconds: float = RESEND_SECONDS) -> None:
        self._journal = journal
        self._publish = publish
        self._resend_seconds = resend_seconds
        self._patience = resend_seconds
        self._sent = self._acknowledged = journal.position().acknowledged
        self._waiting_since = 0.0
        self._silent_since: float | None = None

    def unanswered_for(self, *, now: float) -> float:
        """
        For how many seconds entries have been under way without any acknowledgement; 0 when none are.
        """
        return 0.0 if self._silent_since is None else now - self._silent_since

    def rewind(self) -> None:
        """
        Forget what was sent, not what was acknowledged: after a cut, or when somebody waits for an empty outbox.
        """
        self._sent = self._acknowledged
        self._patience = self._resend_seconds

    def send(self, *, now: float) -> None:
        """
        Send what is due; whatever `publish` raises goes through, and the batch is sent again next time.
        """
        position = self._journal.position()
        self._note_progress(position.acknowledged, now=now)
        window = WINDOW
        if self._sent > self._acknowledged and now - self._waiting_since >= self._patience:
            self._sent = self._acknowledged
            self._patience = min(self._patience * 2, MOST_PATIENT_SECONDS)
        if self._patience > self._resend_seconds:
            window = 1  # nobody answers: one batch asks as well as ten
        while self._sent < position.last and self._sent - self._acknowledged < window:
            self._send_next(now=now)

    def _send_next(self, *, now: float) -> None:
        batch = self._journal.batch(after=self._sent)
        if batch is None:
            self._sent = self._journal.position().last
            return
        upto, document = batch
        self._publish(document)
        self._silent_since = now if self._silent_since is None else self._silent_since
        if self._sent == self._acknowledged:
            self._waiting_since = now
        self._sent = upto

    def _note_progress(self, acknowledged: int, *, now: float) -> None:
        if acknowledged > self._acknowledged:
            self._acknowledged = acknowledged
            self._sent = max(self._sent, acknowledged)
            self._patience = self._resend_seconds
            self._waiting_since = now
            self._silent_since = now if self._sent > acknowledged else None
