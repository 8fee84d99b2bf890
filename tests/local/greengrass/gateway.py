"""
The host as the supervisor runs it: a process, killed and started again.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[3]


class Gateway:
    """
    `python -m local.greengrass` and its control port.
    """

    def __init__(self, file, *, port):
        self.url = f"http://127.0.0.1:{port}"
        self._file = file
        self.process = None

    def start(self, *, connected=True):
        """
        Start, and return once its component runs and IoT Core is as expected.
        """
        with self._file.with_suffix(".log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local.greengrass", "--config", str(self._file)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.until(lambda status: status["connected"] is connected and status["components"][0]["state"] == "RUNNING")

    def status(self):
        """
        What the host says of itself, None while it is away.
        """
        try:
            return requests.get(f"{self.url}/status", timeout=5).json()
        except requests.ConnectionError:
            return None

    def until(self, holds, seconds=10):
        """
        Wait until the status is as wished, and give it.
        """
        deadline = time.monotonic() + seconds
        while True:
            status = self.status()
            if status is not None and holds(status):
                return status
            assert time.monotonic() < deadline, status
            time.sleep(0.02)

    def post(self, path, body):
        """
        Ask the control port; bytes as they are, anything else as JSON.
        """
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return requests.post(self.url + path, data=data, timeout=20)

    def kill(self):
        """
        SIGKILL.
        """
        self.process.kill()
        self.process.wait()

    def stop(self):
        """
        SIGTERM, as the supervisor does.
        """
        self.process.terminate()
        assert self.process.wait(10) == 0
