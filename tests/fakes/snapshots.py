"""
All rows of a store at a moment: to be compared, and to be put back.
"""

import json
import re

from tests.fakes.kept_tables import key, keys_of, line_to

COUNTED = re.compile(r"(?<![a-z])(att|per|p|cmd|ref)_\d+")


def told(item):
    """
    Leave out what differs between equal runs: the commit, and the shard of a message that is named after a counted id.
    """
    counted = COUNTED.search(item.get("id", {}).get("S", "")) is not None
    return {name: value for name, value in item.items() if name != "commit" and not (counted and name == "pending")}


class Snapshots:
    """
    Whole states of one store's tables, or of those named, read and written beside the store.
    """

    def __init__(self, store, *, tables=None):
        self._settings = store.database.settings
        self._prefix = self._settings.prefix
        wanted = None if tables is None else {f"{self._prefix}{table}" for table in tables}
        self._keys = keys_of(row for row in store.rows if wanted is None or row.Meta.table_name in wanted)
        self._known = None

    def take(self):
        """
        Read every row of every table.
        """
        with line_to(self._settings) as line:
            self._known = {table: line.scan(table) for table in self._keys}
        return self._known

    def put_back(self, state):
        """
        Make the tables hold this state and nothing else. What was taken last is taken for what they hold, as nothing else has written since.
        """
        now = self._known or self.take()
        self._known = None
        with line_to(self._settings) as line:
            for table, items in now.items():
                wanted = [key(self._keys[table], item) for item in state[table]]
                gone = [where for item in items if (where := key(self._keys[table], item)) not in wanted]
                changed = [item for item in state[table] if item not in items]
                line.write(table, [{"DeleteRequest": {"Key": where}} for where in gone])
                line.write(table, [{"PutRequest": {"Item": item}} for item in changed])

    def clear(self):
        """
        Take every row away.
        """
        self.put_back({table: [] for table in self._keys})

    def plain(self, state):
        """
        Spell a state without what differs between equal runs: commit marks and the numbers of counted ids.
        """
        return {
            table.removeprefix(self._prefix): sorted(COUNTED.sub(r"\1_#", json.dumps(told(item), sort_keys=True)) for item in items)
            for table, items in state.items()
            if items
        }
