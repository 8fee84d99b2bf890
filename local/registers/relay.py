import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from local.registers.answers import DESKS, Desk
from local.registers.identity import SOURCE, IdentitySessions
from local.registers.modes import Modes
from local.registers.wire import Receive, Scope, Send, answer, read_object

PREFIX = "/registers/"
SESSIONS = "/identity-sessions/"


class Relay:
    """
    The relay on the state's closed bus, as ASGI: `POST /registers/{service}`; reached by mutual TLS only.
    """

    def __init__(self, *, modes: Modes, today: Callable[[], date], identities: IdentitySessions) -> None:
        self._identities = identities
        self._modes = modes
        self._today = today
        self._leaving = asyncio.Event()

    def leave(self) -> None:
        """
        Stop dawdling: whoever still waits for a slow register is answered that it is down.
        """
        self._leaving.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Answer one question.
        """
        if scope["type"] != "http":
            return
        if scope["path"].startswith(SESSIONS):
            await self._identity(scope, receive, send)
            return
        desk = DESKS.get(scope["path"].removeprefix(PREFIX)) if scope["path"].startswith(PREFIX) else None
        if desk is None or scope["method"] != "POST":
            await answer(send, 404, {"error": "no such service"})
            return
        try:
            document = await read_object(scope, receive)
            keys = _keys(document)
        except ValueError as error:
            await answer(send, 400, {"error": str(error)})
            return
        await self._reply(desk, keys, send)

    async def _identity(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = scope["path"].removeprefix(SESSIONS)
        try:
            document = await read_object(scope, receive) if scope["method"] == "POST" else {}
        except ValueError as error:
            await answer(send, 400, {"error": str(error)})
            return
        if self._modes.of(SOURCE, {}).mode == "down":
            await answer(send, 503, {"error": "the provider is down"})
            return
        opened = self._identities.open(session, document.get("person") or {}) if scope["method"] == "POST" else None
        found = opened or self._identities.status(session)
        await answer(send, 200 if found else 404, found or {"error": "no such session"})

    async def _reply(self, desk: Desk, keys: Mapping[str, str], send: Send) -> None:
        setting = self._modes.of(desk.source, keys, untold=desk.untold)
        if setting.mode == "slow":
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), setting.seconds)
        if setting.mode == "down" or self._leaving.is_set():
            await answer(send, 503, {"error": "the register is down"})
            return
        seed = keys.get("vin") or keys.get("iin") or ""
        await answer(send, 200, {"reply": desk.reply(mode=setting.mode, seed=seed, today=self._today())})


def _keys(document: Mapping[str, Any]) -> dict[str, str]:
    """
    Gather by what a subject may be matched: the question's own keys and the trip it belongs to.
    """
    question, trip = document.get("question"), document.get("trip", {})
    if not isinstance(question, dict) or not isinstance(trip, dict):
        raise ValueError("a question is expected")  # noqa: TRY004 - a malformed request, not a programming error
    return {name: str(value) for name, value in {**trip, **question}.items()}
