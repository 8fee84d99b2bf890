"""
Kills or freezes processes of the running system at random moments, one after another, several at once.
"""

import contextlib
import os
import signal
import threading
import time

import httpx

from tests.journey.chaos import VICTIMS

LONGEST_FREEZE_S = 4.0


class Storm:
    """
    A block during which every `pause` seconds at most a process is hit: killed, or frozen for up to four seconds. `hits` counts.
    """

    def __init__(self, system, *, chance, pause, freeze=False):
        self._system, self._chance, self._pause, self._freeze = system, chance, pause, freeze
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._rage, daemon=True)
        self.hits = 0

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _rage(self):
        while not self._over.wait(self._chance.uniform(0, self._pause)):
            with contextlib.suppress(httpx.HTTPError, KeyError, ValueError, ProcessLookupError):
                pid = self._system.processes()[self._chance.choice(VICTIMS)]
                self._hit(pid)
                self.hits += 1

    def _hit(self, pid):
        if not self._freeze:
            os.kill(pid, signal.SIGKILL)
            return
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(self._chance.uniform(0.2, LONGEST_FREEZE_S))
        finally:
            os.kill(pid, signal.SIGCONT)
