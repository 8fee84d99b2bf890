"""
A step whose work on a booking is one commit: read and committed together for many, and one by one where that is refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.records import OutboxMessage
from chalicelib.domain.schedule import Step
from chalicelib.usecases.deliver_outbox import WHOLE, scope
from chalicelib.usecases.ports import Committed, Committer, StoreBusyError, Write
from chalicelib.usecases.run_step import Ran, RunStep

MOST_ROWS: Final = 90
"""Of the hundred that a transaction takes."""
AHEAD: Final = 30
LONGEST: Final = timedelta(seconds=1)
"""What was planned waits no longer for others: where registers are slow, their answers are kept one by one."""

Plan = Callable[[Booking], Sequence[Write]]
"""What is to be written for a booking as it was read; nothing: it is not its time. Reads nothing that another booking's plan may write."""
Planner = Callable[[Sequence[Booking]], Plan]
"""Reads at once what the plans of many bookings need."""
Order = Callable[[Sequence[Booking]], Sequence[Booking]]
Bound = Callable[[Booking], Iterable[str]]
"""Names what else a booking's plan reads and writes; of two bookings with a name in common the later one is read after the other's commit."""


@dataclass(slots=True)
class Tally:
    """
    How many bookings were changed, and what some of them raised.
    """

    changed: int = 0
    failed: list[Exception] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RunTogether:
    """
    As safe to run twice at once as `RunStep`: every plan carries the version that was read, so a booking changed since is left to the next run.
    """

    committer: Committer
    step: RunStep

    def __call__(self, step: Step, plan: Plan, *, ordered: Order | None = None, behind: Step | None = None) -> Ran:
        """
        Run a step over what is due now, in the order given, each booking planned by itself. Raises as `of_many`.
        """
        return self.of_many(step, lambda _: plan, ordered=ordered, behind=behind)

    def of_many(
        self, step: Step, planner: Planner, *, ordered: Order | None = None, behind: Step | None = None, bound: Bound | None = None
    ) -> Ran:
        """
        Run a step over what is due now, in the order given. What one booking raises keeps no other back: it is raised at the end
        (`ExceptionGroup`).
        """
        found, more = self.step.found(step, behind=behind)
        tally = Tally()
        for some in self._read(found, ordered):
            for apart in _apart(some, bound) if bound is not None else [some]:
                self._run(apart, planner, tally)
        if tally.failed:
            raise ExceptionGroup(f"{step}: {len(tally.failed)} of {len(found)} bookings failed", tally.failed)
        return Ran(len(found), tally.changed, more)

    def _read(self, found: Sequence[str], ordered: Order | None) -> Iterator[Sequence[Booking]]:
        """
        Read what was found: all of it where the order is asked for, else a few ahead, so that slow plans are not of an old reading.
        """
        if ordered is not None:
            yield ordered(self.step.bookings.get_many(found))
            return
        for start in range(0, len(found), AHEAD):
            yield self.step.bookings.get_many(found[start : start + AHEAD])

    def _run(self, bookings: Sequence[Booking], planner: Planner, tally: Tally) -> None:
        """
        Plan bookings and commit them in groups.
        """
        plan = self._plan_of(bookings, planner, tally)
        if plan is None:
            return
        group: list[Sequence[Write]] = []
        rows: set[object] = set()
        began = self.step.clock.wall()
        for booking in bookings:
            writes = self._planned(plan, booking, tally)
            own = set(_at_once([writes]))
            if group and (len(rows | own) > MOST_ROWS or self.step.clock.wall() - began > LONGEST):
                self._commit(group, tally)
                group, rows, began = [], set(), self.step.clock.wall()
            group += [writes] if writes else []
            rows |= own
        if group:
            self._commit(group, tally)

    def _plan_of(self, bookings: Sequence[Booking], planner: Planner, tally: Tally) -> Plan | None:
        """
        Read what the plans need; where that fails for anything but a busy store, each booking is run by itself: one may be at fault.
        """
        try:
            return planner(bookings)
        except Exception as error:
            if len(bookings) == 1 or isinstance(error, StoreBusyError):
                tally.failed.append(error)
                return None
        for booking in bookings:
            self._run([booking], planner, tally)
        return None

    @staticmethod
    def _planned(plan: Plan, booking: Booking, tally: Tally) -> Sequence[Write]:
        try:
            return plan(booking)
        except Exception as error:
            tally.failed.append(error)
            return ()

    def _commit(self, group: Sequence[Sequence[Write]], tally: Tally) -> None:
        """
        Commit a group; where a rival changed one of its bookings, or one of them cannot be written, each by itself, in order.
        """
        try:
            if isinstance(self.committer.commit(*_at_once(group).values()), Committed):
                tally.changed += len(group)
                return
        except Exception as error:
            if len(group) == 1:
                tally.failed.append(error)
        if len(group) > 1:
            for writes in group:
                self._commit([writes], tally)


def _at_once(group: Sequence[Sequence[Write]]) -> Mapping[object, Write]:
    """
    Lay the writes of many bookings together: what has a whole view drawn anew (a checkpoint's list, its board) is said once.
    """
    return {_asked(write): write for writes in group for write in writes}


def _asked(write: Write) -> object:
    item = write.item
    return (item.task, scope(item)) if isinstance(item, OutboxMessage) and item.task in WHOLE else id(write)


def _apart(bookings: Sequence[Booking], bound: Bound) -> Iterator[Sequence[Booking]]:
    """
    Split bookings so that no two of a part are bound to the same thing; those that are keep their order.
    """
    waiting = list(bookings)
    while waiting:
        taken: set[str] = set()
        part: list[Booking] = []
        rest: list[Booking] = []
        for booking in waiting:
            names = set(bound(booking))
            (rest if names & taken else part).append(booking)
            taken |= names
        yield part
        waiting = rest
