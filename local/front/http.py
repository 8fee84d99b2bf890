"""
Requests and replies of the front, and the few lines of ASGI between them and uvicorn.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from chalicelib.api.languages import Language, preferred
from chalicelib.api.problems import problem_response
from chalicelib.domain.decisions import Code, Reason, Refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
CLOSE: Final = ("Connection", "close")


class BodyTooLargeError(Exception):
    """
    A body is longer than may be sent to this address; what is left of it is not read.
    """


class ClientGoneError(Exception):
    """
    The client hung up before it had said everything.
    """


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """
    One request: header names in lower case, the path as sent (`raw_path`) and decoded.
    """

    method: str
    path: str
    raw_path: str
    query: str
    headers: Sequence[tuple[str, str]]
    address: str
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        """
        Give the last value of a header.
        """
        return next((value for key, value in reversed(self.headers) if key == name), None)

    @property
    def language(self) -> Language:
        """
        The language the caller reads.
        """
        return preferred(self.header("accept-language"))

    @property
    def parameters(self) -> dict[str, list[str]]:
        """
        The query's values by name.
        """
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found


@dataclass(frozen=True, slots=True)
class HttpReply:
    """
    One answer.
    """

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = field(default=b"", repr=False)


def read_head(scope: Scope) -> HttpRequest:
    """
    Read a request's line and headers.
    """
    raw = scope.get("raw_path") or scope["path"].encode()
    raw_path = raw.decode("latin-1").partition("?")[0]
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])
    client = scope.get("client") or ("", 0)
    query = scope["query_string"].decode("latin-1")
    return HttpRequest(scope["method"], unquote(raw_path), raw_path, query, headers, client[0])


async def read_body(receive: Receive, *, limit: int, announced: str | None) -> bytes:
    """
    Read a body of at most `limit` bytes; a longer one is refused as soon as it is known to be.
    """
    if announced is not None and announced.isdecimal() and int(announced) > limit:
        raise BodyTooLargeError
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise BodyTooLargeError
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


async def write(send: Send, reply: HttpReply, *, head_only: bool = False) -> None:
    """
    Send an answer.
    """
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    if reply.status not in (204, 304):
        headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head_only else reply.body})


def json_reply(document: Mapping[str, Any], *, status: int = 200) -> HttpReply:
    """
    Answer with JSON.
    """
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return HttpReply(status, (("Content-Type", "application/json"), ("Cache-Control", "no-store")), body)


def problem_reply(
    reason: Reason | Code, *, language: Language, headers: Sequence[tuple[str, str]] = (), errors: Sequence[Any] = ()
) -> HttpReply:
    """
    Answer with the problem that the API itself would give.
    """
    refused = Refused((reason if isinstance(reason, Reason) else Reason(reason),))
    response = problem_response(refused, language=language, errors=errors, headers=dict(headers))
    sent = tuple((name, str(value)) for name, value in response.headers.items())
    return HttpReply(response.status_code, (*sent, ("Access-Control-Allow-Origin", "*")), response.body.encode())
