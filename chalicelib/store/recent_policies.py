"""
The registrar's figures as read within the last seconds: every request asks for them, and they change a few times a year.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, Generic, TypeVar

from chalicelib.domain.policies import FIGURES, PolicyRow
from chalicelib.usecases.ports import Policies, StoreBusyError

T = TypeVar("T")
KEPT_S: Final = 5.0
MOST_DAYS: Final = 400


class RecentPolicies(Generic[T]):
    """
    What a day's figures come to, made anew only after another decision. While the store does not answer, the last known ones hold.
    """

    def __init__(self, policies: Policies, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._policies = policies
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._rows: Sequence[PolicyRow] = ()
        self._read_at: float | None = None
        self._made: dict[date, T] = {}

    def on(self, day: date, *, make: Callable[[Sequence[PolicyRow]], T]) -> T:
        """
        Give what `make` makes of the decisions for a day.
        """
        rows = self.rows()
        with self._lock:
            found = self._made.get(day)
        if found is not None:
            return found
        made = make(rows)
        with self._lock:
            if rows is self._rows and len(self._made) < MOST_DAYS:
                self._made[day] = made
        return made

    def rows(self) -> Sequence[PolicyRow]:
        """
        Give the decisions, at most five seconds old.
        """
        now = self._monotonic()
        with self._lock:
            if self._read_at is not None and now - self._read_at < KEPT_S:
                return self._rows
            known = self._read_at
            if known is not None:  # whoever comes meanwhile takes what is known: one asks, nobody waits
                self._read_at = now
        try:
            rows = self._policies.of_scope(FIGURES)
        except StoreBusyError:
            with self._lock:
                self._read_at = known
            return self._rows
        with self._lock:
            self._read_at = now
            if [row.id for row in rows] != [row.id for row in self._rows]:
                self._rows, self._made = rows, {}
            return self._rows

    def forget(self) -> None:
        """
        Read anew: this process has just decided something.
        """
        with self._lock:
            self._read_at = None
