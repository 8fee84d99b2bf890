"""
Plans and touched places as read within the last second, for what is shown and never decisive; what this process changes is read anew.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from chalicelib.domain.places import Place
from chalicelib.domain.plans import DayPlan, Position
from chalicelib.domain.records import Load
from chalicelib.store.store import Store
from chalicelib.usecases.ports import Committed, Conflict, Places, Remove, Write

KEPT_S: Final = 1.0
MOST: Final = 512
T = TypeVar("T")


class RecentPlaces:
    """
    The `Places` port for lists and calendars: eventual reads are kept for a second, consistent ones pass through.
    """

    def __init__(self, places: Places, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._places = places
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    def plan(self, checkpoint: str, day: date) -> DayPlan | None:
        """
        Give a day's plan.
        """
        return self._recent(("plan", checkpoint, day), lambda: self._places.plan(checkpoint, day))

    def plans(self, checkpoint: str, *, first: date, last: date) -> Sequence[DayPlan]:
        """
        Give the plans of a span of days.
        """
        return self._recent(("plans", checkpoint, first, last), lambda: self._places.plans(checkpoint, first=first, last=last))

    def plans_on(self, checkpoints: Sequence[str], day: date) -> Sequence[DayPlan]:
        """
        Give one day's plans of many checkpoints.
        """
        return self._recent(("plans_on", tuple(checkpoints), day), lambda: self._places.plans_on(checkpoints, day))

    def touched(self, checkpoint: str, day: date, *, consistent: bool) -> Mapping[Position, Place]:
        """
        Give a day's touched places.
        """
        if consistent:
            return self._places.touched(checkpoint, day, consistent=True)
        return self._recent(("touched", checkpoint, day), lambda: self._places.touched(checkpoint, day, consistent=False))

    def place(self, checkpoint: str, day: date, position: Position) -> Place | None:
        """
        Give one place, never a kept one.
        """
        return self._places.place(checkpoint, day, position)

    def places(self, keys: Sequence[tuple[str, date, Position]]) -> Mapping[tuple[str, date, Position], Place]:
        """
        Give several places, never kept ones.
        """
        return self._places.places(keys)

    def loads(self, checkpoint: str, *, first: date, last: date) -> Sequence[Load]:
        """
        Give the load rows of a span of days.
        """
        return self._recent(("loads", checkpoint, first, last), lambda: self._places.loads(checkpoint, first=first, last=last))

    def load(self, checkpoint: str, day: date) -> Load | None:
        """
        Give one load row, never a kept one: its version is about to be written on.
        """
        return self._places.load(checkpoint, day)

    def forget(self, checkpoint: str) -> None:
        """
        Read a checkpoint anew.
        """
        with self._lock:
            for key in [key for key in self._kept if isinstance(key, tuple) and (key[1] == checkpoint or checkpoint in key[1])]:
                del self._kept[key]

    def _recent(self, key: Hashable, read: Callable[[], T]) -> T:
        now = self._monotonic()
        with self._lock:
            found = self._kept.get(key)
        if found is not None and now - found[0] < KEPT_S:
            kept: T = found[1]
            return kept
        value = read()
        with self._lock:
            self._kept[key] = (now, value)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return value


class ForgettingCommitter:
    """
    The store's commits; a place, plan or load written here is no longer shown as it was.
    """

    def __init__(self, store: Store, *, recent: RecentPlaces) -> None:
        self._store = store
        self._recent = recent

    def commit(self, *writes: Write | Remove) -> Committed | Conflict:
        """
        Write all or nothing (the port `Committer`).
        """
        outcome = self._store.commit(*writes)
        for checkpoint in {write.item.checkpoint for write in writes if isinstance(write.item, Place | DayPlan | Load)}:
            self._recent.forget(checkpoint)
        return outcome
