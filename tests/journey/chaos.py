"""
Kills processes of the running system by SIGKILL, and measures how long each is missed.
"""

import contextlib
import os
import signal
import socket
import threading
import time
from urllib.parse import urlsplit

import httpx

from tests.journey.checkpoint import NAME

VICTIMS = (
    "dynamodb",
    "cloud",
    "registers",
    "payments",
    "runner",
    "front",
    f"gateway:{NAME}",
    f"plate_reader:{NAME}",
    f"gate:{NAME}",
    f"board:{NAME}",
)
BACK_S = 5.0
LOADED = 6.0
"""On a machine with more than this load average a restart may take twice as long: the figure is the system's, not the neighbors'."""
GIVE_UP_S = 30.0
LATEST_BLOW_S = 0.4


def allowed_s():
    """
    How long a killed process may be away.
    """
    return BACK_S * (2 if os.getloadavg()[0] > LOADED else 1)


class Kill:
    """
    One process killed as the block begins, or a moment into it; `seconds` is how long until it was announced anew and answered.
    """

    def __init__(self, system, name, *, chance):
        self.name = name
        self.seconds = None
        self._system = system
        self._delay = chance.choice((0, chance.uniform(0, LATEST_BLOW_S)))
        self._client = httpx.Client(timeout=5)
        self._info = system.info()
        # the runner is asked for its port, not for its clock: a leap that the story asked for again may be under way
        self._ports = {
            "cloud": self._info["mqtt"]["port"],
            "registers": urlsplit(self._info["registers"]).port,
            "runner": system.layout().ports["runner"],
        }
        # a gateway's components go with it, and it is not back without them
        self._old = {
            item["name"]: item["pid"]
            for item in self._info["processes"]
            if item["name"] == name or (name == f"gateway:{NAME}" and item["name"].endswith(f":{NAME}"))
        }
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        if not self._delay:
            os.kill(self._old[self.name], signal.SIGKILL)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join(GIVE_UP_S + 10)
        self._client.close()

    def _run(self):
        if self._delay:
            time.sleep(self._delay)
            os.kill(self._old[self.name], signal.SIGKILL)
        since = time.monotonic()
        while time.monotonic() - since < GIVE_UP_S:
            if self._announced() and self._answers():
                self.seconds = time.monotonic() - since
                return
            time.sleep(0.05)

    def _announced(self):
        with contextlib.suppress(httpx.HTTPError, KeyError, ValueError):
            processes = self._client.get(f"{self._system.base}/local/info").json()["processes"]
            now = {item["name"]: item["pid"] for item in processes}
            return all(now.get(name, pid) != pid for name, pid in self._old.items())
        return False

    def _answers(self):
        """
        Ask the part itself, where it has a door; components prove themselves in the story.
        """
        with contextlib.suppress(httpx.HTTPError, OSError):
            kind = self.name.partition(":")[0]
            if kind in {"dynamodb", "payments"}:
                url = self._info["dynamodb"] if kind == "dynamodb" else self._info["payment"]["base_url"]
                return bool(self._client.get(url).status_code)
            if kind in {"cloud", "registers", "runner"}:
                socket.create_connection(("127.0.0.1", self._ports[kind]), timeout=2).close()
                return True
            if kind == "gateway":
                return self._client.post(f"{self._system.base}/local/checkpoints/{NAME}/network", json={"connected": True}).is_success
            return self._client.get(f"{self._system.base}/v1/health").is_success
        return False
