"""
Photographs: kept at the gateway first, offered to the cloud second, put where it says; within a budget of disk.
"""

import http.client
import logging
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from chalicelib.contracts.passages import PhotoGranted, PhotoWanted
from iot.kit.database import Database

LOGGER = logging.getLogger(__name__)

SCHEMA: Final = ("CREATE TABLE IF NOT EXISTS photos (number INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT UNIQUE, asked REAL NOT NULL)",)

ASK_AGAIN_SECONDS: Final = 15.0
ASKED_AT_ONCE: Final = 4
PUT_TIMEOUT_SECONDS: Final = 10.0
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class UnableToUploadError(Exception):
    """
    The photograph was not taken; it will be offered again.
    """


class Upload(Protocol):
    """
    Puts a JPEG where the cloud said; `UnableToUploadError`.
    """

    def __call__(self, *, url: str, body: bytes) -> None:
        """
        Put the body at the URL.
        """
        ...


def put(*, url: str, body: bytes) -> None:
    """
    HTTP PUT as `image/jpeg`, to http or https only.
    """
    if not url.startswith(("https://", "http://")):
        raise UnableToUploadError("neither http nor https")
    request = urllib.request.Request(url, data=body, method="PUT", headers={"Content-Type": "image/jpeg"})  # noqa: S310  # checked above
    try:
        with urllib.request.urlopen(request, timeout=PUT_TIMEOUT_SECONDS):  # noqa: S310  # checked above
            return
    except (urllib.error.URLError, OSError, http.client.HTTPException, ValueError) as error:
        raise UnableToUploadError(type(error).__name__) from error


class PhotoQueue:
    """
    Which photographs of the folder (`<sha256>.jpg`) the cloud has not got yet. `asked` is wall seconds.
    """

    def __init__(self, *, database: Database, folder: Path, wall: Callable[[], float] = time.time) -> None:
        self._database = database
        self._folder = folder
        self._wall = wall

    def add(self, sha256: str) -> bool:
        """
        Queue a photograph; what is not a SHA-256 in hex names no file of ours and is dropped (False).
        """
        if not _SHA256.fullmatch(sha256):
            LOGGER.warning("a photograph without a proper name is not sent")
            return False
        with self._database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO photos (sha256, asked) VALUES (?, 0)", (sha256,))
        return True

    def due(self) -> list[PhotoWanted]:
        """
        What to ask for now, oldest first, a few at once; photographs whose file is gone are dropped.
        """
        moment = self._wall()
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT sha256, asked FROM photos ORDER BY number LIMIT ?", (ASKED_AT_ONCE,)).fetchall()
            wanted = []
            for row in rows:
                if moment - row["asked"] < ASK_AGAIN_SECONDS:
                    continue
                size = self._size(row["sha256"])
                if size is None:
                    self.done(row["sha256"])
                    continue
                connection.execute("UPDATE photos SET asked = ? WHERE sha256 = ?", (moment, row["sha256"]))
                wanted.append(PhotoWanted(sha256=row["sha256"], size=size))
        return wanted

    def done(self, sha256: str) -> None:
        """
        The cloud has it; the file stays for the site until the budget needs its room.
        """
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM photos WHERE sha256 = ?", (sha256,))

    def pending(self) -> set[str]:
        """
        Those the cloud has not got.
        """
        with self._database.reading() as connection:
            return {row["sha256"] for row in connection.execute("SELECT sha256 FROM photos")}

    def fulfil(self, granted: PhotoGranted, *, now: datetime, upload: Upload = put) -> None:
        """
        Put one photograph where the grant says. A late grant (`now` is wall time, as in request signatures), or one
        never asked for, does nothing; `UnableToUploadError`.
        """
        if granted.sha256 not in self.pending():
            return
        if granted.url is None:
            self.done(granted.sha256)
            return
        if now >= granted.expires_at:
            return
        try:
            body = self._path(granted.sha256).read_bytes()
        except OSError:
            self.done(granted.sha256)
            return
        upload(url=granted.url, body=body)
        self.done(granted.sha256)

    def keep_within(self, budget_bytes: int) -> int:
        """
        Delete the oldest photographs above the budget, those the cloud has before those it has not; tell how many unsent ones went.
        """
        found = [(file, file.stat()) for file in self._folder.glob("*.jpg")] if self._folder.is_dir() else []
        pending = self.pending()
        oldest = sorted(found, key=lambda pair: (pair[0].stem in pending, pair[1].st_mtime))
        total, lost = sum(status.st_size for _, status in found), 0
        for file, status in oldest:
            if total <= budget_bytes:
                break
            file.unlink(missing_ok=True)
            total -= status.st_size
            if file.stem in pending:
                lost += 1
                self.done(file.stem)
        return lost

    def _path(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.jpg"

    def _size(self, sha256: str) -> int | None:
        try:
            return self._path(sha256).stat().st_size
        except OSError:
            return None
