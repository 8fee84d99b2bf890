import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_MAX: Final = 64 * 1024


class UnreadableBodyError(ValueError):
    """
    A request's body is too large or no JSON object.
    """


async def read_object(scope: Scope, receive: Receive) -> dict[str, Any]:
    """
    Read a JSON object; it must be declared as JSON, so that no page of a browser can send one unasked.
    """
    headers = dict(scope["headers"])
    chunks = bytearray()
    while True:
        message = await receive()
        chunks += message.get("body", b"")
        if len(chunks) > BODY_MAX:
            raise UnreadableBodyError("the body is too large")
        if not message.get("more_body"):
            break
    if not headers.get(b"content-type", b"").startswith(b"application/json"):
        raise UnreadableBodyError("application/json is expected")
    document = json.loads(chunks)
    if not isinstance(document, dict):
        raise UnreadableBodyError("an object is expected")
    return document


async def answer(send: Send, status: int, document: Any) -> None:
    """
    Answer with JSON.
    """
    content = json.dumps(document, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def answer_page(send: Send, page: str) -> None:
    """
    Answer with a page for people.
    """
    content = page.encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})
