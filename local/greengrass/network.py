"""
Cuts the gateway off the cloud and lets it back. A cut outlives a crash of the host, but not the system that made it.
"""

import asyncio
import contextlib
import os
from pathlib import Path
from typing import Final

from local.greengrass.uplink import Uplink

CONNECT_SECONDS: Final = 3.0


class Network:
    """
    The wish of whoever plays with the network, kept in a file that names the process above the host.
    """

    def __init__(self, uplink: Uplink, *, file: Path) -> None:
        self._uplink = uplink
        self._file = file

    def resume(self) -> None:
        """
        At the start: connect, unless this very system cut the gateway off before the host crashed.
        """
        if self._file.exists() and self._file.read_text() == str(os.getppid()):
            return
        self._file.unlink(missing_ok=True)
        self._uplink.start()

    async def set(self, *, connected: bool) -> bool:
        """
        Cut the connection, or connect; returns whether it stands now (the broker itself may be away: 3 s are waited for it).
        """
        if connected:
            self._file.unlink(missing_ok=True)
            self._uplink.start()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._uplink.connected.wait(), CONNECT_SECONDS)
        else:
            self._file.write_text(str(os.getppid()))
            await self._uplink.stop()
        return self._uplink.connected.is_set()
