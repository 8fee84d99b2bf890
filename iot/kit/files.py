"""
Files that readers never see half-written.
"""

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, text: str) -> None:
    """
    Replace a file's text in one step (write beside it, flush to disk, rename).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
