"""
A process kept alive: started again within half a second of its death, whatever killed it; gone with the supervisor.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from local.greengrass import leash

RESTART_S: Final = 0.1
QUICK_DEATH_S: Final = 2.0
MOST_WAIT_S: Final = 2.0
STOP_S: Final = 8.0
LEASH: Final = Path(leash.__file__)


class Child:
    """
    One part of the local system. `after_restart` runs after each start but the first.
    """

    def __init__(
        self,
        *,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        inherited: Sequence[int] = (),
        after_restart: Callable[[], None] | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._log = log
        self._inherited = inherited
        self._after_restart = after_restart
        self._changed = changed
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._started = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name=f"keep-{name}", daemon=True)
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        """
        Give the running process's id.
        """
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """
        Start it and keep it.
        """
        started = self._started
        self._thread.start()
        started.wait()

    def stop(self) -> None:
        """
        Ask it to end, wait, then end it.
        """
        with self._starting:
            self._stopping.set()
            process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._thread.is_alive():
            self._thread.join(timeout=STOP_S)

    def _spawn(self) -> bool:
        """
        Start the process, unless it is to stay stopped or the machine refuses one more; tells whether it did.
        """
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._starting, self._log.open("ab") as log:
            if self._stopping.is_set():
                return False
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *self._command],
                    env=dict(self._environment),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    pass_fds=tuple(self._inherited),
                    start_new_session=True,
                )
            except OSError as error:
                log.write(f"{self.name} could not be started: {error}\n".encode())
                return False
        self._changed()
        return True

    def _keep(self) -> None:
        # the kernel's leash is tied to the thread that started a process: this one lives as long as the supervisor
        self._spawn()
        self._started.set()
        wait = RESTART_S
        while not self._stopping.is_set():
            process, since = self._process, time.monotonic()
            if process is not None:
                process.wait()
            wait = min(MOST_WAIT_S, wait * 2) if time.monotonic() - since < QUICK_DEATH_S else RESTART_S
            if self._stopping.wait(wait):
                return
            self.restarts += 1
            if self._spawn() and self._after_restart is not None:
                # beside this thread, which must see the process die again meanwhile
                threading.Thread(target=self._follow_up, args=(self._process,), name=f"after-{self.name}", daemon=True).start()

    def _follow_up(self, process: subprocess.Popen[bytes]) -> None:
        """
        Do what must follow a restart, again and again until it is done or the process has died once more.
        """
        while self._after_restart is not None and process.poll() is None and not self._stopping.is_set():
            try:
                self._after_restart()
            except Exception as error:  # whatever it was: without its follow-up the process is up in vain
                with self._log.open("ab") as log:
                    log.write(f"after the restart of {self.name}: {type(error).__name__}: {error}\n".encode())
                self._stopping.wait(RESTART_S)
            else:
                return
