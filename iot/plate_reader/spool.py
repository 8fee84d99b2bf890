"""
A lane's camera as a folder: pictures appear in it by renaming, leave it when they were reported, and survive a crash in between.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MOST_ATTEMPTS: Final = 2


@dataclass(frozen=True, slots=True)
class SpoolFile:
    """
    One waiting file. `frame` is its name without ending; `taken_at` is when the camera wrote it (wall clock, seconds); `size` in bytes.
    """

    path: Path
    frame: str
    size: int
    taken_at: float
    regular: bool


class Spool:
    """
    The waiting files of one lane. Names that begin with a dot are still being written.
    """

    def __init__(self, *, folder: Path, attempts: Path) -> None:
        self._folder = folder
        self._attempts = attempts
        self._stuck: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)
        attempts.mkdir(parents=True, exist_ok=True)

    def first(self) -> SpoolFile | None:
        """
        The first waiting file by name.
        """
        with os.scandir(self._folder) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith(".") and entry.name not in self._stuck)
        return next(self._files(names), None)

    def begin(self, file: SpoolFile) -> bool:
        """
        Note that this file is about to be read. False for one whose reading ended the process twice: it shall not do so for ever.
        """
        note = self._note(file)
        attempts = note.stat().st_size if note.exists() else 0
        if attempts >= MOST_ATTEMPTS:
            return False
        with note.open("ab") as written:
            written.write(b".")
        return True

    def done(self, file: SpoolFile) -> None:
        """
        Take a reported file away. One that cannot be removed is not offered again while the process lives.
        """
        try:
            file.path.unlink(missing_ok=True)
        except OSError:
            self._stuck.add(file.path.name)
        self._note(file).unlink(missing_ok=True)

    def again(self, file: SpoolFile) -> None:
        """
        Forget the attempt: the file was read well, but could not be reported yet.
        """
        self._note(file).unlink(missing_ok=True)

    def _files(self, names: list[str]) -> Iterator[SpoolFile]:
        for name in names:
            path = self._folder / name
            try:
                status = path.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if path.is_dir() and not path.is_symlink():
                self._stuck.add(name)
                continue
            frame = path.stem.encode("utf-8", "replace").decode()
            yield SpoolFile(path, frame, status.st_size, status.st_mtime, regular=path.is_file() and not path.is_symlink())

    def _note(self, file: SpoolFile) -> Path:
        return self._attempts / file.path.name
