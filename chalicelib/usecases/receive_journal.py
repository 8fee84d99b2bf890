"""
A gateway reports what it saw and did; what it decided on a list then valid stands (§10, D17, D19, D24). Acknowledged after commit only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.contracts import messages
from chalicelib.contracts.passages import Action, EntryKind, Heartbeat, JournalBatch, JournalEntry, LaneKind
from chalicelib.domain.bookings import Booking, Happening, leave_by
from chalicelib.domain.happenings import event_of, gate_changes, notice
from chalicelib.domain.money import DepositState
from chalicelib.domain.records import GatewayState, OutboxMessage, Passage
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ending import bonds_of, deposit_posting, money_writes
from chalicelib.usecases.ports import (
    Bookings,
    Clock,
    Committed,
    Committer,
    DeviceLink,
    Ledger,
    Locks,
    Passages,
    Places,
    StoreBusyError,
    Write,
)

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class ReceiveJournal:
    """
    Take a gateway's journal and heartbeats in, in order, each entry once.
    """

    committer: Committer
    bookings: Bookings
    places: Places
    locks: Locks
    ledger: Ledger
    passages: Passages
    link: Callable[[], DeviceLink]
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def batch(self, *, checkpoint: str, batch: JournalBatch) -> int:
        """
        Store the entries that follow without a gap, and acknowledge: the sequence stored up to. Raises `StoreBusyError`.
        """
        state = self.passages.gateway(checkpoint)
        upto = state.stored_upto if state.journal == batch.journal else 0
        for entry in sorted(batch.entries, key=lambda entry: entry.sequence):
            if entry.sequence == upto + 1:
                self._store(checkpoint, batch.journal, entry)
                upto = entry.sequence
        self._advance(checkpoint, lambda state: replace(state, journal=batch.journal, stored_upto=upto, last_seen=self.clock.now()))
        self.link().acknowledge(checkpoint=checkpoint, journal=batch.journal, upto=upto)
        return upto

    def heartbeat(self, *, checkpoint: str, heartbeat: Heartbeat) -> None:
        """
        Note that a gateway is alive; all before `at` is reported once every sequence up to its last is stored (D18).
        """

        def beat(state: GatewayState) -> GatewayState:
            whole = heartbeat.last_sequence == 0 or (state.journal == heartbeat.journal and state.stored_upto >= heartbeat.last_sequence)
            reported = max(heartbeat.at, state.reported_upto or heartbeat.at) if whole else state.reported_upto
            return replace(
                state,
                last_seen=self.clock.now(),
                reported_upto=reported,
                held_version=heartbeat.admissions_version,
                devices=messages.to_json(heartbeat.devices),
            )

        self._advance(checkpoint, beat)

    def _advance(self, checkpoint: str, change: Callable[[GatewayState], GatewayState]) -> None:
        for _ in range(MOST_TRIES):
            seen = self.passages.gateway(checkpoint)
            if isinstance(self.committer.commit(Write(replace(change(seen), version=seen.version + 1), seen.version)), Committed):
                return
        raise StoreBusyError("gateway")

    def _store(self, checkpoint: str, journal: str, entry: JournalEntry) -> None:
        rules = self.rules_on(self.clock.now())
        day = rules.today(entry.at)
        for _ in range(MOST_TRIES):
            if self.passages.has(checkpoint=checkpoint, journal=journal, sequence=entry.sequence, day=day):
                return
            name = entry.decision.booking if entry.decision else None
            seen = self.bookings.get(name) if name else None
            passage = Passage(
                checkpoint, day, journal, entry.sequence, entry.at, entry.kind.value, entry.lane, messages.to_json(entry), booking=name
            )
            writes = self._effects(seen, entry, rules) if seen is not None and seen.checkpoint == checkpoint else ()
            if isinstance(self.committer.commit(Write(passage), *writes), Committed):
                return
        raise StoreBusyError("journal")

    def _effects(self, seen: Booking, entry: JournalEntry, rules: Rules) -> tuple[Write, ...]:
        happening = happening_of(entry)
        if happening is None or not seen.may(happening) or repeated(seen, happening):
            return ()
        after = moved(seen, happening, entry.at, rules)
        by = f"gateway:{seen.checkpoint}"
        event = event_of(booking=after, happening=happening, at=entry.at, by=by, rules=rules, ground="30", detail={"lane": entry.lane})
        told: tuple[OutboxMessage, ...] = gate_changes(after, self.clock.now())
        if happening in {Happening.CROSSED, Happening.ARRIVED}:
            amount = after.due.deposit if after.due else 0
            told = (*told, notice(template=happening.value, booking=after, at=self.clock.now(), amount=amount))
        released = self._release(seen, after, rules) if happening is Happening.CROSSED else ()
        return (Write(after, seen.version), Write(event), *(Write(message) for message in told), *released)

    def _release(self, seen: Booking, after: Booking, rules: Rules) -> tuple[Write, ...]:
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        locks = (Write(replace(lock, booking=None, until=None, version=lock.version + 1), lock.version) for lock in bonds.locks)
        if seen.deposit is not DepositState.HELD:
            return tuple(locks)
        posting = deposit_posting(seen, outcome=after.deposit, at=self.clock.now(), rules=rules)
        return (*locks, *money_writes(posting, bonds.wallet))


def happening_of(entry: JournalEntry) -> Happening | None:
    """
    Say what a journal entry means for the booking it names.
    """
    action = entry.decision.action if entry.decision else Action.NONE
    if action is Action.ARRIVED:
        return Happening.ARRIVED
    if action is Action.DEPARTED:
        return Happening.LEFT_AREA
    if action is not Action.OPEN or (entry.kind is EntryKind.COMMAND and (entry.command is None or entry.command.result != "done")):
        return None
    return {LaneKind.ENTRY: Happening.ADMITTED, LaneKind.EXIT: Happening.CROSSED}.get(entry.lane_kind)


def repeated(seen: Booking, happening: Happening) -> bool:
    """
    Tell whether the vehicle was already seen there: a second look changes nothing.
    """
    return (happening is Happening.ARRIVED and seen.arrived_at is not None) or (
        happening is Happening.LEFT_AREA and seen.left_area_at is not None
    )


def moved(seen: Booking, happening: Happening, at: datetime, rules: Rules) -> Booking:
    """
    Give the booking after a passage at a moment of gate time.
    """
    if happening is Happening.ARRIVED:
        known = seen.called_at is not None and seen.slot_end is not None
        until = leave_by(told_at=at, slot_end=seen.slot_end, rules=rules) if known and seen.slot_end else None
        return seen.after(happening, arrived_at=at, leave_by=until)
    if happening is Happening.LEFT_AREA:
        return seen.after(happening, left_area_at=at)
    if happening is Happening.ADMITTED:
        return seen.after(happening, admitted_at=at, ended_at=None)
    deposit = DepositState.RELEASED if seen.deposit is DepositState.HELD else seen.deposit
    return seen.after(happening, crossed_at=at, ended_at=at, deposit=deposit)
