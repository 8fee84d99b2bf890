import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from pydantic import ValidationError

from local.registers.answers import SOURCES
from local.registers.identity import PAGE, PATH, IdentitySessions
from local.registers.modes import Modes, Steering
from local.registers.outbox import Message, Outbox
from local.registers.wire import Receive, Scope, Send, answer, answer_page, read_object

DEFAULT_LIMIT: Final = 50
MOST: Final = 500
REGISTRIES: Final = "/registries/"


class Control:
    """
    The plain loopback door, as ASGI: registers are steered, texts are taken and read. For this machine's front and tests only.
    """

    def __init__(self, *, modes: Modes, outbox: Outbox, identities: IdentitySessions) -> None:
        self._identities = identities
        self._modes = modes
        self._outbox = outbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Serve one request.
        """
        if scope["type"] != "http":
            return
        if scope["method"] == "GET" and scope["path"].startswith(PATH):
            await answer_page(send, PAGE)
            return
        try:
            document = await read_object(scope, receive) if scope["method"] in {"POST", "PUT"} else {}
            status, content = self._turn(scope, document)
        except ValidationError as error:
            status, content = 422, {"errors": json.loads(error.json(include_url=False, include_context=False, include_input=False))}
        except ValueError as error:
            status, content = 400, {"error": str(error)}
        await answer(send, status, content)

    def _turn(self, scope: Scope, document: Mapping[str, Any]) -> tuple[int, Any]:
        match scope["method"], scope["path"]:
            case "GET", "/health":
                return 200, {"status": "ok"}
            case "GET", "/registries":
                return 200, {"items": [setting.document() for setting in self._modes.all()]}
            case "PUT", path if path.removeprefix(REGISTRIES) in SOURCES:
                return 200, self._modes.steer(path.removeprefix(REGISTRIES), Steering.model_validate(document)).document()
            case "POST", "/messages":
                message = Message.model_validate(document)
                return 202, {"id": message.id, "status": "accepted" if self._outbox.take(message) else "repeated"}
            case "GET", "/outbox":
                return 200, {"items": self._outbox.newest(**_asked(scope["query_string"])), "next_cursor": None}
            case "POST", path if path.startswith(PATH):
                found = self._identities.complete(path.removeprefix(PATH))
                return (200, found) if found else (404, {"error": "no such session"})
            case _:
                return 404, {"error": "no such door"}


def _asked(query: bytes) -> dict[str, Any]:
    asked = {name: values[-1] for name, values in parse_qs(query.decode("latin-1")).items()}
    to = asked.get("to")
    if to is not None and to.startswith(" "):
        to = f"+{to[1:]}"  # a plus sign that its sender forgot to escape
    return {"to": to, "limit": max(1, min(int(asked.get("limit", DEFAULT_LIMIT)), MOST))}
