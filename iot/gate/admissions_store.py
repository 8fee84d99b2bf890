"""
The signed list of admissions on the gateway: put together from parts, believed only when signature, hash and version hold, kept over restarts.
"""

import hashlib
import json
import logging
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.contracts.admissions import PART_CHARACTERS, Admission, AdmissionsManifest, AdmissionsPart
from chalicelib.contracts.messages import UnableToParseError, from_document, from_json
from iot.kit.database import Database
from iot.kit.signatures import UnableToVerifyError, Verifier

LOGGER = logging.getLogger(__name__)

MANIFEST_TYPE: Final = "admissions+jwt"
MOST_PARTS: Final = 100
VERSIONS_IN_PARTS: Final = 3
"""Newer lists that may be under way at once; parts of older ones are dropped."""

SCHEMA: Final = (
    """
    CREATE TABLE IF NOT EXISTS admissions_list (
        one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, valid_until TEXT NOT NULL, text TEXT NOT NULL
    )
    """,
    "CREATE TABLE IF NOT EXISTS admissions_parts (version INTEGER, part INTEGER, text TEXT NOT NULL, PRIMARY KEY (version, part))",
)


class UnableToAcceptListError(Exception):
    """
    A manifest or part that this gateway must not believe.
    """


@dataclass(frozen=True, slots=True)
class AdmissionsList:
    """
    The list in force. Version 0: none was ever accepted.
    """

    version: int = 0
    valid_until: datetime | None = None
    admissions: tuple[Admission, ...] = ()


class AdmissionsStore:
    """
    Holds one list in force and the parts of newer ones. Versions never go back.
    """

    def __init__(self, *, database: Database, verifier: Verifier, checkpoint: str) -> None:
        self._database = database
        self._verifier = verifier
        self._checkpoint = checkpoint
        self.newest_known = 0
        self.current = self._load()

    def hear_of(self, token: str) -> AdmissionsManifest:
        """
        Learn from a manifest which version there is; `UnableToAcceptListError` when it is not a manifest of ours.
        """
        try:
            manifest = from_json(AdmissionsManifest, self._verifier.payload(token, kind=MANIFEST_TYPE))
        except (UnableToVerifyError, UnableToParseError) as error:
            raise UnableToAcceptListError(str(error)) from error
        if manifest.checkpoint != self._checkpoint:
            raise UnableToAcceptListError("a list of another checkpoint")
        if not 1 <= manifest.parts <= MOST_PARTS:
            raise UnableToAcceptListError(f"{manifest.parts} parts")
        self.newest_known = max(self.newest_known, manifest.version)
        return manifest

    @property
    def behind(self) -> bool:
        """
        Whether a newer list than the one in force is known to exist.
        """
        return self.newest_known > self.current.version

    def take(self, part: AdmissionsPart) -> bool:
        """
        Keep a part, in any order and however often; tell whether it completed a newer list, which is then in force.

        `UnableToAcceptListError` for a part that contradicts its manifest, and for a complete list whose hash or content is wrong.
        """
        manifest = self.hear_of(part.token)
        if (part.version, part.parts) != (manifest.version, manifest.parts) or not 0 <= part.index < part.parts:
            raise UnableToAcceptListError("the part is not of its manifest")
        if len(part.text) > PART_CHARACTERS:
            raise UnableToAcceptListError(f"a part of {len(part.text)} characters")
        if manifest.version <= self.current.version:
            return False
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO admissions_parts VALUES (?, ?, ?)", (part.version, part.index, part.text))
            connection.execute("DELETE FROM admissions_parts WHERE version <= ?", (self.newest_known - VERSIONS_IN_PARTS,))
            texts = _texts(connection, version=part.version)
        if len(texts) < manifest.parts:
            return False
        self._switch(manifest, "".join(texts))
        return True

    def _switch(self, manifest: AdmissionsManifest, text: str) -> None:
        try:
            admissions = _checked(manifest, text)
        except UnableToAcceptListError:
            with self._database.transaction() as connection:
                connection.execute("DELETE FROM admissions_parts WHERE version = ?", (manifest.version,))
            raise
        with self._database.transaction() as connection:
            row = (manifest.version, manifest.valid_until.isoformat(), text)
            connection.execute("INSERT OR REPLACE INTO admissions_list VALUES (1, ?, ?, ?)", row)
            connection.execute("DELETE FROM admissions_parts WHERE version <= ?", (manifest.version,))
        self.current = AdmissionsList(version=manifest.version, valid_until=manifest.valid_until, admissions=admissions)
        LOGGER.info("admissions version %d: %d vehicles", manifest.version, len(admissions))

    def _load(self) -> AdmissionsList:
        with self._database.reading() as connection:
            row = connection.execute("SELECT version, valid_until, text FROM admissions_list").fetchone()
        if row is None:
            return AdmissionsList()
        return AdmissionsList(
            version=row["version"], valid_until=datetime.fromisoformat(row["valid_until"]), admissions=_parsed(row["text"])
        )


def _texts(connection: sqlite3.Connection, *, version: int) -> list[str]:
    rows = connection.execute("SELECT text FROM admissions_parts WHERE version = ? ORDER BY part", (version,)).fetchall()
    return [row["text"] for row in rows]


def _checked(manifest: AdmissionsManifest, text: str) -> tuple[Admission, ...]:
    if hashlib.sha256(text.encode()).hexdigest() != manifest.sha256:
        raise UnableToAcceptListError("the hash is not the manifest's")
    return _parsed(text)


def _parsed(text: str) -> tuple[Admission, ...]:
    try:
        documents = json.loads(text)
        if not isinstance(documents, list):
            raise UnableToAcceptListError("no array of admissions")
        return tuple(from_document(Admission, document) for document in documents)
    except (ValueError, RecursionError) as error:
        raise UnableToAcceptListError(f"unreadable admissions: {error}") from error
