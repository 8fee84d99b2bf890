"""
What a site still leaves open: passages nobody could tell, vehicles inside without a place of their own, and what an officer is to decide (D18, D19, D24).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.contracts.passages import Action, DecisionReason, JournalEntry, LaneKind
from chalicelib.contracts.plates import normalize
from chalicelib.domain.bookings import EXPECTED, Booking
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import stands_until

KEPT: Final = timedelta(days=7)
"""Every booking that an open passage could be about is decided long before."""
GONE: Final = timedelta(days=1)
MOST_DOUBTS: Final = 300
SURE: Final = 0.9
MOST_DIFFERENCES: Final = 2

NOBODY: Final = frozenset({DecisionReason.UNREADABLE, DecisionReason.NOT_A_PICTURE})
"""Something passed, and nothing was read of it: it may have been anybody."""
ALMOST: Final = frozenset({DecisionReason.AMBIGUOUS, DecisionReason.SIMILAR_PLATE, DecisionReason.NO_LIST})
"""A plate was read that is not quite one that is expected."""
NOT_LET_IN: Final = frozenset(
    {
        DecisionReason.NOT_CALLED,
        DecisionReason.NOT_FROM_WAITING_AREA,
        DecisionReason.OFFICER_ONLY,
        DecisionReason.TRAILER_DIFFERS,
        DecisionReason.BARRIER_FAULTED,
    }
)
"""The vehicle itself stood at the gate at its time, and the barrier stayed shut."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """
    A passage that an officer has yet to tell: `id` is its first journal entry, `plate` what was read (normalized), `booking` who stood there.
    """

    id: str
    lane: str
    lane_kind: LaneKind
    since: datetime
    until: datetime
    reason: DecisionReason
    plate: str | None = None
    booking: str | None = None


@dataclass(frozen=True, slots=True)
class Guest:
    """
    A vehicle let in on a booking whose place was sold again meanwhile (D24): no place names it, so the site does.
    """

    booking: str
    left_at: datetime | None = None


class ChoreKind(StrEnum):
    """
    What the steps leave to an officer.
    """

    NO_EXIT = "no_exit"


@dataclass(frozen=True, slots=True)
class Chore:
    """
    One booking that an officer is to decide about, and since when.
    """

    kind: ChoreKind
    booking: str
    since: datetime


@dataclass(frozen=True, slots=True)
class SiteNotes:
    """
    One checkpoint's notes; small, changed only together with what they are about.
    """

    checkpoint: str
    version: int
    doubts: tuple[Doubt, ...] = ()
    guests: tuple[Guest, ...] = ()
    chores: tuple[Chore, ...] = ()

    def doubting(self, doubt: Doubt, rules: Rules) -> "SiteNotes":
        """
        Note a passage; the same vehicle standing there still only goes on.
        """
        before = next((one for one in self.doubts if _same(one, doubt, rules)), None)
        if before is not None:
            merged = replace(before, since=min(before.since, doubt.since), until=max(before.until, doubt.until))
            return replace(self, doubts=tuple(merged if one is before else one for one in self.doubts))
        fresh = [one for one in self.doubts if doubt.until - one.until < KEPT]
        return replace(self, doubts=(*fresh, doubt)[-MOST_DOUBTS:])

    def passed(self, *, lane: str, at: datetime, booking: str, rules: Rules) -> "SiteNotes":
        """
        A booking's vehicle went through a lane: what was doubted there just before was that vehicle, and nothing is open about it.
        """
        return self._without(lambda doubt: doubt.booking == booking or (doubt.lane == lane and _just_before(doubt, at, rules)))

    def resolved(self, *, lane: str, at: datetime, booking: str | None) -> "SiteNotes":
        """
        An officer has told what passed a lane up to a moment: all of it, or what was about one booking.
        """
        return self._without(
            lambda doubt: doubt.lane == lane and doubt.since <= at and (booking is None or doubt.booking in {None, booking})
        )

    def welcoming(self, booking: str) -> "SiteNotes":
        """
        Remember a vehicle that has no place.
        """
        others = tuple(guest for guest in self.guests if guest.booking != booking)
        return replace(self, guests=(*others, Guest(booking)))

    def gone(self, booking: str, *, at: datetime) -> "SiteNotes":
        """
        A vehicle has left: nothing is to be decided about it; a guest is shown for a while still.
        """
        guests = (replace(guest, left_at=at) if guest.booking == booking else guest for guest in self.guests)
        shown = tuple(guest for guest in guests if guest.left_at is None or at - guest.left_at < GONE)
        chores = tuple(chore for chore in self.chores if chore.booking != booking)
        return replace(self, guests=shown, chores=chores)

    def asking(self, chore: Chore) -> "SiteNotes":
        """
        Leave a decision to the officers, once.
        """
        if any((one.kind, one.booking) == (chore.kind, chore.booking) for one in self.chores):
            return self
        return replace(self, chores=(*self.chores, chore))

    def _without(self, over: Callable[[Doubt], bool]) -> "SiteNotes":
        return replace(self, doubts=tuple(doubt for doubt in self.doubts if not over(doubt)))


def doubt_of(entry: JournalEntry, *, journal: str, booking: Booking | None, rules: Rules) -> Doubt | None:
    """
    Say what a journal entry leaves open: an unreadable or almost known plate anywhere, or a booking's own vehicle kept out at its time (D18).
    """
    decision = entry.decision
    if decision is None or decision.action not in {Action.STAY, Action.NONE}:
        return None
    best = entry.readings[0] if entry.readings else None
    unsure = decision.reason is DecisionReason.UNKNOWN_VEHICLE and best is not None and best.confidence < SURE
    known: str | None = None
    plate: str | None = None
    if booking is not None and entry.lane_kind is LaneKind.ENTRY and decision.reason in {*NOT_LET_IN, DecisionReason.EXPIRED}:
        if not _at_its_time(entry, decision.reason, booking, rules):
            return None
        known = booking.id
    elif (decision.reason in ALMOST or unsure) and best is not None:
        plate = normalize(best.text)
    elif decision.reason not in NOBODY:
        return None
    return Doubt(
        f"{journal}.{entry.sequence}", entry.lane, entry.lane_kind, entry.at, entry.at, decision.reason, plate=plate, booking=known
    )


def _at_its_time(entry: JournalEntry, reason: DecisionReason, booking: Booking, rules: Rules) -> bool:
    """
    Tell whether a vehicle kept out stood there when it might: not before its entry opens; called expired by an old list, not after it really is.
    """
    if booking.slot_start is None or entry.at < booking.slot_start - rules.entry_opens_before:
        return False
    if reason is not DecisionReason.EXPIRED:
        return True
    return booking.status in EXPECTED and booking.called_at is not None and entry.at < stands_until(booking, rules)


def doubt_about(booking: Booking, notes: SiteNotes) -> Doubt | None:
    """
    Find an open passage since the call that may have been this vehicle: itself at the gate, or nobody could tell who, in a lane it had to take.
    """
    if booking.called_at is None:
        return None
    lanes = ways(booking)
    for doubt in notes.doubts:
        if doubt.booking is not None:
            if doubt.booking == booking.id:
                return doubt
        elif doubt.lane_kind in lanes and doubt.until >= booking.called_at and _may_be(doubt, booking):
            return doubt
    return None


def ways(booking: Booking) -> frozenset[LaneKind]:
    """
    Name the lanes in which a called vehicle's next passage may be, as far as it has been seen.
    """
    if booking.left_area_at is not None:
        return frozenset({LaneKind.ENTRY})
    if booking.arrived_at is not None:
        return frozenset({LaneKind.ENTRY, LaneKind.WAITING_AREA_EXIT})
    return frozenset({LaneKind.ENTRY, LaneKind.WAITING_AREA_ENTRY})


def _may_be(doubt: Doubt, booking: Booking) -> bool:
    return doubt.plate is None or differences(doubt.plate, normalize(booking.vehicle.plate)) <= MOST_DIFFERENCES


def differences(one: str, other: str) -> int:
    """
    Count the characters to change, add or drop to make one plate of another (Levenshtein).
    """
    row = list(range(len(other) + 1))
    for index, mine in enumerate(one, 1):
        above, row[0] = row[0], index
        for place, theirs in enumerate(other, 1):
            above, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, above + (mine != theirs))
    return row[-1]


def _same(one: Doubt, other: Doubt, rules: Rules) -> bool:
    if (one.lane, one.plate, one.booking) != (other.lane, other.plate, other.booking):
        return False
    return one.since - rules.reread_within <= other.until and other.since <= one.until + rules.reread_within


def _just_before(doubt: Doubt, at: datetime, rules: Rules) -> bool:
    return doubt.booking is None and doubt.since <= at <= doubt.until + rules.reread_within
