"""
The double's own addresses, which no provider has: knobs, and waiting for the post.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from local.payments.deliveries import Deliveries
from local.payments.knobs import AnswerKnobs, KnobBoard, WebhookKnobs
from local.payments.objects import Objects
from local.payments.postman import Postman

LOOK_SECONDS = 0.02


class Resend(BaseModel):
    """
    Which event to deliver once more.
    """

    model_config = ConfigDict(extra="forbid")
    event: str


class Drain(BaseModel):
    """
    How long to wait until every webhook is settled.
    """

    model_config = ConfigDict(extra="forbid")
    timeout_seconds: float = Field(default=10.0, ge=0, le=60)


class Control:
    """
    `GET|PUT /_double/webhooks`, `GET|PUT /_double/answers`, `POST /_double/webhooks/resend`, `POST /_double/webhooks/drain`.
    """

    def __init__(
        self, *, knobs: KnobBoard, deliveries: Deliveries, objects: Objects, postman: Postman | None, clock: Callable[[], float]
    ) -> None:
        self._knobs = knobs
        self._deliveries = deliveries
        self._objects = objects
        self._postman = postman
        self._clock = clock

    async def turn(self, *, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """
        Answer with a status and an object; raises pydantic's ValidationError for a body that is none of ours.
        """
        body = body or b"{}"
        match (method, path.removeprefix("/_double/")):
            case ("GET" | "PUT", "webhooks"):
                return self._webhooks(WebhookKnobs.model_validate_json(body) if method == "PUT" else None)
            case ("GET" | "PUT", "answers"):
                return self._answers(AnswerKnobs.model_validate_json(body) if method == "PUT" else None)
            case ("POST", "webhooks/resend"):
                return self._resend(Resend.model_validate_json(body).event)
            case ("POST", "webhooks/drain"):
                return await self._drain(Drain.model_validate_json(body).timeout_seconds)
            case _:
                return 404, {"error": "no such knob"}

    def _webhooks(self, knobs: WebhookKnobs | None) -> tuple[int, dict[str, Any]]:
        if knobs is not None:
            self._knobs.turn(knobs)
            self._ring()
        return 200, self._knobs.webhooks.model_dump() | {"deliveries": self._deliveries.tally()}

    def _answers(self, knobs: AnswerKnobs | None) -> tuple[int, dict[str, Any]]:
        if knobs is not None:
            self._knobs.turn(knobs)
        return 200, self._knobs.answers.model_dump()

    def _resend(self, event: str) -> tuple[int, dict[str, Any]]:
        if self._objects.find(kind="event", reference=event) is None:
            return 404, {"error": "no such event"}
        self._deliveries.add(event=event, due=self._clock())
        self._ring()
        return 200, {"event": event}

    async def _drain(self, timeout_seconds: float) -> tuple[int, dict[str, Any]]:
        end = asyncio.get_running_loop().time() + timeout_seconds
        while (pending := self._deliveries.pending()) and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - the post ends in another task
            await asyncio.sleep(LOOK_SECONDS)
        return 200, {"pending": pending}

    def _ring(self) -> None:
        if self._postman is not None:
            self._postman.ring()
