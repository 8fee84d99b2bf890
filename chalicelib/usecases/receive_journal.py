"""
A gateway reports what it saw and did; what it decided on a list then valid stands (§10, D17, D19, D24). Acknowledged after commit only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.contracts import messages
from chalicelib.contracts.passages import Action, EntryKind, Heartbeat, JournalBatch, JournalEntry, LaneKind
from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.happenings import event_of, gate_changes, load_change, notice
from chalicelib.domain.money import DepositState
from chalicelib.domain.records import GatewayState, OutboxMessage, Passage
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import leave_by
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
from chalicelib.usecases.readmission import OVERRIDDEN, readmission_writes, readmitted

MOST_TRIES = 5
LOOK_BACK_DAYS = 3


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
        entries = sorted(batch.entries, key=lambda entry: entry.sequence)
        if superseded(state, batch.journal, entries):
            upto = self._store_all(checkpoint, batch.journal, entries)
        else:
            upto = self._store_next(checkpoint, batch.journal, entries, stored_upto(state, batch.journal))
            upto = stored_upto(self._advance(checkpoint, lambda state: self._stored(state, batch.journal, upto)), batch.journal)
        self.link().acknowledge(checkpoint=checkpoint, journal=batch.journal, upto=upto)
        return upto

    def _store_all(self, checkpoint: str, journal: str, entries: Sequence[JournalEntry]) -> int:
        for entry in entries:
            self._store(checkpoint, journal, entry)
        return max((entry.sequence for entry in entries), default=0)

    def _store_next(self, checkpoint: str, journal: str, entries: Sequence[JournalEntry], upto: int) -> int:
        for entry in entries:
            if entry.sequence == upto + 1 or (entry.sequence > upto and self._follows(checkpoint, journal, entry)):
                self._store(checkpoint, journal, entry)
                upto = entry.sequence
        return upto

    def _follows(self, checkpoint: str, journal: str, entry: JournalEntry) -> bool:
        """
        Tell whether the entry before is stored though the gateway's state does not say so.
        """
        day, before = self.rules_on(self.clock.now()).today(entry.at), entry.sequence - 1
        days = (day - timedelta(days=back) for back in range(LOOK_BACK_DAYS))
        return any(self.passages.has(checkpoint=checkpoint, journal=journal, sequence=before, day=day) for day in days)

    def _stored(self, state: GatewayState, journal: str, upto: int) -> GatewayState:
        """
        Move what is stored forward, never back: batches come twice, out of order, and two at once.
        """
        seen = replace(state, last_seen=self.clock.now())
        return replace(seen, journal=journal, stored_upto=max(upto, stored_upto(state, journal))) if upto else seen

    def heartbeat(self, *, checkpoint: str, heartbeat: Heartbeat) -> None:
        """
        Note that a gateway is alive; all before `at` is reported once every sequence up to its last is stored (D18).
        """

        def beat(state: GatewayState) -> GatewayState:
            now = self.clock.now()
            at = min(heartbeat.at, now)  # a gateway's clock that runs ahead has not reported the future
            whole = stored_upto(state, heartbeat.journal) >= heartbeat.last_sequence
            reported = max(at, state.reported_upto or at) if whole else state.reported_upto
            return replace(
                state,
                last_seen=now,
                reported_upto=reported,
                held_version=heartbeat.admissions_version,
                devices=messages.to_json(heartbeat.devices),
            )

        self._advance(checkpoint, beat)

    def _advance(self, checkpoint: str, change: Callable[[GatewayState], GatewayState]) -> GatewayState:
        for _ in range(MOST_TRIES):
            seen = self.passages.gateway(checkpoint)
            after = replace(change(seen), version=seen.version + 1)
            if isinstance(self.committer.commit(Write(after, seen.version)), Committed):
                return after
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
        overridden = seen.status in OVERRIDDEN
        if overridden and seen.confirmed_at is None:
            return ()  # it was never on a list
        after = readmitted(seen, at=entry.at) if overridden else moved(seen, happening, entry.at, rules)
        by, ground = f"gateway:{seen.checkpoint}", "D24" if overridden else "30"
        event = event_of(booking=after, happening=happening, at=entry.at, by=by, rules=rules, ground=ground, detail={"lane": entry.lane})
        told: tuple[OutboxMessage, ...] = gate_changes(after, self.clock.now())
        if happening in {Happening.CROSSED, Happening.ARRIVED}:
            amount = after.due.deposit if after.due else 0
            told = (*told, notice(template=happening.value, booking=after, at=self.clock.now(), amount=amount))
        more = self._release(seen, after, rules) if happening is Happening.CROSSED else ()
        if overridden:
            now = self.clock.now()
            told = (*told, load_change(after, now))
            more = readmission_writes(seen, places=self.places, locks=self.locks, ledger=self.ledger, now=now, rules=rules)
        return (Write(after, seen.version), Write(event), *(Write(message) for message in told), *more)

    def _release(self, seen: Booking, after: Booking, rules: Rules) -> tuple[Write, ...]:
        bonds = bonds_of(seen, places_=self.places, locks=self.locks, ledger=self.ledger)
        locks = (Write(replace(lock, booking=None, until=None, version=lock.version + 1), lock.version) for lock in bonds.locks)
        if seen.deposit is not DepositState.HELD:
            return tuple(locks)
        posting = deposit_posting(seen, outcome=after.deposit, at=self.clock.now(), rules=rules)
        return (*locks, *money_writes(posting, bonds.wallet))


def stored_upto(state: GatewayState, journal: str) -> int:
    """
    Give the last sequence of a journal that is stored without a gap, as far as the gateway's state knows.
    """
    return state.stored_upto if state.journal == journal else 0


def superseded(state: GatewayState, journal: str, entries: Sequence[JournalEntry]) -> bool:
    """
    Tell a batch of a journal that another one has replaced: its last copy is kept, but it is not the gateway's journal any more.
    """
    if state.journal in {None, journal} or state.reported_upto is None:
        return False
    return all(entry.at <= state.reported_upto for entry in entries)


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
    return seen.after(happening, admitted_at=seen.admitted_at or at, crossed_at=at, ended_at=at, deposit=deposit)
