"""
A second officer approves a list or rejects it; the entries that an approved one admits by follow its commit (§6 (1), (3)).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.decisions import Allowed
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.domain.rules import Rules
from chalicelib.domain.vehicle_lists import ListEntry, ListStatus, VehicleList, entries_of, may_decide
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.ports import Clock, Committed, Committer, Requests, StoreBusyError, VehicleLists, Write
from chalicelib.usecases.receive_list import list_event

MOST_TRIES = 5
CHUNK = 50
"""Entries of one transaction."""


@dataclass(frozen=True, slots=True)
class DecideList:
    """
    `POST /v1/officer/vehicle-lists/{id}/approve` and `…/reject`.
    """

    committer: Committer
    lists: VehicleLists
    requests: Requests
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self, *, officer: str, checkpoints: frozenset[str], list_: str, reason: str | None, request: IdempotentRequest) -> Outcome:
        """
        Approve a list of one of the officer's checkpoints, or reject it for a reason. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            seen = self.lists.get(list_)
            if seen is None or seen.checkpoint not in checkpoints:
                return Missing()
            decision = may_decide(seen, officer=officer, approving=reason is None)
            if not isinstance(decision, Allowed):
                return decision
            if self._decide(seen, officer, reason, request, now):
                return Done(200, seen.id)
        raise StoreBusyError("list")

    def _decide(self, seen: VehicleList, officer: str, reason: str | None, request: IdempotentRequest, now: datetime) -> bool:
        status = ListStatus.APPROVED if reason is None else ListStatus.REJECTED
        after = seen.decided(status, by=officer, at=now, reason=reason)
        kind = f"vehicle_list_{status.value}"
        done = self.committer.commit(
            Write(after, seen.version),
            Write(list_event(after, kind=kind, by=officer, at=now, rules=self.rules_on(now))),
            *(Write(message) for message in _messages(after, now)),
            Write(request.record(status=200, resource=after.id, answer={}, at=now)),
        )
        return isinstance(done, Committed)


def _messages(list_: VehicleList, now: datetime) -> list[OutboxMessage]:
    if list_.status is not ListStatus.APPROVED:
        return []
    return [
        OutboxMessage(
            id=f"{Task.LIST_PART.value}.{list_.id}.{number:04d}",
            task=Task.LIST_PART,
            aggregate=list_.id,
            aggregate_version=list_.version,
            created_at=now,
            due_at=now,
            payload={"list": list_.id, "part": number, "checkpoint": list_.checkpoint},
        )
        for number in range(list_.parts)
    ]


@dataclass(frozen=True, slots=True)
class KeepEntries:
    """
    Write the entries of one part of an approved list; safe to run again: one that is there stays, whichever list it came by.
    """

    committer: Committer
    lists: VehicleLists

    def __call__(self, message: OutboxMessage) -> int:
        """
        Write what is missing: how many. Raises `StoreBusyError`.
        """
        list_ = self.lists.get(str(message.payload["list"]))
        part = self.lists.part(str(message.payload["list"]), int(message.payload["part"] or 0))
        if list_ is None or part is None or list_.status is not ListStatus.APPROVED:
            return 0
        entries = entries_of(list_, part.rows)
        return sum(self._write(entries[start : start + CHUNK]) for start in range(0, len(entries), CHUNK))

    def _write(self, entries: tuple[ListEntry, ...]) -> int:
        for _ in range(MOST_TRIES):
            there = {(entry.vehicle, entry.day) for entry in self.lists.entries([(entry.vehicle, entry.day) for entry in entries])}
            missing = [entry for entry in entries if (entry.vehicle, entry.day) not in there]
            if not missing or isinstance(self.committer.commit(*(Write(entry) for entry in missing)), Committed):
                return len(missing)
        raise StoreBusyError("list entries")
