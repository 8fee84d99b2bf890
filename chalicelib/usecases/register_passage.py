"""
An officer registers a passage that no camera told: a plate that could not be read, a reading that was missed, a truck turned back (§11, D17–D19, D25).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from chalicelib.contracts import messages
from chalicelib.contracts.passages import Action, Decision, DecisionReason, EntryKind, JournalEntry, LaneKind
from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.records import Event, Passage
from chalicelib.domain.rules import Rules
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing, Outcome, replay
from chalicelib.usecases.passing import Passed, Passing
from chalicelib.usecases.ports import (
    Bookings,
    Chance,
    Clock,
    Committed,
    Committer,
    Passages,
    Requests,
    StoreBusyError,
    Write,
)
from chalicelib.usecases.site_writes import notes_write

MOST_TRIES = 5


class Told(StrEnum):
    """
    What an officer says a vehicle did; `resolved`: what passed there was nobody who is expected.
    """

    ARRIVED = "arrived"
    LEFT_AREA = "left_area"
    ADMITTED = "admitted"
    CROSSED = "crossed"
    RETURNED = "returned"
    RESOLVED = "resolved"


LANES: Final = MappingProxyType(
    {
        Told.ARRIVED: (LaneKind.WAITING_AREA_ENTRY,),
        Told.LEFT_AREA: (LaneKind.WAITING_AREA_EXIT,),
        Told.ADMITTED: (LaneKind.ENTRY,),
        Told.CROSSED: (LaneKind.EXIT,),
        Told.RETURNED: (LaneKind.EXIT, LaneKind.ENTRY),
        Told.RESOLVED: tuple(LaneKind),
    }
)
"""Where each can happen."""
DID: Final = MappingProxyType({Told.ARRIVED: Action.ARRIVED, Told.LEFT_AREA: Action.DEPARTED})


@dataclass(frozen=True, slots=True)
class Word:
    """
    An officer's word: what, where (`lane` of the kind), when (business time), about which booking or plate key, why, with which photograph.
    """

    checkpoint: str
    lane: str
    lane_kind: LaneKind
    at: datetime
    told: Told
    reason: str
    booking: str | None = None
    plates: Sequence[str] = ()
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class RegisterPassage:
    """
    `POST /v1/officer/checkpoints/{id}/passages`.
    """

    committer: Committer
    bookings: Bookings
    passages: Passages
    requests: Requests
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]
    passing: Passing

    def __call__(self, *, officer: str, word: Word, request: IdempotentRequest | None) -> Outcome:
        """
        Keep his word and let follow what follows: 201 with its id. Raises `StoreBusyError`.
        """
        id_ = self.chance.id("man")
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now) if request else None
            if known is not None:
                return known
            rules = self.rules_on(now)
            worked = self._worked_out(officer, word, now, rules)
            if not isinstance(worked, _Worked):
                return worked
            event = _event(id_, officer, word, worked.booking, rules)
            writes = [*worked.writes, Write(_passage(id_, word, worked.booking, rules)), Write(event)]
            answer = {"event": event.id, "booking": worked.booking.id if worked.booking else None}
            if request is not None:
                writes.append(Write(request.record(status=201, resource=id_, answer=answer, at=now)))
            if isinstance(self.committer.commit(*writes), Committed):
                return Done(201, id_, answer)
        raise StoreBusyError("passage")

    def _worked_out(self, officer: str, word: Word, now: datetime, rules: Rules) -> "_Worked | Refused | Missing":
        notes = self.passages.notes(word.checkpoint)
        seen = self._booking(word)
        if word.told is Told.RESOLVED:
            if seen is None and (word.booking or word.plates):
                return Missing()
            after = notes.resolved(lane=word.lane, at=word.at, booking=seen.id if seen else None)
            return _Worked(seen, notes_write(notes, after))
        if seen is None:
            return Missing()
        passed = Passed(Happening(word.told.value), word.lane, word.at, by=f"officer:{officer}", ground="11", reason=word.reason)
        effects = self.passing.effects(seen, passed, notes, now=now, rules=rules)
        if effects is None:
            return Refused.because(Code.NOT_POSSIBLE_NOW, "D17", status=seen.status.value)
        return _Worked(seen, (*effects.writes, *notes_write(notes, effects.notes)))

    def _booking(self, word: Word) -> Booking | None:
        """
        Find whom he means: the index leads, the booking itself is read consistently; of several with the plate the one that can do it.
        """
        if word.booking is not None:
            found = [self.bookings.get(word.booking)]
        else:
            found = [booking for plate in word.plates for booking in self.bookings.find(plate=plate)]
        here = [booking for booking in found if booking is not None and booking.checkpoint == word.checkpoint]
        able = [booking for booking in here if word.told is Told.RESOLVED or booking.may(Happening(word.told.value))]
        return next(iter(able or here), None)


@dataclass(frozen=True, slots=True)
class _Worked:
    booking: Booking | None
    writes: tuple[Write, ...]


def _passage(id_: str, word: Word, booking: Booking | None, rules: Rules) -> Passage:
    """
    Keep it beside the gateway's own entries, in the plate database of §10.
    """
    decision = Decision(
        action=DID.get(word.told, Action.NONE if word.told in {Told.RESOLVED, Told.RETURNED} else Action.OPEN),
        reason=DecisionReason.OFFICER_CONFIRMED,
        booking=booking.id if booking else None,
        booking_number=booking.number if booking else None,
        detail=word.told.value,
        by="officer",
    )
    entry = JournalEntry(1, word.at, EntryKind.PASSAGE, word.lane, word.lane_kind, decision=decision, photo=word.photo)
    day = rules.today(word.at)
    text = messages.to_json(entry)
    return Passage(word.checkpoint, day, id_, 1, word.at, EntryKind.PASSAGE.value, word.lane, text, decision.booking, word.reason)


def _event(id_: str, officer: str, word: Word, booking: Booking | None, rules: Rules) -> Event:
    day = rules.today(word.at)
    return Event(
        id=f"{word.checkpoint}.{day}.{id_}.000001",
        aggregate=id_,
        aggregate_version=1,
        checkpoint=word.checkpoint,
        day=day,
        kind="passage_registered",
        at=word.at,
        by=f"officer:{officer}",
        ground="11",
        detail={"lane": word.lane, "action": word.told.value, "booking": booking.id if booking else None, "reason": word.reason},
    )
