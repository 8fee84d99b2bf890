"""
`python -m infra.package`: what Lambda gets. One archive for the API and the steps, made by `chalice package` around wheels that pip took by hash.

Chalice alone would build whatever has no wheel for the old glibc of its list, and without hashes; so the wheels lie in `vendor/`, where it takes
them as they are, and no network is needed once they are there.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
BUILD: Final = ROOT / "build" / "lambda"
PYTHON: Final = "3.12"
"""Lambda's runtime: the first whose image (Amazon Linux 2023, glibc 2.34) runs today's wheels."""
PLATFORMS: Final = ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
REGION: Final = "eu-central-1"
"""Chalice wants a region before it writes a template in which none appears."""
STAGE: Final = "dev"
MOST_ZIPPED: Final = 50_000_000
MOST_UNZIPPED: Final = 250_000_000
LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "*.pyc")


class UnableToPackageError(Exception):
    """
    Pip or Chalice did not do its part; the message is what it said.
    """


@dataclass(frozen=True, slots=True)
class Package:
    """
    A finished package: the archive, Chalice's template beside it, and the Python it is for (`3.12`).
    """

    directory: Path
    python: str

    @property
    def archive(self) -> Path:
        """
        The code of every function.
        """
        return self.directory / "deployment.zip"

    @property
    def template(self) -> Path:
        """
        What Chalice says about the API: routes, memory, timeout, compression.
        """
        return self.directory / "sam.json"

    def sizes(self) -> tuple[int, int]:
        """
        Weigh it: bytes zipped and unzipped.
        """
        with zipfile.ZipFile(self.archive) as archive:
            return self.archive.stat().st_size, sum(entry.file_size for entry in archive.infolist())


def build(*, python: str = PYTHON, into: Path = BUILD, wheels: bool = True) -> Package:
    """
    Make the package for a Python version; `wheels=False` leaves the libraries out, where only the template is looked at. Raises `UnableToPackageError`.
    """
    place = into / (python if wheels else "bare")
    vendor = place / "vendor"
    if wheels:
        _ensure_wheels(vendor, python=python)
    project = _stage(place / "project", vendor=vendor if wheels else None)
    finished = Package(place / "package", python)
    shutil.rmtree(finished.directory, ignore_errors=True)
    chalice = [sys.executable, "-c", "import sys; from chalice.cli import main; sys.exit(main())"]
    options = ["--project-dir", str(project), "package", "--stage", STAGE, "--pkg-format", "cloudformation", str(finished.directory)]
    environment = {**os.environ, "AWS_DEFAULT_REGION": REGION, "PYTHONDONTWRITEBYTECODE": "1"}
    _run([*chalice, *options], cwd=project, environment=environment)
    return finished


def _ensure_wheels(vendor: Path, *, python: str) -> None:
    lock = ROOT / "requirements.txt"
    stamp = vendor.with_suffix(".lock")
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    shutil.rmtree(vendor, ignore_errors=True)
    target = ["--implementation", "cp", "--python-version", python, *(f"--platform={name}" for name in PLATFORMS)]
    trust = ["--require-hashes", "--no-deps", "--only-binary=:all:"]
    quiet = ["--quiet", "--no-compile", "--disable-pip-version-check", "--no-warn-conflicts"]
    pip = [sys.executable, "-m", "pip", "install", *quiet, *trust, *target, "--target", str(vendor), "--requirement", str(lock)]
    _run(pip, cwd=ROOT, environment=os.environ)
    shutil.rmtree(vendor / "bin", ignore_errors=True)  # scripts with the builder's paths in them
    stamp.write_text(digest)


def _stage(project: Path, *, vendor: Path | None) -> Path:
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir(parents=True)
    shutil.copy2(ROOT / "app.py", project)
    shutil.copytree(ROOT / "chalicelib", project / "chalicelib", ignore=LEFT_OUT)
    shutil.copytree(ROOT / ".chalice", project / ".chalice", ignore=shutil.ignore_patterns("deployments", "deployed"))
    shutil.copytree(ROOT / "functions", project / "vendor" / "functions", ignore=LEFT_OUT)
    for entry in sorted(vendor.iterdir()) if vendor else ():
        (project / "vendor" / entry.name).symlink_to(entry)
    return project


def _run(command: list[str], *, cwd: Path, environment: "os._Environ[str] | dict[str, str]") -> None:
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UnableToPackageError(f"{command[1:4]}: {(done.stderr or done.stdout).strip()[-2000:]}")


def main() -> None:
    """
    Build, weigh, and refuse what Lambda would refuse.
    """
    parser = argparse.ArgumentParser(prog="python -m infra.package", description=__doc__)
    parser.add_argument("--python", default=PYTHON, help="Python of the runtime (default %(default)s)")
    asked = parser.parse_args()
    try:
        finished = build(python=asked.python)
    except UnableToPackageError as error:
        parser.exit(1, f"{error}\n")
    zipped, unzipped = finished.sizes()
    print(f"{finished.archive.relative_to(ROOT)}: {zipped / 1e6:.1f} MB zipped, {unzipped / 1e6:.1f} MB unzipped, Python {finished.python}")
    if zipped > MOST_ZIPPED or unzipped > MOST_UNZIPPED:
        parser.exit(1, f"too large: at most {MOST_ZIPPED / 1e6:.0f} MB zipped and {MOST_UNZIPPED / 1e6:.0f} MB unzipped\n")


if __name__ == "__main__":
    main()
