"""
`python -m bench`: every bench in turn, each printing its figures as ratios against something run beside it.

The front is measured on a whole system that is started for it in a temporary state.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from local.supervisor.layout import Layout, free_port
from local.supervisor.system import System


def run(*arguments: str) -> None:
    """
    Run one bench in a process of its own.
    """
    print(f"\npython -m {' '.join(arguments)}", flush=True)
    subprocess.run([sys.executable, "-m", *arguments], check=True)


def main() -> None:
    """
    Run them all.
    """
    run("bench.store")
    run("bench.verification")
    run("bench.steps", "--quick")
    run("bench.barrier", "--trucks", "40")
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout.find(state=Path(folder) / "state", port=free_port())
        system = System(layout, tell=lambda line: print(f"  {line}", flush=True))
        try:
            system.start()
            httpx.put(f"{layout.front}/local/limits", json={"factor": 1000}).raise_for_status()
            run("bench.front", "--url", layout.front)
        finally:
            system.stop()


if __name__ == "__main__":
    main()
