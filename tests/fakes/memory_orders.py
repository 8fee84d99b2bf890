"""
The stand-in's ports for what the authority decided and ordered, and what crossed.
"""
# ruff: noqa: D102  - each method is its port's

from chalicelib.domain.crossings import Crossings
from chalicelib.domain.measures import Measure, MeasureState
from chalicelib.domain.policies import PolicyRow
from tests.fakes.memory_reads import MemoryReads


class MemoryCrossings(MemoryReads):
    """
    The port `CrossingCounts`.
    """

    def of_period(self, checkpoint, *, first, last):
        found = [item for item in self._shelves.all(Crossings) if item.checkpoint == checkpoint and first <= item.day <= last]
        return sorted(found, key=lambda item: item.day)


class MemoryPolicies(MemoryReads):
    """
    The port `Policies`.
    """

    def of_scope(self, scope):
        found = [row for row in self._shelves.all(PolicyRow) if row.scope == scope]
        return sorted(found, key=lambda row: (row.policy, row.since, row.at, row.id))


class MemoryMeasures(MemoryReads):
    """
    The port `Measures`.
    """

    def measure(self, checkpoint, measure):
        return self._shelves.get(Measure, (checkpoint, measure))

    def of_checkpoint(self, checkpoint):
        found = [each for each in self._shelves.all(Measure) if each.checkpoint == checkpoint]
        return sorted(found, key=lambda each: each.id)

    def due(self, *, until, limit):
        return [each for each in self._running() if each.due_at <= until][:limit]

    def next_due(self):
        return next((each.due_at for each in self._running()), None)

    def _running(self):
        found = [each for each in self._shelves.all(Measure) if each.state is MeasureState.RUNNING and each.due_at is not None]
        return sorted(found, key=lambda each: each.due_at)
