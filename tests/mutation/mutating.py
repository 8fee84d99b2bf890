"""
Mutates a package in a copy of the project and runs its tests against every mutant. `python -m tests.mutation.mutating` lists survivors.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.tidy.tree import ROOT, files

CONFIGURATION = """
[tool.pytest.ini_options]
addopts = "--strict-markers -p no:cacheprovider"
markers = ["slow", "rule"]

[tool.mutmut]
source_paths = ["chalicelib/domain/"]
pytest_add_cli_args_test_selection = ["tests/domain/"]
pytest_add_cli_args = ["-p", "tests.mutation.profile", "-p", "no:unraisableexception", "-p", "no:threadexception", "--assert=plain", "-m", "not slow"]
also_copy = ["chalicelib", "tests", "local"]
"""
"""What the tests of the domain need, and nothing of the suite's own settings; no garbage collected, no failure explained: a mutant's run lasts milliseconds."""
MOST_SECONDS = 3000


@dataclass(frozen=True)
class Score:
    """
    How many mutants there were and were noticed, and the names of those that lived.
    """

    mutants: int
    killed: int
    survivors: tuple[str, ...]

    @property
    def percent(self):
        """
        Noticed ones of a hundred; one that no test reaches lives.
        """
        return 100 * self.killed / self.mutants


def copied(to: Path):
    """
    Lay a copy of what the tests of the domain need into a folder.
    """
    for name in files():
        if name.startswith(("chalicelib/", "tests/", "local/")):
            target = to / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    (to / "pyproject.toml").write_text(CONFIGURATION)


def run(*command, folder: Path):
    """
    Run mutmut in the copy, where it finds only the copy's modules.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("mutmut")), *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=MOST_SECONDS,
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-3000:])
    return done.stdout


def score():
    """
    Mutate the domain and count.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copied(folder)
        run("run", "--max-children", str(os.cpu_count() or 1), folder=folder)
        run("export-cicd-stats", folder=folder)
        figures = json.loads((folder / "mutants" / "mutmut-cicd-stats.json").read_text())
        lived = sorted(line.strip() for line in run("results", folder=folder).splitlines() if ": survived" in line or ": no tests" in line)
    return Score(figures["total"], figures["killed"] + figures["timeout"] + figures.get("segfault", 0), tuple(lived))


if __name__ == "__main__":
    found = score()
    print("\n".join(found.survivors))  # noqa: T201
    print(f"{found.killed} of {found.mutants} mutants were noticed: {found.percent:.1f} %")  # noqa: T201
