"""
A step finds its due bookings by their `due` index, a bounded chunk of each shard, and looks at each one anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from chalicelib.domain.schedule import Step
from chalicelib.usecases.ports import Bookings, Clock

T = TypeVar("T")
SHARDS: Final = 8
CHUNK: Final = 100

Act = Callable[[str], object]
Order = Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Ran:
    """
    How many bookings a run looked at, how many it changed, and whether more may be waiting.
    """

    seen: int
    changed: int
    more: bool


def each(found: Sequence[T], act: Callable[[T], object], *, of: str) -> int:
    """
    Do something to each of what was found: how many it changed. What one raises keeps no other back: it is raised at the end, all of it
    together (`ExceptionGroup`); `of` says so with the numbers of failures and of all.
    """
    changed = 0
    failed: list[Exception] = []
    for one in found:
        try:
            changed += bool(act(one))
        except Exception as error:
            failed.append(error)
    if failed:
        raise ExceptionGroup(of.format(len(failed), len(found)), failed)
    return changed


@dataclass(frozen=True, slots=True)
class RunStep:
    """
    One step over all shards; safe to run twice at once: whoever comes second finds nothing to do.
    """

    bookings: Bookings
    clock: Clock

    def __call__(self, step: Step, act: Act, *, ordered: Order = list, behind: Step | None = None) -> Ran:
        """
        Run a step over what is due now, in the order given. What one booking raises keeps no other back: it is raised at the end
        (`ExceptionGroup`).

        A booking is found by the first thing it waits for only: `behind` names a step whose bookings are looked at, too, so that a register
        that is asked too late holds nothing up. The act tells whether it is its time.
        """
        found, more = self.found(step, behind=behind)
        return Ran(len(found), each(ordered(found), act, of=f"{step}: {{}} of {{}} bookings failed"), more)

    def found(self, step: Step, *, behind: Step | None) -> tuple[Sequence[str], bool]:
        """
        Name what is due now, behind it what another step has found first, and tell whether more of it may be waiting.
        """
        found, more = self.due(step)
        return ([*found, *self.due(behind)[0]] if behind is not None else found), more

    def due(self, step: Step) -> tuple[Sequence[str], bool]:
        """
        Name a bounded chunk of what is due now, and tell whether more may be waiting.
        """
        chunks = [self.bookings.due(step, shard=shard, until=self.clock.now(), limit=CHUNK) for shard in range(SHARDS)]
        return [booking for chunk in chunks for booking in chunk], any(len(chunk) == CHUNK for chunk in chunks)

    def next_due(self, step: Step) -> datetime | None:
        """
        Tell when the step's next booking is due, or none.
        """
        moments = [moment for shard in range(SHARDS) for moment in [self.bookings.next_due(step, shard=shard)] if moment is not None]
        return min(moments, default=None)
