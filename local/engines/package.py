"""
The DynamoDB engine's package: fetched once by npm's own client, believed only by its pinned hash, kept in `.cache/engines/`.
"""

import base64
import hashlib
import io
import platform
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Final

NAME: Final = "@dynoxide/linux-x64"
VERSION: Final = "1.2.1"
INTEGRITY: Final = "sha512-sBHqlxJ9ANkLluFkYRfd5r8Y0ApFew4FhOrlhgRAgD4XzEoFOukEo1nuBTQ1+jTtofqwn4NWQ2k0Tn5mNTjgUg=="
MEMBER: Final = "package/dynoxide"
CACHE: Final = Path(__file__).resolve().parents[2] / ".cache" / "engines"
TRIES: Final = 3
FETCH_TIMEOUT_S: Final = 120


class EngineUnavailableError(Exception):
    """
    The engine's package cannot be had, or is not what was pinned.
    """


def runs_here() -> bool:
    """
    Tell whether the pinned binary runs on this machine: it is a static one for Linux on x86-64.
    """
    return platform.system() == "Linux" and platform.machine() in {"x86_64", "AMD64"}


def binary(cache: Path = CACHE) -> Path:
    """
    Say where the engine's binary lies once fetched; the version in its name makes a new pin a new file.
    """
    return cache / f"dynoxide-{VERSION}"


def fetch(cache: Path = CACHE) -> Path:
    """
    Give the engine's binary, fetched and verified unless it is there. Raises `EngineUnavailableError`.
    """
    target = binary(cache)
    if target.exists():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as directory:
        draft = Path(directory) / "dynoxide"
        draft.write_bytes(unpack(_pack(Path(directory))))
        draft.chmod(0o755)
        draft.replace(target)  # whole or not at all, whoever else fetches at the same time
    return target


def unpack(archive: bytes) -> bytes:
    """
    Take the binary out of the package after comparing the package with its pinned hash.
    """
    algorithm, _, expected = INTEGRITY.partition("-")
    if base64.b64encode(hashlib.new(algorithm, archive).digest()).decode() != expected:
        raise EngineUnavailableError(f"{NAME}@{VERSION} is not the package that was pinned")
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as package:
        member = package.extractfile(MEMBER)
        if member is None:
            raise EngineUnavailableError(f"{NAME}@{VERSION} has no {MEMBER}")
        return member.read()


def _pack(directory: Path) -> bytes:
    npm = shutil.which("npm")
    if npm is None:
        raise EngineUnavailableError("npm is not on PATH (`make setup` brings one)")
    command = [npm, "pack", f"{NAME}@{VERSION}", "--loglevel=error", "--pack-destination", str(directory)]
    said = ""
    for _ in range(TRIES):
        try:
            done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=FETCH_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            said = f"npm took longer than {FETCH_TIMEOUT_S} s"
            continue
        found = sorted(directory.glob("*.tgz"))
        if done.returncode == 0 and found:
            return found[0].read_bytes()
        said = done.stderr.strip()[-500:]
    raise EngineUnavailableError(f"npm could not fetch {NAME}@{VERSION}: {said}")
