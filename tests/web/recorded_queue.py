"""
A queue that exists on paper only: the pages' own files and recorded answers behind them, served as the real front serves them.
"""

import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Self

from tests.web import recordings

TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
PAYING: Final = "default-src 'self'; script-src 'self' http://127.0.0.1:*; style-src 'self' 'unsafe-inline'; connect-src 'self' http://127.0.0.1:*"
POLICY: Final = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
CODE: Final = "424242"


@dataclass
class RecordedQueue:
    """
    A fake of the whole API toward the pages. Change `board` or `live` and the next poll sees it; `silent` cuts every answer off.
    """

    dist: Path
    photo: bytes
    board: dict[str, Any] = field(default_factory=recordings.board)
    live: dict[str, Any] = field(default_factory=recordings.live)
    silent: bool = False
    orders: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    tokens: int = 0
    payable: dict[str, Any] = field(default_factory=recordings.payable)
    payment: dict[str, Any] | None = None
    refuse_orders: bool = False

    def __enter__(self) -> Self:
        queue = self

        class Door(_Door):
            pass

        Door.queue = queue
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def url(self) -> str:
        """
        Where the pages are, without a slash at the end.
        """
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """
        The recorded answer: status and JSON document.
        """
        for pattern, name in _ROUTES:
            found = re.fullmatch(pattern, f"{method} {path}")
            if found:
                return getattr(self, name)(body, *found.groups())  # type: ignore[no-any-return]
        return 404, _problem(404, "NOT_FOUND", "There is no such thing")

    def _checkpoints(self, _: dict[str, Any]) -> tuple[int, Any]:
        return 200, {"items": recordings.CHECKPOINTS, "next_cursor": None}

    def _checkpoint(self, _: dict[str, Any], name: str) -> tuple[int, Any]:
        found = next((item for item in recordings.CHECKPOINTS if item["id"] == name), None)
        return (200, {**found, "lanes": recordings.LANES}) if found else (404, _problem(404, "NOT_FOUND", "There is no such thing"))

    def _board(self, _: dict[str, Any], name: str) -> tuple[int, Any]:
        return (200, self.board) if name == "nur-zholy" else (404, _problem(404, "NOT_FOUND", "There is no such thing"))

    def _live(self, _: dict[str, Any], name: str) -> tuple[int, Any]:
        return (200, self.live) if name == "nur-zholy" else (403, _problem(403, "NOT_YOUR_CHECKPOINT", "Бұл сіздің бекетіңіз емес"))

    def _otp(self, _: dict[str, Any]) -> tuple[int, Any]:
        return 202, {"challenge_id": "c-1", "expires_at": recordings.at("14:10")}

    def _verify(self, body: dict[str, Any]) -> tuple[int, Any]:
        if body.get("code") != CODE:
            return 401, _problem(401, "OTP_INVALID", "Код не подошёл")
        return 200, self._pair()

    def _refresh(self, body: dict[str, Any]) -> tuple[int, Any]:
        if body.get("refresh_token") != f"refresh-{self.tokens}":
            return 401, _problem(401, "UNAUTHENTICATED", "The session has ended")
        return 200, self._pair()

    def _pair(self) -> dict[str, Any]:
        self.tokens += 1
        return {"access_token": f"access-{self.tokens}", "refresh_token": f"refresh-{self.tokens}", "expires_in": 900}

    def _logout(self, _: dict[str, Any]) -> tuple[int, Any]:
        return 200, {}

    def _payable(self, _: dict[str, Any]) -> tuple[int, Any]:
        gone = self.payable["state"] == "taken back"
        return (404, _problem(404, "NOT_FOUND", "There is no such thing")) if gone else (200, self.payable)

    def _payment(self, _: dict[str, Any]) -> tuple[int, Any]:
        return (201, self.payment) if self.payment else (409, _problem(409, "PAYMENT_UNDER_WAY", "Платеж обрабатывается"))

    def _barrier(self, body: dict[str, Any], _checkpoint: str, lane: str) -> tuple[int, Any]:
        if self.refuse_orders:
            return 409, _problem(409, "BARRIER_BUSY", "Шлагбаум занят") | {"detail": "Подождите, пока он закроется."}
        self.orders.append({"lane": lane, **body})
        return 202, {"id": f"command-{len(self.orders)}"}


_ROUTES: Final = (
    (r"GET /v1/checkpoints", "_checkpoints"),
    (r"GET /v1/checkpoints/([a-z-]+)", "_checkpoint"),
    (r"GET /v1/checkpoints/([a-z-]+)/board", "_board"),
    (r"GET /v1/officer/checkpoints/([a-z-]+)/live", "_live"),
    (r"GET /v1/pay/[A-Za-z]{22}", "_payable"),
    (r"POST /v1/pay/[A-Za-z]{22}/payment", "_payment"),
    (r"POST /v1/auth/otp", "_otp"),
    (r"POST /v1/auth/otp/verify", "_verify"),
    (r"POST /v1/auth/refresh", "_refresh"),
    (r"POST /v1/auth/logout", "_logout"),
    (r"POST /v1/officer/checkpoints/([a-z-]+)/lanes/([a-z0-9-]+)/barrier", "_barrier"),
)


def _problem(status: int, code: str, title: str) -> dict[str, Any]:
    return {"type": "about:blank", "title": title, "status": status, "code": code}


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    queue: RecordedQueue

    def log_message(self, *_: object) -> None:
        """
        Say nothing: the tests look at what the page shows.
        """

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/v1/"):
            self._api("GET", path, {})
        elif path == "/recorded/photo.jpg":
            self._send(200, "image/jpeg", self.queue.photo, {})
        else:
            self._file(path)

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._api("POST", self.path, json.loads(text or b"{}") | self._key())

    def _key(self) -> dict[str, str]:
        key = self.headers.get("Idempotency-Key")
        return {"idempotency_key": key} if key else {}

    def _api(self, method: str, path: str, body: dict[str, Any]) -> None:
        self.queue.asked.append((f"{method} {path}", self.headers.get("If-None-Match")))
        if self.queue.silent:
            self.close_connection = True
            return
        if "/officer/" in path and self.headers.get("Authorization") != f"Bearer access-{self.queue.tokens}":
            status, document = 401, _problem(401, "UNAUTHENTICATED", "Sign in first")
        else:
            status, document = self.queue.answer(method, path, body)
        content = json.dumps(document, ensure_ascii=False).encode()
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if status == 200 and self.headers.get("If-None-Match") == tag:
            self._send(304, None, b"", {"ETag": tag})
            return
        kind = "application/problem+json" if status >= 400 else "application/json"
        self._send(status, kind, content, {"ETag": tag} if status == 200 else {})

    def _file(self, path: str) -> None:
        file = self.queue.dist / path.lstrip("/")
        page = file if file.is_file() else self.queue.dist / "index.html"
        self._send(200, TYPES[page.suffix], page.read_bytes(), {"Content-Security-Policy": PAYING if path.startswith("/pay/") else POLICY})

    def _send(self, status: int, kind: str | None, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
