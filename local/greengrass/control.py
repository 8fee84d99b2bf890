"""
The host's control port, loopback HTTP: what the local front asks of one checkpoint's gateway. Errors are problem+json (RFC 9457).
"""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar, Final

LARGEST_BODY_BYTES: Final = 10 * 1024 * 1024
LONGEST_ANSWER_SECONDS: Final = 15.0
LOOPBACK: Final = "127.0.0.1"

logger = logging.getLogger(__name__)

Answer = Mapping[str, Any]
Respond = Callable[[str, str, bytes], Coroutine[Any, Any, Answer]]
"""Method, path, body → JSON document; `ProblemError` for anything else."""


@dataclass(eq=False)
class ProblemError(Exception):
    """
    A refusal in HTTP's words: status, stable code, and a sentence.
    """

    status: HTTPStatus
    code: str
    detail: str

    def document(self) -> Answer:
        """
        Write it as problem+json.
        """
        return {"type": "about:blank", "title": self.status.phrase, "status": self.status.value, "detail": self.detail, "code": self.code}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True
    wbufsize = -1

    loop: ClassVar[asyncio.AbstractEventLoop]
    respond: ClassVar[Respond]

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self.close_connection = True
            self._send(ProblemError(HTTPStatus.LENGTH_REQUIRED, "LENGTH_REQUIRED", "Content-Length is expected"))
        elif int(length) > LARGEST_BODY_BYTES:
            self.close_connection = True
            self._send(ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "BODY_TOO_LARGE", f"at most {LARGEST_BODY_BYTES} bytes"))
        else:
            self._serve(self.rfile.read(int(length)))

    def _serve(self, body: bytes) -> None:
        path = self.path.partition("?")[0]
        answer = asyncio.run_coroutine_threadsafe(type(self).respond(self.command, path, body), self.loop)
        try:
            self._send(answer.result(LONGEST_ANSWER_SECONDS))
        except ProblemError as problem:
            self._send(problem)
        except TimeoutError:
            self._send(ProblemError(HTTPStatus.GATEWAY_TIMEOUT, "TIMEOUT", "the gateway did not answer in time"))

    def _send(self, answer: Answer | ProblemError) -> None:
        problem = isinstance(answer, ProblemError)
        status = answer.status if isinstance(answer, ProblemError) else HTTPStatus.OK
        body = json.dumps(answer.document() if isinstance(answer, ProblemError) else answer, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/problem+json" if problem else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """
        Keep the request line for those who look for it.
        """
        logger.debug(format, *args)


class ControlServer:
    """
    The HTTP side, in a thread of its own; every answer is made in the host's event loop.
    """

    def __init__(self, *, port: int, respond: Respond) -> None:
        handler = type("Handler", (_Handler,), {"loop": asyncio.get_running_loop(), "respond": staticmethod(respond)})
        self._server = ThreadingHTTPServer((LOOPBACK, port), handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="control", daemon=True)

    @property
    def port(self) -> int:
        """
        The port that is listened to (chosen by the system where 0 was asked).
        """
        return int(self._server.server_address[1])

    def start(self) -> None:
        """
        Begin to answer.
        """
        self._thread.start()

    def stop(self) -> None:
        """
        Answer no more.
        """
        self._server.shutdown()
        self._server.server_close()
