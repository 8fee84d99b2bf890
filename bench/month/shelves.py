"""
The ports of the store over dictionaries, as fast as a month needs: one thread, values that nobody changes, no copies.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bench.month.reads import Reads
from chalicelib.domain.bookings import Booking
from chalicelib.domain.counting import FlowRecord
from chalicelib.domain.money import Posting, Wallet
from chalicelib.domain.places import Place, PlaceState
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.policies import PolicyRow
from chalicelib.domain.records import (
    BoardState,
    Event,
    GatewayState,
    HoldCount,
    OutboxMessage,
    Passage,
    RequestRecord,
)
from chalicelib.domain.site_notes import SiteNotes
from chalicelib.domain.vehicles import MissRecord, VehicleLock
from chalicelib.usecases.ports import Committed, Conflict, Item, Remove, Write

NOT_KEPT = (Event, RequestRecord, OutboxMessage)
"""Events and answers are not read again here, and what follows a commit is done by the month's own ticks."""
KEYS: Mapping[type, Callable[[Any], Hashable]] = {
    DayPlan: lambda item: (item.checkpoint, item.day),
    Place: lambda item: (item.checkpoint, item.day, item.position),
    VehicleLock: lambda item: item.key,
    MissRecord: lambda item: item.key,
    HoldCount: lambda item: item.key,
    Posting: lambda item: (item.wallet, item.id),
    Wallet: lambda item: item.account,
    Passage: lambda item: (item.checkpoint, item.journal, item.sequence),
    GatewayState: lambda item: item.checkpoint,
    BoardState: lambda item: item.checkpoint,
    SiteNotes: lambda item: item.checkpoint,
    FlowRecord: lambda item: item.checkpoint,
    PolicyRow: lambda item: item.id,
}
NEVER = datetime.min.replace(tzinfo=UTC)


def key_of(item: Item) -> Hashable:
    """
    Name an item within its type: by its id, where nothing else is said.
    """
    spell = KEYS.get(type(item))
    return spell(item) if spell is not None else item.id  # type: ignore[union-attr]


class Shelves(Reads):
    """
    Items by type and key; whoever follows bookings is told of each that is written. It is its own committer and every port that reads.
    """

    def __init__(self, *, told: Callable[[Booking, bool], None]) -> None:
        super().__init__()
        self.commits = 0
        self._told = told

    def commit(self, *writes: Write | Remove) -> Committed | Conflict:
        """
        Write all or nothing.
        """
        lasting = [write for write in writes if not isinstance(write.item, NOT_KEPT)]
        losers = {type(write.item).__name__ for write in lasting if not self._holds(write)}
        if losers:
            return Conflict(frozenset(losers))
        self.commits += 1
        for write in lasting:
            if isinstance(write, Remove):
                del self.kept[type(write.item)][key_of(write.item)]
            else:
                self._put(write.item)
        return Committed()

    def _holds(self, write: Write | Remove) -> bool:
        there = self.kept[type(write.item)].get(key_of(write.item))
        if isinstance(write, Write) and write.seen == 0:
            return there is None
        return there is not None and getattr(there, "version", 1) == write.seen

    def _put(self, item: Item) -> None:
        if isinstance(item, Place):
            before = self.days[item.checkpoint, item.day].get(item.position)
            was = before is not None and before.state is PlaceState.SOLD
            self.touches[item.checkpoint, item.day][item.position.interval] += 1
            self.sold[item.checkpoint, item.day][item.position.interval] += (item.state is PlaceState.SOLD) - was
            self.days[item.checkpoint, item.day][item.position] = item
        if isinstance(item, Passage):
            self.journals[item.journal].append(item)
        moved = isinstance(item, Booking) and "slot_start" in item.changed
        if isinstance(item, Booking) and item.slot_start is not None and item.slot_end is not None and item.slot_start.tzinfo is not UTC:
            # as rows keep instants; arithmetic on them is several times as fast
            item = replace(item, slot_start=item.slot_start.astimezone(UTC), slot_end=item.slot_end.astimezone(UTC))
        self.kept[type(item)][key_of(item)] = item
        if isinstance(item, Booking):
            self._told(item, moved)
