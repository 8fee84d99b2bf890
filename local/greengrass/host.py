"""
One checkpoint's gateway on this machine: its components, their IPC socket, its line to IoT Core and its control port, put together.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import hmac
import logging
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Final

from iot.kit.clock import BusinessClock
from local.greengrass import components, ipc
from local.greengrass.bus import Bus
from local.greengrass.configuration import HostConfiguration
from local.greengrass.control import Answer, ControlServer
from local.greengrass.drain import Drain
from local.greengrass.keeper import Keeper
from local.greengrass.lanes import Lanes
from local.greengrass.network import Network
from local.greengrass.operations import ComponentOperations
from local.greengrass.routes import Routes
from local.greengrass.uplink import Uplink

LONGEST_SOCKET_PATH: Final = 100
"""The kernel allows 107 bytes."""

KEY_PAUSE_SECONDS: Final = 0.2

logger = logging.getLogger(__name__)


class AlreadyRunningError(RuntimeError):
    """
    Another host serves this state folder.
    """


class Host:
    """
    Everything of one gateway, within one event loop.
    """

    def __init__(self, site: HostConfiguration) -> None:
        self._site = site
        self._socket = socket_path(site.state_dir)
        self.bus = Bus()
        self.uplink = Uplink(site.mqtt, thing=site.thing)
        self.network = Network(self.uplink, file=site.state_dir / "network-cut")
        clock = BusinessClock(offset_file=site.clock_file)
        lanes = Lanes(tuple(lane.id for lane in site.lanes), bus=self.bus, spool=site.spool_dir, clock=clock)
        self._routes = Routes(lanes=lanes, network=self.network, drain=Drain(bus=self.bus, uplink=self.uplink), status=self.status)
        deployed = [components.deploy(folder, site=site) for folder in site.components]
        self.keepers = [Keeper(component, socket=self._socket, logs=site.state_dir / "logs") for component in deployed]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[int]:
        """
        Run everything while the block runs; yields the control port. Components end with it.
        """
        server = await ipc.serve(self._socket, self.admit)
        control = ControlServer(port=self._site.control_port, respond=self._routes.respond)
        self.network.resume()
        kept = [asyncio.create_task(keeper.keep()) for keeper in self.keepers]
        control.start()
        try:
            yield control.port
        finally:
            await asyncio.to_thread(control.stop)
            for task in kept:
                task.cancel()
            await asyncio.gather(*kept, return_exceptions=True)
            server.close()
            with contextlib.suppress(TimeoutError):
                await self.uplink.stop()

    def admit(self, token: str) -> ipc.Operations | None:
        """
        Tell which component shows this token.
        """
        for keeper in self.keepers:
            if hmac.compare_digest(keeper.component.token.encode(), token.encode()):
                keeper.arrived()
                return ComponentOperations(keeper, bus=self.bus, uplink=self.uplink)
        return None

    def status(self) -> Answer:
        """
        Say what runs: `{checkpoint, thing, connected, network, components: [{name, component, pid, restarts, state}]}`.
        """
        return {
            "checkpoint": self._site.checkpoint,
            "thing": self._site.thing,
            "connected": self.uplink.connected.is_set(),
            "network": self.uplink.wanted,
            "components": [
                {
                    "name": keeper.component.folder,
                    "component": keeper.component.recipe.name,
                    "pid": keeper.pid,
                    "restarts": keeper.restarts,
                    "state": keeper.reported_state,
                }
                for keeper in self.keepers
            ],
        }


async def until_keyed(site: HostConfiguration) -> None:
    """
    Return once the file with the key that vouches for admissions is there, if one is to be expected.
    """
    file = site.admissions_key_file
    while file is not None and not await asyncio.to_thread(file.exists):  # noqa: ASYNC110 - a file rings no bell
        await asyncio.sleep(KEY_PAUSE_SECONDS)


def socket_path(state: Path) -> Path:
    """
    Place the IPC socket in the state folder, or where that name is too long for a socket in the system's temporary folder.
    """
    path = state / "ipc.socket"
    if len(str(path)) <= LONGEST_SOCKET_PATH:
        return path
    return Path(tempfile.gettempdir()) / f"gateway-{hashlib.sha256(str(state).encode()).hexdigest()[:16]}.socket"


def lock(state: Path) -> IO[str]:
    """
    Take the state folder for this process; the kernel gives it back when the process ends. `AlreadyRunningError`.
    """
    (state / "logs").mkdir(parents=True, exist_ok=True)
    file = (state / "host.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise AlreadyRunningError(f"{state} is served by another host") from error
    return file
