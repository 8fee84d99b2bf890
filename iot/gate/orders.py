"""
What an officer orders from afar (D26): executed once, in time, or refused; its result is journaled with it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.contracts.commands import Command, CommandKind, Ground
from chalicelib.contracts.passages import Action, CommandResult, Decision, DecisionReason, EntryKind, JournalEntry, LaneKind
from iot.gate.marks import Opening
from iot.gate.records import Records
from iot.gate.roll import Fact

_SPENDS: Final = {LaneKind.ENTRY: Fact.ADMITTED, LaneKind.EXIT: Fact.CROSSED}


class Result(StrEnum):
    """
    What became of a command.
    """

    DONE = "done"
    STALE = "stale"
    REFUSED = "refused"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The result, and what the barrier is to do about it now: an opening, a closing, or nothing.
    """

    result: Result
    opening: Opening | None = None
    close: bool = False


class CommandDesk:
    """
    Accepts commands. A repeated id never acts again, also after a restart; one past its `valid_until` (business time) never acts at all.
    """

    def __init__(self, *, records: Records, wall: Callable[[], float] = time.time) -> None:
        self._records = records
        self._settings = records.settings
        self._database = records.database
        self._clock = records.clock
        self._journal = records.journal
        self._marks = records.marks
        self._wall = wall

    def accept(self, command: Command) -> Answer:
        """
        Judge and journal a command in one transaction; the caller then moves the barrier.
        """
        with self._database.transaction() as connection:
            result, detail = self._judge(command)
            if result is not Result.REPEATED:
                connection.execute("INSERT INTO commands VALUES (?, ?)", (command.id, result.value))
            opening = self._order(command) if result is Result.DONE and command.kind is CommandKind.OPEN else None
            self._journal_result(command, result, detail)
        return Answer(result=result, opening=opening, close=result is Result.DONE and command.kind is CommandKind.CLOSE)

    def _judge(self, command: Command) -> tuple[Result, str | None]:
        with self._database.reading() as connection:
            row = connection.execute("SELECT result FROM commands WHERE id = ?", (command.id,)).fetchone()
        if row is not None:
            return Result.REPEATED, f"was {row['result']}"
        if command.lane not in self._settings.barrier_lanes:
            return Result.REFUSED, "no barrier there"
        if command.ground is Ground.MATCH_CONFIRMED and command.kind is CommandKind.OPEN and command.booking is None:
            return Result.REFUSED, "a confirmed match names its booking"
        if self._clock.now() >= command.valid_until:
            return Result.STALE, None
        return Result.DONE, command.ground.value

    def _order(self, command: Command) -> Opening:
        """
        Order the opening; a match that the officer confirms is a fact about its booking, as if the gate had decided it.
        """
        opening = Opening(cause=command.id, lane=command.lane, ordered=self._wall())
        named = command.booking if command.ground is Ground.MATCH_CONFIRMED else None
        roll = self._marks.roll(self._records.store.current)
        booking = next((one for one in roll.expected if one.admission.booking == named), None)
        fact = _SPENDS[self._settings.lanes[command.lane]]
        if booking is None:
            self._marks.order(opening)
        else:
            self._marks.put(booking=booking, fact=fact, at=self._clock.now())
            self._marks.order(opening, booking=booking, fact=fact)
        return opening

    def _journal_result(self, command: Command, result: Result, detail: str | None) -> None:
        lane_kind = self._settings.lanes.get(command.lane, LaneKind.ENTRY)
        said = CommandResult(id=command.id, result=result.value, detail=detail, author=command.author)
        entry = JournalEntry(
            sequence=0,
            at=self._clock.now(),
            kind=EntryKind.COMMAND,
            lane=command.lane,
            lane_kind=lane_kind,
            command=said,
            decision=_confirmed(command) if result is Result.DONE else None,
        )
        self._journal.append(entry)


def _confirmed(command: Command) -> Decision | None:
    """
    Say what an officer's confirmed match means for its booking; other grounds let through somebody who has none.
    """
    if command.kind is not CommandKind.OPEN or command.ground is not Ground.MATCH_CONFIRMED:
        return None
    return Decision(
        action=Action.OPEN,
        reason=DecisionReason.OFFICER_CONFIRMED,
        booking=command.booking,
        booking_number=command.booking_number,
        by="officer",
    )
