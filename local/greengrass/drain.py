"""
Asks the gate to send what it holds, until the cloud has acknowledged all of it.
"""

import asyncio
import contextlib
import time
import uuid
from typing import Final

from local.greengrass.bus import Bus, Document, Subscription
from local.greengrass.lanes import HOST, content
from local.greengrass.uplink import Uplink

REQUEST: Final = "gate/drain/request"
REPORT: Final = "gate/drain/report"
PATIENCE_SECONDS: Final = 10.0
ASK_AGAIN_SECONDS: Final = 0.1
ANSWER_SECONDS: Final = 1.0


class NoReportError(TimeoutError):
    """
    The gate did not say how much it holds.
    """


class Drain:
    """
    The gate answers `{"id": …}` with `{"id": …, "pending": n}`: n journal entries are not acknowledged yet.
    """

    def __init__(self, *, bus: Bus, uplink: Uplink) -> None:
        self._bus = bus
        self._uplink = uplink
        self._waiting: dict[str, asyncio.Future[int]] = {}
        bus.subscribe(Subscription(filter=REPORT, owner=HOST, deliver=self._reported))

    async def run(self) -> int:
        """
        Return how many entries are left: 0, or what is left after 10 s; at once where the network is cut on purpose.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        pending: int | None = None
        while pending != 0 and time.monotonic() < deadline:
            with contextlib.suppress(TimeoutError):
                pending = await self._ask()
            if pending is not None and not self._uplink.wanted:
                break
            if pending:
                await asyncio.sleep(ASK_AGAIN_SECONDS)
        if pending is None:
            raise NoReportError("the gate does not answer")
        return pending

    async def _ask(self) -> int:
        question = uuid.uuid4().hex
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[question] = answer
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._bus.until_heard(REQUEST)
                self._bus.publish(REQUEST, {"jsonMessage": {"message": {"id": question}}}, by=HOST)
                return await answer
        finally:
            del self._waiting[question]

    def _reported(self, _: str, document: Document) -> None:
        report = content(document)
        if not isinstance(report, dict) or not isinstance(report.get("pending"), int):
            return
        waiting = self._waiting.get(str(report.get("id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(report["pending"])
