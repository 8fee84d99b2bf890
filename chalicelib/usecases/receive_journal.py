"""
A gateway reports what it saw and did; what it decided on a list then valid stands (§10, D17, D19, D24). Acknowledged after commit only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.contracts import messages
from chalicelib.contracts.passages import Action, EntryKind, Heartbeat, JournalBatch, JournalEntry, LaneKind
from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.records import GatewayState, Passage
from chalicelib.domain.rules import Rules
from chalicelib.domain.site_notes import doubt_of
from chalicelib.usecases.passing import Passed, Passing
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
from chalicelib.usecases.site_writes import notes_write

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
        now = self.clock.now()
        rules = self.rules_on(now)
        day = rules.today(entry.at)
        for _ in range(MOST_TRIES):
            if self.passages.has(checkpoint=checkpoint, journal=journal, sequence=entry.sequence, day=day):
                return
            name = entry.decision.booking if entry.decision else None
            seen = self.bookings.get(name) if name else None
            passage = Passage(
                checkpoint, day, journal, entry.sequence, entry.at, entry.kind.value, entry.lane, messages.to_json(entry), booking=name
            )
            mine = seen if seen is not None and seen.checkpoint == checkpoint else None
            if isinstance(self.committer.commit(Write(passage), *self._effects(checkpoint, journal, entry, mine, now, rules)), Committed):
                return
        raise StoreBusyError("journal")

    def _effects(
        self, checkpoint: str, journal: str, entry: JournalEntry, seen: Booking | None, now: datetime, rules: Rules
    ) -> tuple[Write, ...]:
        notes = self.passages.notes(checkpoint)
        doubt = doubt_of(entry, journal=journal, booking=seen, rules=rules)
        if doubt is not None:
            return notes_write(notes, notes.doubting(doubt, rules))
        happening = happening_of(entry)
        if happening is None or seen is None:
            return ()
        number = entry.decision.booking_number if entry.decision else None
        passed = Passed(happening, entry.lane, entry.at, by=witness_of(entry, checkpoint), number=number)
        effects = Passing(self.places, self.locks, self.ledger).effects(seen, passed, notes, now=now, rules=rules)
        return () if effects is None else (*effects.writes, *notes_write(notes, effects.notes))


def witness_of(entry: JournalEntry, checkpoint: str) -> str:
    """
    Say who stands for an entry: the officer whose order was carried out, or the gateway.
    """
    if entry.command is None:
        return f"gateway:{checkpoint}"
    return f"officer:{entry.command.author}" if entry.command.author else "officer"


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
