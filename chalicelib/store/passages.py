"""
What gateways reported, what is known of them, and what their boards show.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.counting import Count, FlowRecord, Promise
from chalicelib.domain.experience import Experience
from chalicelib.domain.pace import Turn
from chalicelib.domain.records import BoardState, GatewayState, Passage
from chalicelib.domain.site_notes import Chore, Doubt, Guest, SiteNotes
from chalicelib.store.attributes import DayAttribute, InstantAttribute, ValueAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row

FLEET: Final = "gateways"


class PassageRow(Row):
    """
    One journal entry.
    """

    checkpoint_day = UnicodeAttribute(hash_key=True)
    journal_order = UnicodeAttribute(range_key=True)
    checkpoint = UnicodeAttribute()
    day = DayAttribute()
    journal = UnicodeAttribute()
    sequence = NumberAttribute()
    at = InstantAttribute()
    kind = UnicodeAttribute()
    lane = UnicodeAttribute()
    entry = UnicodeAttribute()
    booking = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)

    by_time = index("by_time", {"checkpoint_day": UnicodeAttribute(hash_key=True), "at": InstantAttribute(range_key=True)}, keys_only=False)


class GatewayRow(Row):
    """
    One gateway. All lie in one partition, so that they can be listed: a few dozen, each written every few seconds.
    """

    fleet = UnicodeAttribute(hash_key=True)
    checkpoint = UnicodeAttribute(range_key=True)
    journal = UnicodeAttribute(null=True)
    stored_upto = NumberAttribute()
    last_seen = InstantAttribute(null=True)
    reported_upto = InstantAttribute(null=True)
    admissions_version = NumberAttribute()
    admissions_hash = UnicodeAttribute(null=True)
    admissions_signed_at = InstantAttribute(null=True)
    held_version = NumberAttribute()
    devices = UnicodeAttribute()


class BoardRow(Row):
    """
    One checkpoint's board.
    """

    checkpoint = UnicodeAttribute(hash_key=True)
    view = UnicodeAttribute()
    line = UnicodeAttribute(null=True)


class SiteNotesRow(Row):
    """
    One checkpoint's open questions.
    """

    checkpoint = UnicodeAttribute(hash_key=True)
    doubts = ValueAttribute(tuple[Doubt, ...])
    guests = ValueAttribute(tuple[Guest, ...])
    chores = ValueAttribute(tuple[Chore, ...])


class FlowRow(Row):
    """
    One checkpoint's flow as counted.
    """

    checkpoint = UnicodeAttribute(hash_key=True)
    journal = UnicodeAttribute(null=True)
    sequence = NumberAttribute()
    heard_upto = InstantAttribute(null=True)
    turns = ValueAttribute(tuple[Turn, ...])
    fronts = ValueAttribute(tuple[datetime, ...])
    counts = ValueAttribute(tuple[Count, ...])
    promises = ValueAttribute(tuple[Promise, ...])
    promised_at = InstantAttribute(null=True)
    experience = ValueAttribute(Experience)


def _order(journal: str, sequence: int) -> str:
    return f"{journal}#{sequence:012d}"


def _of_passage(passage: Passage) -> Mapping[str, object]:
    return {"checkpoint_day": f"{passage.checkpoint}#{passage.day}", "journal_order": _order(passage.journal, passage.sequence)}


def _of_gateway(_: GatewayState) -> Mapping[str, object]:
    return {"fleet": FLEET}


PASSAGE = Kind(Passage, PassageRow, "passages", _of_passage)
GATEWAY = Kind(GatewayState, GatewayRow, "gateways", _of_gateway)
BOARD = Kind(BoardState, BoardRow, "boards")
NOTES = Kind(SiteNotes, SiteNotesRow, "site_notes")
FLOW = Kind(FlowRecord, FlowRow, "flows")
LAST: Final = 10**12 - 1


class StoredPassages:
    """
    The port `Passages`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def gateway(self, checkpoint: str) -> GatewayState:
        """
        Read a gateway's state, consistently; one never heard of has version 0.
        """
        return self._reader.get(GATEWAY, FLEET, checkpoint) or GatewayState(checkpoint, version=0)

    def gateways(self) -> Sequence[GatewayState]:
        """
        List all gateways ever heard of, consistently.
        """
        return self._reader.items(GATEWAY, FLEET, consistent=True)

    def has(self, *, checkpoint: str, journal: str, sequence: int, day: date) -> bool:
        """
        Tell whether a journal entry is stored, consistently.
        """
        return self._reader.get(PASSAGE, f"{checkpoint}#{day}", _order(journal, sequence)) is not None

    def recent(self, checkpoint: str, *, day: date, limit: int) -> Sequence[Passage]:
        """
        List a day's passages, newest first; for display.
        """
        return self._reader.items(PASSAGE, f"{checkpoint}#{day}", index="by_time", ascending=False, limit=limit)

    def board(self, checkpoint: str) -> BoardState | None:
        """
        Read what a board shows, consistently: its version guards the next one.
        """
        return self._reader.get(BOARD, checkpoint)

    def notes(self, checkpoint: str) -> SiteNotes:
        """
        Read what a site leaves open, consistently; nothing written yet has version 0.
        """
        return self._reader.get(NOTES, checkpoint) or SiteNotes(checkpoint, version=0)

    def notes_of(self, checkpoints: Sequence[str]) -> Mapping[str, SiteNotes]:
        """
        Read what several sites leave open, as `notes` does.
        """
        found = {notes.checkpoint: notes for notes in self._reader.get_many(NOTES, checkpoints)}
        return {checkpoint: found.get(checkpoint) or SiteNotes(checkpoint, version=0) for checkpoint in checkpoints}

    def after(self, checkpoint: str, *, day: date, journal: str, sequence: int) -> Sequence[Passage]:
        """
        List a day's passages of a journal that follow a sequence, in order, consistently.
        """
        bounds = {"since": ("journal_order", _order(journal, sequence + 1)), "until": ("journal_order", _order(journal, LAST))}
        return self._reader.items(PASSAGE, f"{checkpoint}#{day}", consistent=True, **bounds)

    def flow(self, checkpoint: str) -> FlowRecord | None:
        """
        Read what was counted of a checkpoint's flow, consistently.
        """
        return self._reader.get(FLOW, checkpoint)
