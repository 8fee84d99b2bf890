"""
Faults at any call of a store without an engine: what a use case meets when the store's own tries are spent, or its process dies.
"""

import re
from dataclasses import replace

from chalicelib.domain.provider import Bookmark
from chalicelib.domain.records import GatewayState
from chalicelib.domain.vehicle_lists import ListPart, VehicleList
from chalicelib.usecases.ports import Conflict, StoreBusyError
from tests.fakes.faults import ProcessDiedError

KINDS = ("silent_before", "silent_after", "refuse", "crash_before", "crash_after")
DRAWN = re.compile(r"_x\d+")
"""The number of an id drawn by `MarkedChance`: another try draws another."""


class Interruption:
    """
    What strikes at which call: `silent_…` is a store that would not answer, `refuse` a write that somebody else's came before, `crash_…` the end
    of the process; before the call was done, or after.
    """

    def __init__(self, kind=None, call=0, lasting=1):
        self.kind, self.call, self.lasting = kind, call, lasting
        self.calls, self.hit = 0, False

    def around(self, name, act):
        """
        Make a call, or fail at it.
        """
        self.calls += 1
        if not self.call <= self.calls < self.call + self.lasting:
            return act()
        self.hit = True
        if self.kind == "refuse" and name == "commit":
            return Conflict(frozenset({"Booking"}))
        if self.kind in {"refuse", "silent_before"}:
            raise StoreBusyError(name)
        if self.kind == "crash_before":
            raise ProcessDiedError(name)
        act()
        raise ProcessDiedError(name) if self.kind == "crash_after" else StoreBusyError(name)


class Port:
    """
    A port of the store behind an interruption.
    """

    def __init__(self, port, interruption):
        self._port, self._interruption = port, interruption

    def __getattr__(self, name):
        made = getattr(self._port, name)
        return lambda *args, **named: self._interruption.around(name, lambda: made(*args, **named))


class FaultyStore:
    """
    A memory store behind an interruption; `take` and `put_back` are its whole state at a moment.
    """

    def __init__(self, store):
        self._store = store
        self.interruption = Interruption()

    def __getattr__(self, name):
        return Port(getattr(self._store, name), self.interruption)

    def commit(self, *writes):
        """
        Write all or nothing, or fail.
        """
        return self.interruption.around("commit", lambda: self._store.commit(*writes))

    def take(self):
        """
        Give the whole state: values are never changed in place.
        """
        return {type_: dict(items) for type_, items in self._store._shelves.items.items()}

    def put_back(self, state):
        """
        Hold this state and nothing else.
        """
        self._store._shelves.items.clear()
        self._store._shelves.items.update({type_: dict(items) for type_, items in state.items()})

    def plain(self):
        """
        Spell the state without the numbers of drawn ids, by type, in order. Left out is what says how often it was tried and no more: the count
        of a gateway's words, how often a bookmark was moved, and parts of a list that never came to be.
        """
        kept = self._store._shelves.items
        lists = {list_.id for list_ in kept[VehicleList].values()}
        found = {}
        for type_, items in kept.items():
            values = [item for item in items.values() if not isinstance(item, ListPart) or item.list in lists]
            values = [replace(item, version=0) if isinstance(item, (GatewayState, Bookmark)) else item for item in values]
            found |= {type_.__name__: sorted(DRAWN.sub("_#", repr(item)) for item in values)} if values else {}
        return found
