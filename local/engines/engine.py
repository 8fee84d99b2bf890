"""
A DynamoDB engine as a process of ours on loopback: in memory for tests, on disk where nothing may be lost.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, Self

from local.engines import package

LOOPBACK: Final = "127.0.0.1"
START_S: Final = 20.0
STOP_S: Final = 10.0
FILE: Final = "dynamodb.sqlite"


class EngineNotStartedError(Exception):
    """
    The engine ended, or did not answer in time.
    """


def engine_command(*, port: int, state: Path | None) -> list[str]:
    """
    Spell the command of the engine: dynoxide, or MiniStack's DynamoDB where dynoxide's binary does not run (it keeps nothing over a restart).

    `state` is the folder its file lies in; none: in memory.
    """
    if not package.runs_here():
        folder = state or Path(os.environ.get("TMPDIR", "/tmp")) / f"ministack-{port}"  # noqa: S108  only where no folder was asked for
        return [sys.executable, "-m", "local.ministack", "--port", str(port), "--mqtt-port", str(free_port()), "--state", str(folder)]
    command = [str(package.fetch()), "serve", "--host", LOOPBACK, "--port", str(port)]
    return command if state is None else [*command, "--db-path", str(state / FILE)]


def free_port() -> int:
    """
    Find a port that is free now.
    """
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class Engine:
    """
    One engine process; a context manager that ends what it started. It can be killed and started again on the same port.
    """

    def __init__(self, *, state: Path | None = None, port: int | None = None) -> None:
        self.port = port or free_port()
        self.state = state
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """
        Spell its endpoint.
        """
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        """
        Give the engine's process id. Raises `EngineNotStartedError` before the start.
        """
        if self._process is None:
            raise EngineNotStartedError
        return self._process.pid

    def start(self) -> None:
        """
        Start it and wait until it answers; raises `EngineNotStartedError`.
        """
        if self.state is not None:
            self.state.mkdir(parents=True, exist_ok=True)
        command = engine_command(port=self.port, state=self.state)
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise EngineNotStartedError(f"{command[0]} on port {self.port}")
            time.sleep(0.01)

    def stop(self) -> None:
        """
        Ask it to end, and see to it.
        """
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """
        Take its power away, as a crash does.
        """
        self._end(signal.SIGKILL)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _end(self, with_: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(with_)
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=1)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/")
            connection.getresponse().read()
            return True
        return False
