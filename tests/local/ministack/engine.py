"""
A MiniStack of the tests' own: free ports, a temporary state folder, killable.
"""

import socket
import subprocess
import sys
from pathlib import Path

from local.ministack.waiting import wait_until_ready

ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    """
    A port that was free a moment ago.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Engine:
    """
    Starts, kills and starts again, on the same ports and the same state.
    """

    def __init__(self, state: Path) -> None:
        self.state = state
        self.port, self.mqtt_port = free_port(), free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """
        Start, and return once both ports are served.
        """
        self.state.mkdir(parents=True, exist_ok=True)
        arguments = ["--port", str(self.port), "--mqtt-port", str(self.mqtt_port), "--state", str(self.state)]
        with (self.state / "ministack.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local.ministack", *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        wait_until_ready(endpoint=self.endpoint, seconds=30)

    def kill(self) -> None:
        """
        SIGKILL: what it did not write is lost.
        """
        assert self.process is not None
        self.process.kill()
        self.process.wait()
