"""
A gateway's journal: gapless sequences in an identity born with the database file, kept until the cloud's own acknowledgement.
"""

import dataclasses
import json
import uuid
from typing import Any, Final

from chalicelib.contracts.messages import to_json
from chalicelib.contracts.passages import Acknowledgement, JournalEntry
from iot.kit.database import Database

MOST_ENTRIES: Final = 100
MOST_BYTES: Final = 100_000
"""Below IoT Core's 128 KB, with room for the envelope."""

SCHEMA: Final = (
    """
    CREATE TABLE IF NOT EXISTS journal (
        one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, last INTEGER NOT NULL, acknowledged INTEGER NOT NULL
    )
    """,
    "CREATE TABLE IF NOT EXISTS journal_entries (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL)",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Position:
    """
    Where a journal stands: the last sequence written, and the last one the cloud has acknowledged.
    """

    last: int
    acknowledged: int

    @property
    def pending(self) -> int:
        """
        How many entries the cloud has not acknowledged.
        """
        return self.last - self.acknowledged


class Journal:
    """
    Entries in order of writing. Append inside the transaction of what the entry tells, so that one never exists without the other.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database
        with database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO journal VALUES (1, ?, 0, 0)", (uuid.uuid4().hex,))
            self.id: str = connection.execute("SELECT id FROM journal").fetchone()["id"]

    def append(self, entry: JournalEntry) -> JournalEntry:
        """
        Write the entry under the next sequence (the one it brings is not looked at) and give it back as written.
        """
        with self._database.transaction() as connection:
            sequence: int = connection.execute("UPDATE journal SET last = last + 1 RETURNING last").fetchone()["last"]
            written = dataclasses.replace(entry, sequence=sequence)
            connection.execute("INSERT INTO journal_entries VALUES (?, ?)", (sequence, to_json(written)))
        return written

    def position(self) -> Position:
        """
        Tell where the journal stands.
        """
        with self._database.reading() as connection:
            row = connection.execute("SELECT last, acknowledged FROM journal").fetchone()
        return Position(last=row["last"], acknowledged=row["acknowledged"])

    def batch(self, *, after: int) -> tuple[int, dict[str, Any]] | None:
        """
        Give the next `JournalBatch` document after a sequence, and its last sequence; none when there is nothing.

        It holds at most 100 entries and 100 KB, but always at least one entry.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT sequence, body FROM journal_entries WHERE sequence > ? ORDER BY sequence LIMIT ?", (after, MOST_ENTRIES)
            ).fetchall()
        entries: list[Any] = []
        size, upto = 0, after
        for row in rows:
            size += len(row["body"].encode()) + 1
            if entries and size > MOST_BYTES:
                break
            entries.append(json.loads(row["body"]))
            upto = row["sequence"]
        return (upto, {"journal": self.id, "entries": entries}) if entries else None

    def acknowledge(self, acknowledgement: Acknowledgement) -> bool:
        """
        Forget what the cloud has committed. Another journal's, an old or an impossible acknowledgement changes nothing.
        """
        with self._database.transaction() as connection:
            position = self.position()
            if acknowledgement.journal != self.id or not position.acknowledged < acknowledgement.upto <= position.last:
                return False
            connection.execute("DELETE FROM journal_entries WHERE sequence <= ?", (acknowledgement.upto,))
            connection.execute("UPDATE journal SET acknowledged = ?", (acknowledgement.upto,))
        return True
