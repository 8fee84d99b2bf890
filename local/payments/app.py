"""
The double on the wire: ASGI around the service, the postman beside it, the knobs under `/_double`.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from local.payments.control import Control
from local.payments.postman import Postman
from local.payments.replies import Reply
from local.payments.service import LostAnswerError, Request, Service

LOGGER = logging.getLogger("local.payments")
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_MAX = 256 * 1024
ELEMENT = Path(__file__).with_name("element.js").read_text(encoding="utf-8")
ELEMENT_PATH = "/v3/"
"""Where `js.stripe.com` has its script."""
# a payer's browser calls the provider from our pages; the knobs are for this machine's tests and answer no foreign page
OPEN_TO_PAGES = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Stripe-Version",
    "Access-Control-Expose-Headers": "Request-Id, Idempotent-Replayed",
    "Access-Control-Max-Age": "300",
}


class Double:
    """
    The ASGI application.
    """

    def __init__(self, *, service: Service, control: Control, postman: Postman | None) -> None:
        self._service = service
        self._control = control
        self._postman = postman

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Serve one connection's request, or the life of the process.
        """
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        task = asyncio.create_task(self._postman.work()) if self._postman else None
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            await _answer(send, Reply(413, json.dumps({"error": {"message": "Request body too large.", "type": "invalid_request_error"}})))
            return
        if scope["path"].startswith("/_double"):
            await _answer(send, await self._turn(scope, body))
            return
        if scope["path"] == ELEMENT_PATH and scope["method"] == "GET":
            await _answer(send, Reply(200, ELEMENT, {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "max-age=60"}))
            return
        if scope["method"] == "OPTIONS":
            await _answer(send, Reply(204, "", OPEN_TO_PAGES))
            return
        request = _request(scope, body)
        try:
            reply = await self._service.answer(request)
        except LostAnswerError:
            LOGGER.info("%s %s carried out, answer lost on purpose", request.method, request.path)
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            return  # the promised bytes never come: the server cuts the connection
        if self._postman is not None:
            self._postman.ring()
        LOGGER.info("%s %s %d %s", request.method, request.path, reply.status, reply.headers["Request-Id"])
        await _answer(send, Reply(reply.status, reply.body, reply.headers | OPEN_TO_PAGES))

    async def _turn(self, scope: Scope, body: bytes) -> Reply:
        try:
            status, answer = await self._control.turn(method=scope["method"], path=scope["path"], body=body)
        except ValidationError as error:
            status, answer = 422, {"errors": json.loads(error.json(include_url=False, include_context=False))}
        return Reply(status, json.dumps(answer))


async def _body(receive: Receive) -> bytes | None:
    """
    The whole body, or None when there is more than any request needs.
    """
    chunks = bytearray()
    while True:
        message = await receive()
        chunks += message.get("body", b"")
        if len(chunks) > BODY_MAX:
            return None
        if not message.get("more_body"):
            return bytes(chunks)


def _request(scope: Scope, body: bytes) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    form = body if scope["method"] == "POST" else scope["query_string"]
    return Request(scope["method"], scope["path"], headers, form.decode("utf-8", errors="replace"))


async def _answer(send: Send, reply: Reply) -> None:
    content = reply.body.encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(content))} | reply.headers
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1", errors="replace")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    await send({"type": "http.response.body", "body": content})
