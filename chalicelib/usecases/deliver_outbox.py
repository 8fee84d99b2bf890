"""
Whatever must follow a commit is delivered from its outbox row, at least once; a row that keeps failing is parked and alarmed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.usecases.ports import Clock, Committed, Committer, NobodyThereError, Outbox, Remove, Write

SHARDS: Final = 8
CHUNK: Final = 50
AT_ONCE: Final = 25
"""Delivered messages are taken away so many together: as many would be delivered once more after a crash, under the same ids."""

Handler = Callable[[OutboxMessage], object]
"""Delivers a message; true: it has taken the message away itself, in the commit that put others in its place."""


class UndeliveredError(Exception):
    """
    A message could not be delivered now; it is tried again later.
    """


@dataclass(frozen=True, slots=True)
class Swept:
    """
    What a sweep did.
    """

    delivered: int
    failed: int
    parked: int


@dataclass(frozen=True, slots=True)
class DeliverOutbox:
    """
    Sweep pending messages, a bounded chunk of each shard at a time.
    """

    committer: Committer
    outbox: Outbox
    clock: Clock
    handlers: Mapping[Task, Handler]
    alarm: Callable[[OutboxMessage, Exception], None]

    def __call__(self) -> Swept:
        """
        Deliver what is due now; one failure keeps no other message back.
        """
        delivered = failed = parked = 0
        done: dict[tuple[Task, str], Exception | None] = {}
        now = self.clock.now()
        # all are read before the first is delivered: a whole view computed after that knows what each of them tells of
        found = [message for shard in range(SHARDS) for message in self.outbox.pending(shard=shard, until=now, limit=CHUNK)]
        settled: list[OutboxMessage] = []
        for message in found:
            error = self._deliver(message, done=done, settled=settled)
            if len(settled) >= AT_ONCE:
                self._remove(settled)
            delivered += error is None
            failed += error is not None
            parked += error is not None and not isinstance(error, NobodyThereError) and message.failed(now).parked
        self._remove(settled)
        return Swept(delivered, failed, parked)

    def _deliver(
        self, message: OutboxMessage, *, done: dict[tuple[Task, str], Exception | None], settled: list[OutboxMessage]
    ) -> Exception | None:
        """
        Deliver one message and lay it to those to be taken away; what concerns a whole checkpoint or day is done, or has failed, once a sweep.

        Where nobody answers, nobody is asked again this sweep: the messages of that task wait, and none of them is parked for it.
        """
        key = (message.task, scope(message))
        error, gone = (done[key], False) if key in done else self._handle(message)
        if message.task in WHOLE or isinstance(error, NobodyThereError):
            done[key] = error
        if error is None:
            if not gone:
                settled.append(message)
            return None
        later = message.failed(self.clock.now(), blamed=not isinstance(error, NobodyThereError))
        self.committer.commit(Write(later, message.version))
        if later.parked:
            self.alarm(later, error)
        return error

    def _remove(self, settled: list[OutboxMessage]) -> None:
        """
        Take delivered messages away together; where another sweep took one first, each by itself.
        """
        together = [Remove(message, message.version) for message in settled]
        settled.clear()
        if together and not isinstance(self.committer.commit(*together), Committed):
            for each in together:
                self.committer.commit(each)

    def _handle(self, message: OutboxMessage) -> tuple[Exception | None, bool]:
        try:
            return None, self.handlers[message.task](message) is True
        except Exception as error:  # every failure is kept with its row and tried again
            return error, False

    def next_due(self) -> datetime | None:
        """
        Tell when the next message is due, or none.
        """
        moments = [moment for shard in range(SHARDS) for moment in [self.outbox.next_due(shard=shard)] if moment is not None]
        return min(moments, default=None)


WHOLE: Final = frozenset({Task.ADMISSIONS, Task.BOARD, Task.LOAD})
"""Tasks that recompute a checkpoint's (day's) whole view: one run serves every message read before it started."""


def scope(message: OutboxMessage) -> str:
    """
    Name what a whole-view message concerns; one of another task has the door of its task.
    """
    if message.task not in WHOLE:
        return ""
    return f"{message.payload.get('checkpoint')}#{message.payload.get('day', '')}"
