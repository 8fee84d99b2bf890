"""
What happens when: acts in order of their moments, and those of one moment in the order in which they were foreseen.
"""

import heapq
from collections.abc import Callable
from datetime import datetime

Act = Callable[[], None]


class Timeline:
    """
    A heap of acts.
    """

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, int, Act]] = []
        self._count = 0

    def at(self, moment: datetime, act: Act) -> None:
        """
        Foresee an act.
        """
        self._count += 1
        heapq.heappush(self._acts, (moment, self._count, act))

    def next(self, *, until: datetime) -> tuple[datetime, Act] | None:
        """
        Take the next act before a moment, or none.
        """
        if not self._acts or self._acts[0][0] >= until:
            return None
        moment, _, act = heapq.heappop(self._acts)
        return moment, act
