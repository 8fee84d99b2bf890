"""
`python -m local.engines fetch` brings the engine; `python -m local.engines serve --port P --state DIR` becomes it.
"""

import argparse
import os
from pathlib import Path

from local.engines import package
from local.engines.engine import engine_command


def main() -> None:
    """
    Fetch the engine, or replace this process with it, so that its parent watches the real one.
    """
    parser = argparse.ArgumentParser(prog="python -m local.engines", description=__doc__)
    doors = parser.add_subparsers(dest="door", required=True)
    doors.add_parser("fetch", help="bring the engine's package into .cache/engines")
    serve = doors.add_parser("serve", help="serve DynamoDB on loopback")
    serve.add_argument("--port", type=int, required=True)
    serve.add_argument("--state", type=Path, help="folder of its file; without it everything is in memory")
    asked = parser.parse_args()
    try:
        if asked.door == "fetch":
            print(package.fetch() if package.runs_here() else "no binary for this machine: MiniStack's DynamoDB will serve")
            return
        state = asked.state.resolve() if asked.state else None
        if state is not None:
            state.mkdir(parents=True, exist_ok=True)
        command = engine_command(port=asked.port, state=state)
    except package.EngineUnavailableError as error:
        parser.exit(1, f"{error}\n")
    os.execv(command[0], command)  # noqa: S606  no shell is wanted


if __name__ == "__main__":
    main()
