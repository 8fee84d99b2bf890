"""
Answers that may be a little old, kept in the process for a moment and made by one thread at a time.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Kept(Generic[T]):
    lock: threading.Lock = field(default_factory=threading.Lock)
    at: datetime | None = None
    value: T | None = None


class Recent(Generic[T]):
    """
    Keeps at most `most` values by key, each for a span of business time; a clock that is moved finds them all old.
    """

    def __init__(self, *, span: timedelta, most: int = 500) -> None:
        self._span = span
        self._most = most
        self._kept: OrderedDict[Hashable, _Kept[T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, *, now: datetime, make: Callable[[], T]) -> tuple[T, datetime]:
        """
        Give a value and the moment it is of: a kept one, or a new one.
        """
        with self._lock:
            kept = self._kept.setdefault(key, _Kept())
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        with kept.lock:
            if kept.at is None or kept.value is None or not timedelta() <= now - kept.at < self._span:
                kept.value, kept.at = make(), now
            return kept.value, kept.at
