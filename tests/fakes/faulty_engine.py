"""
A store on a real engine behind the same interruption as the one without: its whole state is read and put back beside it.
"""

import json

from tests.fakes.faulty_store import DRAWN, FaultyStore
from tests.fakes.snapshots import Snapshots

TRIED = {"gateways": "version", "bookmarks": "version"}
"""What says how often it was tried and no more, by table."""
SHARDED = ("pending", "due_step")


class FaultyEngine(FaultyStore):
    """
    As `FaultyStore`; all tables are its own.
    """

    def __init__(self, store):
        super().__init__(store)
        self._states = Snapshots(store)
        self._states.clear()

    def take(self):
        """
        Give the whole state.
        """
        return self._states.take()

    def put_back(self, state):
        """
        Hold this state and nothing else. Whatever died half-way may have written anything.
        """
        self._states.take()
        self._states.put_back(state)

    def plain(self):
        """
        Spell the state, by table.
        """
        prefix = self._store.database.settings.prefix
        held = {table.removeprefix(prefix): items for table, items in self._states.take().items() if items}
        lists = {item["id"]["S"] for item in held.get("vehicle_lists", ())}
        parts = [item for item in held.get("list_parts", ()) if item["list"]["S"] in lists]
        held = {name: items for name, items in {**held, "list_parts": parts}.items() if items}
        return {name: sorted(_spelled(item, TRIED.get(name)) for item in items) for name, items in held.items()}


def _spelled(item, tried):
    """
    Leave out the commit, and the shard of what is named after a drawn id.
    """
    drawn = DRAWN.search(item.get("id", {}).get("S", "")) is not None
    left_out = {"commit", tried, *(SHARDED if drawn else ())}
    kept = {name: value for name, value in item.items() if name not in left_out}
    return DRAWN.sub("_#", json.dumps(kept, sort_keys=True, ensure_ascii=False))
