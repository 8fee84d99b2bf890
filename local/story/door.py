"""
The story's eyes and hands: HTTP as any client has it.
"""

import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

PATIENCE_S: Final = 30.0
PAUSE_S: Final = 0.1
CODE: Final = re.compile(r"\b\d{6}\b")
TRIES: Final = 4
RETRIED: Final = frozenset({429, 502, 503, 504})


class UnseenError(AssertionError):
    """
    What the story expected did not come to be seen.
    """


@dataclass(slots=True)
class Door:
    """
    A client of the API; `token` is the bearer's. What is not yet answered (a part is being started again) is asked again with the same key.
    """

    base: str
    token: str | None = None
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))

    def ask(self, method: str, path: str, *, body: Any = None, content: bytes | None = None, expect: int | None = None) -> Any:
        """
        Send a request and give its JSON (or its bytes); an unexpected status raises `UnseenError`.
        """
        reply = self.send(method, path, body=body, content=content)
        if (reply.status_code >= httpx.codes.BAD_REQUEST) if expect is None else (reply.status_code != expect):
            raise UnseenError(f"{method} {path}: {reply.status_code} {reply.text[:300]}")
        return reply.json() if "json" in reply.headers.get("content-type", "") else reply.content

    def send(self, method: str, path: str, *, body: Any = None, content: bytes | None = None) -> httpx.Response:
        """
        Send a request; connection failures and 503 are tried again under one idempotency key.
        """
        headers = {"Accept-Language": "en"} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        if method == "POST":
            headers["Idempotency-Key"] = secrets.token_hex(16)
        if content is not None:
            headers["Content-Type"] = "image/jpeg"
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                reply = self.http.request(method, self.base + path, json=body, content=content, headers=headers)
            except httpx.TransportError as error:
                if time.monotonic() > until:
                    raise UnseenError(f"{method} {path}: {type(error).__name__}") from error
            else:
                if reply.status_code not in RETRIED or time.monotonic() > until:
                    return reply
            time.sleep(PAUSE_S)

    def wait(self, path: str, seen: Any, *, what: str, seconds: float = PATIENCE_S) -> Any:
        """
        Look at a resource until it is as expected; `UnseenError` after a while.
        """
        until = time.monotonic() + seconds
        while True:
            found = self.ask("GET", path)
            if seen(found):
                return found
            if time.monotonic() > until:
                raise UnseenError(f"{what}: {path} is {str(found)[:400]}")
            time.sleep(PAUSE_S)

    def sign_in(self, phone: str) -> "Door":
        """
        Sign in by the code that came to a phone; an answer that was lost leaves its code spent, then another one is asked for.
        """
        for _ in range(TRIES):
            earlier = self.texts(phone)
            challenge = self.ask("POST", "/v1/auth/otp", body={"phone": phone, "channel": "sms"}, expect=202)
            answer = {"challenge_id": challenge["challenge_id"], "code": self._code(phone, len(earlier))}
            reply = self.send("POST", "/v1/auth/otp/verify", body=answer)
            if reply.is_success:
                return Door(self.base, reply.json()["access_token"], self.http)
        raise UnseenError(f"sign-in of {phone}: {reply.status_code} {reply.text[:300]}")

    def _code(self, phone: str, earlier: int) -> str:
        asked = time.monotonic()
        while time.monotonic() - asked < PATIENCE_S:
            texts = self.texts(phone)
            if len(texts) > earlier and (code := CODE.search(texts[0]["text"])):
                return code.group()
            time.sleep(PAUSE_S)
        raise UnseenError(f"no code came to {phone}")

    def texts(self, phone: str) -> list[Mapping[str, str]]:
        """
        Read the texts that came to a phone, newest first.
        """
        found: list[Mapping[str, str]] = self.ask("GET", f"/local/outbox?to={phone.replace('+', '%2B')}")["items"]
        return found

    def now(self) -> datetime:
        """
        Read business time.
        """
        return datetime.fromisoformat(self.ask("GET", "/local/info")["clock"]["now"])

    def skip_to(self, moment: datetime) -> Any:
        """
        Move business time forward to a moment; a moment gone by is left alone.
        """
        if moment <= self.now() + timedelta(seconds=1):
            return {"ran": []}
        reply = self.send("POST", "/local/clock", body={"now": moment.isoformat()})
        if reply.status_code == httpx.codes.CONFLICT and self.now() >= moment:
            return {"ran": []}  # the answer to an earlier try was lost, the clock was not
        if not reply.is_success:
            raise UnseenError(f"clock: {reply.status_code} {reply.text[:300]}")
        return reply.json()


def keep(path: Path, content: bytes) -> Path:
    """
    Keep a file of the story.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
