"""
All rows of a store at a moment: to be compared, and to be put back.
"""

import json
import re

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
        self._client = store.database.connection.client
        self._prefix = store.database.settings.prefix
        wanted = None if tables is None else {f"{self._prefix}{table}" for table in tables}
        self._keys = {row.Meta.table_name: self._key_names(row) for row in store.rows if wanted is None or row.Meta.table_name in wanted}
        self._known = None

    @staticmethod
    def _key_names(row):
        return [name for name in (row._hash_keyname, row._range_keyname) if name]

    def take(self):
        """
        Read every row of every table.
        """
        self._known = {table: self._client.scan(TableName=table, ConsistentRead=True)["Items"] for table in self._keys}
        return self._known

    def put_back(self, state):
        """
        Make the tables hold this state and nothing else. What was taken last is taken for what they hold, as nothing else has written since.
        """
        now = self._known or self.take()
        self._known = None
        for table, items in now.items():
            wanted = [self._key(table, item) for item in state[table]]
            gone = [item for item in items if self._key(table, item) not in wanted]
            changed = [item for item in state[table] if item not in items]
            self._write(table, [{"DeleteRequest": {"Key": self._key(table, item)}} for item in gone])
            self._write(table, [{"PutRequest": {"Item": item}} for item in changed])

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

    def _key(self, table, item):
        return {name: item[name] for name in self._keys[table]}

    def _write(self, table, requests):
        for start in range(0, len(requests), 25):
            self._client.batch_write_item(RequestItems={table: requests[start : start + 25]})
