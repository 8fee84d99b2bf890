import sqlite3
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS modes (
    source TEXT NOT NULL, match_kind TEXT NOT NULL, match_value TEXT NOT NULL, mode TEXT NOT NULL, seconds REAL NOT NULL,
    PRIMARY KEY (source, match_kind, match_value)
) STRICT;
CREATE TABLE IF NOT EXISTS messages (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, id TEXT NOT NULL,
    recipient TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL,
    UNIQUE (channel, id)
) STRICT;
CREATE TABLE IF NOT EXISTS identities (
    session TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL, status TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS messages_by_recipient ON messages (recipient, sequence);
"""


def open_database(folder: Path) -> sqlite3.Connection:
    """
    Open `registers.sqlite`: every statement commits by itself and outlives a killed process.
    """
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(folder / "registers.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.executescript(SCHEMA)
    return connection
