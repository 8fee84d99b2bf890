"""
The whole system as its operator starts it: `python -m local.supervisor`, in a process of its own, seen over HTTP and MQTT alone.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import httpx

from local.greengrass import leash
from local.story.door import Door
from local.supervisor.layout import ROOT, Layout, free_port

START_S = 120.0
STOP_S = 40.0


class Running:
    """
    One state folder and the system that runs on it. Started again, it is the same system.
    """

    def __init__(self, *, state, port):
        self.state = state
        self.port = port
        self.process = None
        self.log = state.parent / "supervisor.log"

    @property
    def base(self):
        """
        The address of API and pages.
        """
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, wait=True):
        """
        Start it, and return after how many seconds it was up.
        """
        environment = {**os.environ, "STATE": str(self.state), "PORT": str(self.port), "STORY": "0", "TRAFFIC": "0"}
        since, mark = time.monotonic(), self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            # the leash ends it with this process, so that an interrupted test run leaves nothing behind
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), sys.executable, "-m", "local.supervisor"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while wait and "running:" not in self.said(mark):
            assert self.process.poll() is None, self.said(mark)
            assert time.monotonic() - since < START_S, self.said(mark)
            time.sleep(0.1)
        return time.monotonic() - since

    def said(self, since=0):
        """
        What it printed.
        """
        return self.log.read_bytes()[since:].decode()

    def stop(self, number=signal.SIGINT):
        """
        End it as Ctrl-C does: its exit status.
        """
        self.process.send_signal(number)
        return self.process.wait(STOP_S)

    def door(self):
        """
        A client without a token.
        """
        return Door(self.base, http=httpx.Client(timeout=90))

    def info(self):
        """
        `GET /local/info`.
        """
        return httpx.get(f"{self.base}/local/info", timeout=30).json()

    def layout(self):
        """
        The ports it chose.
        """
        return Layout.read(state=self.state)

    def processes(self):
        """
        Process ids by name.
        """
        return {item["name"]: item["pid"] for item in self.info()["processes"]}


@cache
def running():
    """
    The one system of this test process, started at the first question; whoever started it stops it with `end`.
    """
    folder = Path(tempfile.mkdtemp(prefix="queue-"))
    system = Running(state=folder / "state", port=free_port())
    system.start()
    httpx.put(f"{system.base}/local/limits", json={"factor": 1000}, timeout=10).raise_for_status()
    return system


def end():
    """
    Stop the system of this test process, if there is one, and forget its state (KEEP_STATE=1 keeps it, with all logs).
    """
    if running.cache_info().currsize:
        system = running()
        running.cache_clear()
        try:
            if system.process.poll() is None:
                system.stop()
        finally:
            if not os.environ.get("KEEP_STATE"):
                shutil.rmtree(system.state.parent, ignore_errors=True)
