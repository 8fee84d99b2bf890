"""
Cameras and networks of checkpoints: a picture or a reading goes to the gateway's host, which is started where none runs yet.
"""

import asyncio
from typing import Any, Final

from chalicelib.api.problems import ProblemError
from chalicelib.domain.decisions import Code
from chalicelib.jurisdictions import jurisdiction
from local.front.machine.link import Link
from local.front.machine.runtime import Runtime
from local.front.machine.schemas import ReadingRequest

DECISION_SECONDS: Final = 16.0
START_SECONDS: Final = 60.0


class Gates:
    """
    All checkpoints' gateways, as far as this machine runs them.
    """

    def __init__(self, *, runtime: Runtime, link: Link) -> None:
        self._runtime = runtime
        self._link = link
        self._starting: dict[str, asyncio.Lock] = {}

    async def show(self, *, checkpoint: str, lane: str, picture: bytes) -> dict[str, Any]:
        """
        Put a picture in front of a lane's camera and wait for the gateway's decision.
        """
        control = await self._control(checkpoint, lane)
        return await self._link.ask("POST", f"{control}/lanes/{lane}/frame", content=picture, seconds=DECISION_SECONDS)

    async def read(self, *, checkpoint: str, lane: str, reading: ReadingRequest) -> dict[str, Any]:
        """
        Give a reading as if from a lane's reader and wait for the gateway's decision.
        """
        control = await self._control(checkpoint, lane)
        document = reading.model_dump(mode="json", exclude_none=True)
        return await self._link.ask("POST", f"{control}/lanes/{lane}/reading", document=document, seconds=DECISION_SECONDS)

    async def connect(self, *, checkpoint: str, connected: bool) -> dict[str, Any]:
        """
        Cut a checkpoint's gateway off the cloud, or let it back.
        """
        control = await self._control(checkpoint)
        return await self._link.ask("POST", f"{control}/network", document={"connected": connected}, seconds=DECISION_SECONDS)

    async def _control(self, checkpoint: str, lane: str | None = None) -> str:
        known = jurisdiction().checkpoint(checkpoint)
        if known is None or (lane is not None and known.lane(lane) is None):
            raise ProblemError.because(Code.NOT_FOUND)
        return self._runtime.gateway(checkpoint) or await self._started(checkpoint)

    async def _started(self, checkpoint: str) -> str:
        async with self._starting.setdefault(checkpoint, asyncio.Lock()):
            if self._runtime.gateway(checkpoint) is None:
                url = f"{self._runtime.url('runner')}/gateways/{checkpoint}"
                told = await self._link.ask("POST", url, document={}, seconds=START_SECONDS)
                if isinstance(told.get("control"), str):
                    return str(told["control"]).rstrip("/")
        control = self._runtime.gateway(checkpoint)
        if control is None:
            raise ProblemError.because(Code.DEPENDENCY_DOWN)
        return control
