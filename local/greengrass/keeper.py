"""
Keeps a component's process running: started again within a second whenever it ends, whatever ended it.
"""

import asyncio
import contextlib
import logging
import os
import signal
import time
from pathlib import Path
from typing import Final

from local.greengrass.components import Component

FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 0.8
HEALTHY_AFTER_SECONDS: Final = 10.0
GRACE_SECONDS: Final = 3.0
LARGEST_LOG_BYTES: Final = 5_000_000

logger = logging.getLogger(__name__)


class Keeper:
    """
    One component's process, its restarts and its log file `<logs>/<folder>.log`.
    """

    def __init__(self, component: Component, *, socket: Path, logs: Path) -> None:
        self.component = component
        self.restarts = 0
        self.reported_state = "STARTING"
        self._socket = socket
        self._log = logs / f"{component.folder}.log"
        self._process: asyncio.subprocess.Process | None = None
        self._pause = FIRST_PAUSE_SECONDS

    @property
    def pid(self) -> int | None:
        """
        The process id while it runs.
        """
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    def arrived(self) -> None:
        """
        Note that the process has found its socket: it counts as running unless it says more of itself.
        """
        if self.reported_state == "STARTING":
            self.reported_state = "RUNNING"

    async def keep(self) -> None:
        """
        Start the process and start it again whenever it ends, until cancelled; then end its whole group.
        """
        try:
            while True:
                started = time.monotonic()
                code = await self._run()
                self.reported_state = "BROKEN"
                self.restarts += 1
                healthy = time.monotonic() - started > HEALTHY_AFTER_SECONDS
                self._pause = FIRST_PAUSE_SECONDS if healthy else min(self._pause * 2, LONGEST_PAUSE_SECONDS)
                logger.warning("%s ended with %s; again in %.1f s", self.component.folder, code, self._pause)
                await asyncio.sleep(self._pause)
        finally:
            await self._end()

    async def _run(self) -> int | OSError:
        """
        Run the process once; what it ended with, or why it could not be started.
        """
        self.reported_state = "STARTING"
        try:
            process = await self._start()
        except OSError as error:
            return error
        code = await process.wait()
        self._signal(process.pid, signal.SIGKILL)  # what the process itself may have left in its group
        return code

    async def _start(self) -> asyncio.subprocess.Process:
        self._rotate()
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.component.command(),
                env=self.component.environment(socket=self._socket),
                cwd=self.component.directory,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self._process

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        self._signal(process.pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE_SECONDS)
        self._signal(process.pid, signal.SIGKILL)
        await process.wait()

    def _rotate(self) -> None:
        if self._log.exists() and self._log.stat().st_size > LARGEST_LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))

    @staticmethod
    def _signal(group: int, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, number)
