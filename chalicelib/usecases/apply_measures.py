"""
What an order means for each day and booking is done in bounded chunks: resumed after a crash, idempotent, safe to run twice at once (D21).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.measures import Measure, MeasureState
from chalicelib.domain.rules import Rules
from chalicelib.usecases.carry_out import AGAIN, CarryOut
from chalicelib.usecases.ports import Bookings, Chance, Clock, Committed, Committer, Measures, Places, Write
from chalicelib.usecases.run_step import Ran
from chalicelib.usecases.standing_orders import StandingOrders

CHUNK: Final = 200
"""Transactions of one run."""
AT_ONCE: Final = 20
"""Orders looked at in one run."""
LOOK_AGAIN: Final = timedelta(minutes=2)
"""While somebody's hold runs on a place that must go, the day is looked at again."""


@dataclass(frozen=True, slots=True)
class ApplyMeasures:
    """
    The step, and the first part of it that a request does itself.
    """

    committer: Committer
    bookings: Bookings
    places: Places
    measures: Measures
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]
    orders: StandingOrders
    code_of: Callable[[str], str]

    def __call__(self) -> Ran:
        """
        Run over the orders that are due: how many were seen, how many transactions were written, whether more wait.
        """
        found = self.measures.due(until=self.clock.now(), limit=AT_ONCE)
        left = CHUNK
        for measure in found:
            left -= self.carry(checkpoint=measure.checkpoint, measure=measure.id, most=left)
        return Ran(len(found), CHUNK - left, more=left <= 0 or len(found) == AT_ONCE)

    def next_due(self) -> datetime | None:
        """
        Tell when an order next has something to do.
        """
        return self.measures.next_due()

    def carry(self, *, checkpoint: str, measure: str, most: int) -> int:
        """
        Carry an order on by at most so many transactions: how many were written. Raises `StoreBusyError`.
        """
        written = lost = 0
        while written < most:
            seen = self.measures.measure(checkpoint, measure)
            now = self.clock.now()
            if seen is None or seen.state is MeasureState.DONE or (seen.due_at is not None and seen.due_at > now):
                break
            done = self._round(seen, now, most - written, lost)
            if not done:
                break
            written, lost = written + done, lost + 1
        return written

    def _round(self, seen: Measure, now: datetime, most: int, lost: int) -> int:
        """
        Go on from the cursor until the budget is spent, somebody else was faster, or the last day is done.
        """
        standing, rules = self.orders.at(seen.checkpoint), self.rules_on(now)
        last = min(seen.last_day(rules), rules.last_day(now))
        if standing is None:
            return self._finish(seen, now)
        work = CarryOut(self.committer, self.bookings, self.places, self.chance, self.code_of, standing, now, rules, seen, lost)
        while work.written < most and work.measure.cursor <= last:
            if not work.day(most=most):
                # somebody was faster: what he wrote is read anew, and this try counts, so that two runs never chase each other for ever
                return work.written + 1
        if work.measure.cursor > last:
            return work.written + self._finish(work.measure, now)
        return work.written + work.save()

    def _finish(self, measure: Measure, now: datetime) -> int:
        later = replace(measure, version=measure.version + 1, again_from=None, state=MeasureState.DONE, due_at=None)
        if measure.again_from is not None:
            counts = {**measure.counts, AGAIN: measure.counts.get(AGAIN, 0) + 1}
            later = replace(later, state=MeasureState.RUNNING, cursor=measure.again_from, due_at=now + LOOK_AGAIN, counts=counts)
        return int(isinstance(self.committer.commit(Write(later, measure.version)), Committed))
