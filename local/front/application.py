"""
The front as one ASGI application: the API, what exists on one machine only, and the pages.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from chalicelib import observability
from chalicelib.api.problems import fault_response
from chalicelib.domain.decisions import Code
from local.front.bridge import REQUEST_SECONDS, UPLOAD_LIMIT, Bridge
from local.front.http import (
    CLOSE,
    BodyTooLargeError,
    ClientGoneError,
    HttpReply,
    HttpRequest,
    Receive,
    Scope,
    Send,
    problem_reply,
    read_body,
    read_head,
    write,
)
from local.front.machine.service import Machine
from local.front.pages import Pages

MACHINE_PREFIX: Final = "/local/"


@dataclass(frozen=True, slots=True)
class Front:
    """
    Everything behind one port.
    """

    bridge: Bridge
    machine: Machine
    pages: Pages
    body_seconds: float = REQUEST_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Serve one connection's request, as ASGI asks.
        """
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            request = read_head(scope)
            try:
                reply = await self._answer(request, receive)
            except ClientGoneError:
                return
            except Exception as error:
                observability.fault(error)
                refused = fault_response(None, language=request.language)
                reply = HttpReply(500, tuple(refused.headers.items()), refused.body.encode())
            await write(send, reply, head_only=request.method == "HEAD")

    async def _live(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        self.bridge.close()
        await self.machine.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, request: HttpRequest, receive: Receive) -> HttpReply:
        try:
            async with asyncio.timeout(self.body_seconds) as reading:
                return await self._routed(request, receive, reading)
        except BodyTooLargeError:
            return problem_reply(Code.BODY_TOO_LARGE, language=request.language, headers=(CLOSE,))
        except TimeoutError:
            return problem_reply(Code.BUSY, language=request.language, headers=(CLOSE,))

    async def _routed(self, request: HttpRequest, receive: Receive, reading: asyncio.Timeout) -> HttpReply:
        local = request.raw_path.startswith(MACHINE_PREFIX)
        match = None if local else self.bridge.find(request)
        if match is None and not local and self.pages.knows(request):
            return await asyncio.to_thread(self.pages.serve, request)
        refused = self.machine.refuse(request) if local else self.bridge.refuse(request, match)
        if refused is not None:
            return refused
        limit = self.machine.limit(request) if local else UPLOAD_LIMIT
        body = await read_body(receive, limit=limit, announced=request.header("content-length"))
        reading.reschedule(None)  # the body is here; what is left has a limit of its own
        whole = _with_body(request, body)
        return await (self.bridge.serve(whole, match) if match is not None else self.machine.serve(whole))


def _with_body(request: HttpRequest, body: bytes) -> HttpRequest:
    return HttpRequest(request.method, request.path, request.raw_path, request.query, request.headers, request.address, body)
