"""
Everything a gate keeps, in one SQLite file: journal, list, marks, frames, commands, photographs to send. One transaction may span them.
"""

from dataclasses import dataclass

from iot.gate import admissions_store, marks, photos
from iot.gate.settings import GateSettings
from iot.kit import journal
from iot.kit.clock import Clock
from iot.kit.database import Database
from iot.kit.signatures import Verifier

SCHEMA = (
    *journal.SCHEMA,
    *admissions_store.SCHEMA,
    *marks.SCHEMA,
    *photos.SCHEMA,
    "CREATE TABLE IF NOT EXISTS frames (number INTEGER PRIMARY KEY AUTOINCREMENT, frame TEXT UNIQUE, decision TEXT NOT NULL, decided REAL NOT NULL)",
    "CREATE TABLE IF NOT EXISTS commands (id TEXT PRIMARY KEY, result TEXT NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class Records:
    """
    A gate's settings, clock, and what it keeps.
    """

    settings: GateSettings
    clock: Clock
    database: Database
    journal: journal.Journal
    store: admissions_store.AdmissionsStore
    marks: marks.Marks
    photos: photos.PhotoQueue


def open_records(*, settings: GateSettings, clock: Clock) -> Records:
    """
    Open (at first: create) `gate.db` in the data folder.
    """
    database = Database(path=settings.data_dir / "gate.db", schema=SCHEMA)
    verifier = Verifier(keys=settings.admissions_keys)
    return Records(
        settings=settings,
        clock=clock,
        database=database,
        journal=journal.Journal(database=database),
        store=admissions_store.AdmissionsStore(database=database, verifier=verifier, checkpoint=settings.checkpoint),
        marks=marks.Marks(database=database),
        photos=photos.PhotoQueue(database=database, folder=settings.photos_dir),
    )
