"""
When MiniStack is up, and whose signature its broker shows.
"""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

PAUSE_SECONDS: Final = 0.05


class UnableToStartError(RuntimeError):
    """
    MiniStack did not come up in time.
    """


def is_ready(*, endpoint: str) -> bool:
    """
    Tell whether both the HTTP port and the MQTT port are served.
    """
    try:
        with urllib.request.urlopen(f"{endpoint}/_ministack/ready", timeout=1) as answer:
            return bool(json.load(answer).get("iot_mtls") == "listening")
    except (OSError, ValueError):
        return False


def wait_until_ready(*, endpoint: str, seconds: float = 20) -> None:
    """
    Return once MiniStack serves both ports; `UnableToStartError` after the given time.
    """
    deadline = time.monotonic() + seconds
    while not is_ready(endpoint=endpoint):
        if time.monotonic() > deadline:
            raise UnableToStartError(f"MiniStack at {endpoint} is not ready after {seconds} s")
        time.sleep(PAUSE_SECONDS)


def authority_of(*, endpoint: str, directory: Path) -> Path:
    """
    Save the certificate (PEM) that signed the broker's, for devices to trust; rewritten only when it differs.
    """
    path = directory / "ca.pem"
    with urllib.request.urlopen(f"{endpoint}/_ministack/iot/ca.pem", timeout=5) as answer:
        pem = answer.read().decode("ascii")
    if not path.exists() or path.read_text() != pem:
        draft = path.with_suffix(".draft")
        draft.write_text(pem)
        draft.replace(path)
    return path
