"""
What gateways reported, in the store's stand-in.
"""
# ruff: noqa: D102  - each method is its port's

from chalicelib.domain.counting import FlowRecord
from chalicelib.domain.records import BoardState, GatewayState, Passage
from chalicelib.domain.site_notes import SiteNotes
from tests.fakes.memory_reads import MemoryReads


class MemoryPassages(MemoryReads):
    """
    The port `Passages`.
    """

    def gateway(self, checkpoint):
        return self._shelves.get(GatewayState, checkpoint) or GatewayState(checkpoint, version=0)

    def gateways(self):
        return sorted(self._shelves.all(GatewayState), key=lambda state: state.checkpoint)

    def has(self, *, checkpoint, journal, sequence, day):
        return self._shelves.get(Passage, (checkpoint, day, journal, sequence)) is not None

    def notes(self, checkpoint):
        return self._shelves.get(SiteNotes, checkpoint) or SiteNotes(checkpoint, version=0)

    def notes_of(self, checkpoints):
        return {checkpoint: self.notes(checkpoint) for checkpoint in checkpoints}

    def recent(self, checkpoint, *, day, limit):
        found = [passage for passage in self._shelves.all(Passage) if (passage.checkpoint, passage.day) == (checkpoint, day)]
        return sorted(found, key=lambda passage: passage.at, reverse=True)[:limit]

    def board(self, checkpoint):
        return self._shelves.get(BoardState, checkpoint)

    def after(self, checkpoint, *, day, journal, sequence):
        found = [each for each in self._shelves.all(Passage) if (each.checkpoint, each.day, each.journal) == (checkpoint, day, journal)]
        return sorted((each for each in found if each.sequence > sequence), key=lambda passage: passage.sequence)

    def flow(self, checkpoint):
        return self._shelves.get(FlowRecord, checkpoint)
