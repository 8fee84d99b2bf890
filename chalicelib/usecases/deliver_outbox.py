"""
Whatever must follow a commit is delivered from its outbox row, at least once; a row that keeps failing is parked and alarmed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.usecases.ports import Clock, Committer, Outbox, Remove, Write

SHARDS: Final = 8
CHUNK: Final = 50

Handler = Callable[[OutboxMessage], object]


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
        for message in found:
            error = self.deliver(message, done=done)
            delivered += error is None
            failed += error is not None
            parked += error is not None and message.failed(self.clock.now()).parked
        return Swept(delivered, failed, parked)

    def deliver(self, message: OutboxMessage, *, done: dict[tuple[Task, str], Exception | None]) -> Exception | None:
        """
        Deliver one message and take it away; what concerns a whole checkpoint or day is done, or has failed, once a sweep.
        """
        key = (message.task, scope(message))
        error = done[key] if key in done else self._handle(message)
        if message.task in WHOLE:
            done[key] = error
        if error is None:
            self.committer.commit(Remove(message, message.version))
            return None
        later = message.failed(self.clock.now())
        self.committer.commit(Write(later, message.version))
        if later.parked:
            self.alarm(later, error)
        return error

    def _handle(self, message: OutboxMessage) -> Exception | None:
        try:
            self.handlers[message.task](message)
        except Exception as error:  # every failure is kept with its row and tried again
            return error
        return None

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
    Name what a whole-view message concerns.
    """
    return f"{message.payload.get('checkpoint')}#{message.payload.get('day', '')}"
