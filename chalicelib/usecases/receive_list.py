"""
A list comes in: read row by row, kept with all that is wrong with it; only a clean one waits for approval (§6, D2).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain.list_rows import Expected, ReadList, Table, read_list
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.records import Event
from chalicelib.domain.rules import Rules
from chalicelib.domain.vehicle_lists import (
    PART_ROWS,
    Column,
    FaultCode,
    ListPart,
    ListStatus,
    RowFault,
    VehicleList,
    earliest_day,
    entry_key,
)
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Outcome, replay
from chalicelib.usecases.ports import Chance, Clock, Committed, Committer, Requests, StoreBusyError, VehicleLists, Write

MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """
    A list as handed in: for which checkpoint and class, by which organization, received by OGD on which day.
    """

    checkpoint: str
    class_: PlaceClass
    sender: str
    sender_number: str | None
    received_on: date
    table: Table
    sha256: str


class Expecting(Protocol):
    """
    Gives the words by which a list for a checkpoint and class may call things, and its first day.
    """

    def __call__(self, *, checkpoint: str, class_: PlaceClass, first_day: date) -> Expected:
        """
        Spell them.
        """


@dataclass(frozen=True, slots=True)
class ReceiveList:
    """
    `POST /v1/officer/vehicle-lists`.
    """

    committer: Committer
    lists: VehicleLists
    requests: Requests
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]
    expecting: Expecting

    def __call__(self, *, officer: str, sent: Sent, request: IdempotentRequest) -> Outcome:
        """
        Keep the list, `submitted` or `rejected`: 201 with its id. Raises `StoreBusyError`.

        Its parts are written first, one by one: a list that is there is whole, and parts without a list are nobody's.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            rules = self.rules_on(now)
            read = self._read(sent, rules)
            id_ = self.chance.id("lst")
            parts = in_parts(id_, read)
            if not all(isinstance(self.committer.commit(Write(part)), Committed) for part in parts):
                continue  # a list that is there is whole
            list_ = _list(id_, officer, sent, read, parts=len(parts), now=now)
            event = list_event(list_, kind="vehicle_list_received", by=officer, at=now, rules=rules)
            record = request.record(status=201, resource=id_, answer={}, at=now)
            if isinstance(self.committer.commit(Write(list_), Write(event), Write(record)), Committed):
                return Done(201, id_)
        raise StoreBusyError("list")

    def _read(self, sent: Sent, rules: Rules) -> ReadList:
        first = earliest_day(sent.received_on, rules.list_lead_days)
        read = read_list(sent.table, self.expecting(checkpoint=sent.checkpoint, class_=sent.class_, first_day=first))
        keys = {
            (entry_key(class_=sent.class_, checkpoint=sent.checkpoint, plate_key=row.vehicle), row.day): row.row
            for row in reversed(read.rows)
            if row.vehicle is not None and row.day is not None
        }
        there = self.lists.entries(list(keys))
        again = [
            RowFault(keys[entry.vehicle, entry.day], FaultCode.ALREADY_LISTED, Column.PLATE, {"list": entry.list, "list_row": entry.row})
            for entry in there
        ]
        return ReadList(read.rows, tuple(sorted((*read.faults, *again), key=lambda fault: fault.row)))


def in_parts(list_: str, read: ReadList) -> Sequence[ListPart]:
    """
    Cut what was read into parts, each with its rows' faults; the first one takes those of the heading, the last one those after all rows.
    """
    rows = [read.rows[start : start + PART_ROWS] for start in range(0, len(read.rows), PART_ROWS)] or [()]
    ends = [part[-1].row if part else 0 for part in rows]
    faults: list[list[RowFault]] = [[] for _ in rows]
    for fault in read.faults:
        index = next((number for number, end in enumerate(ends) if fault.row <= end), len(rows) - 1)
        faults[index].append(fault)
    return [ListPart(list_, number, tuple(part), tuple(faults[number])) for number, part in enumerate(rows)]


def _list(id_: str, officer: str, sent: Sent, read: ReadList, *, parts: int, now: datetime) -> VehicleList:
    return VehicleList(
        id=id_,
        version=1,
        status=ListStatus.REJECTED if read.faults else ListStatus.SUBMITTED,
        checkpoint=sent.checkpoint,
        class_=sent.class_,
        sender=sent.sender,
        sender_number=sent.sender_number,
        received_on=sent.received_on,
        uploaded_at=now,
        uploaded_by=officer,
        rows=len(read.rows),
        faults=len(read.faults),
        parts=parts,
        sha256=sent.sha256,
    )


def list_event(list_: VehicleList, *, kind: str, by: str, at: datetime, rules: Rules) -> Event:
    """
    Write down what was done to a list, by whom; what it says stays with the list.
    """
    day = rules.today(at)
    return Event(
        id=f"{list_.checkpoint}.{day}.{list_.id}.{list_.version:06d}",
        aggregate=list_.id,
        aggregate_version=list_.version,
        checkpoint=list_.checkpoint,
        day=day,
        kind=kind,
        at=at,
        by=f"officer:{by}",
        ground="6",
        detail={
            "class": list_.class_.value,
            "list_status": list_.status.value,
            "rows": list_.rows,
            "faults": list_.faults,
            "received_on": list_.received_on.isoformat(),
        },
    )
