"""
The endpoints of `/local/…`: found, read and answered like the API's, but declared here, where nothing is ever deployed.
"""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from chalicelib.api import parsing
from chalicelib.api.field_errors import invalid_field
from chalicelib.api.problems import ProblemError
from chalicelib.api.schemas.fields import shown_moment
from chalicelib.domain.decisions import Code
from local.front.http import HttpReply, HttpRequest, json_reply, problem_reply
from local.front.limits import Limits
from local.front.machine.gates import Gates
from local.front.machine.link import Link
from local.front.machine.runtime import SHOWN, NotRunningError, Runtime
from local.front.machine.schemas import LONGEST_SECONDS, ClockRequest, LimitsRequest, NetworkRequest, ReadingRequest, RegistryRequest
from local.front.routing import Table

PICTURE_LIMIT: Final = 10 * 1024 * 1024
"""Bytes of a picture; the gateway's host takes as many."""
CLOCK_SECONDS: Final = 1800.0
"""A long journey of the clock runs every step on its way."""
ASK_SECONDS: Final = 15.0
SWEEP_SECONDS: Final = 2.0
SOURCES: Final = frozenset({*map(str, range(1, 18)), "17-1", "17-2", "18", "consent"})
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class _Asked:
    request: HttpRequest
    values: Mapping[str, str]

    def body(self, model: type[Model]) -> Model:
        kind = self.request.header("content-type") or "application/json"
        return parsing.parse_body(model, self.request.body, content_type=kind, language=self.request.language)


Handler = Callable[[_Asked], Awaitable[Mapping[str, Any]]]


class Machine:
    """
    One machine's own endpoints.
    """

    def __init__(self, *, runtime: Runtime, limits: Limits, link: Link) -> None:
        self._runtime = runtime
        self._limits = limits
        self._link = link
        self._gates = Gates(runtime=runtime, link=link)
        lane = "/local/checkpoints/{id}/lanes/{lane}"
        self._routes: dict[str, dict[str, Handler]] = {
            "/local/info": {"GET": self._info},
            "/local/clock": {"POST": self._clock},
            "/local/limits": {"PUT": self._loosen},
            "/local/outbox": {"GET": self._outbox},
            f"{lane}/frame": {"POST": self._frame},
            f"{lane}/reading": {"POST": self._reading},
            "/local/checkpoints/{id}/network": {"POST": self._network},
            "/local/registries/{source}": {"PUT": self._registry},
        }
        self._table = Table(self._routes)

    def refuse(self, request: HttpRequest) -> HttpReply | None:
        """
        Answer unknown paths and methods.
        """
        match = self._table.find(request.raw_path)
        if match is None:
            return problem_reply(Code.NOT_FOUND, language=request.language)
        methods = self._table.methods(match.resource)
        if request.method in methods:
            return None
        return problem_reply(Code.METHOD_NOT_ALLOWED, language=request.language, headers=(("Allow", ", ".join(methods)),))

    def limit(self, request: HttpRequest) -> int:
        """
        Tell how many bytes of body an address takes.
        """
        return PICTURE_LIMIT if request.raw_path.endswith("/frame") else parsing.JSON_LIMIT

    async def serve(self, request: HttpRequest) -> HttpReply:
        """
        Answer a request that was not refused.
        """
        match = self._table.find(request.raw_path)
        if match is None:
            return problem_reply(Code.NOT_FOUND, language=request.language)
        try:
            return json_reply(await self._routes[match.resource][request.method](_Asked(request, match.values)))
        except NotRunningError:
            return problem_reply(Code.DEPENDENCY_DOWN, language=request.language)
        except ProblemError as problem:
            return problem_reply(problem.reason, language=request.language, errors=problem.errors)

    async def close(self) -> None:
        """
        Hang up.
        """
        await self._link.close()

    async def _info(self, _: _Asked) -> Mapping[str, Any]:
        known = self._runtime.read()
        clock = {"now": shown_moment(self._runtime.now()), "offset_seconds": self._runtime.offset_seconds()}
        return {**{name: known[name] for name in SHOWN if name in known}, "clock": clock, "limits": {"factor": self._limits.factor}}

    async def _clock(self, asked: _Asked) -> Mapping[str, Any]:
        wanted = asked.body(ClockRequest)
        now = self._runtime.now()
        if wanted.now is not None and wanted.now < now:
            raise ProblemError.because(Code.CLOCK_BACKWARDS, now=shown_moment(now))
        latest = now + timedelta(seconds=LONGEST_SECONDS)
        if wanted.now is not None and wanted.now > latest:
            raise invalid_field("now", "later_than", language=asked.request.language, limit=shown_moment(latest))
        document = wanted.model_dump(mode="json", exclude_none=True)
        return await self._link.ask("POST", f"{self._runtime.url('runner')}/clock", document=document, seconds=CLOCK_SECONDS)

    async def _loosen(self, asked: _Asked) -> Mapping[str, Any]:
        factor = asked.body(LimitsRequest).factor
        self._limits.loosen(factor)
        self._runtime.keep_factor(factor)
        return {"factor": factor}

    async def _outbox(self, asked: _Asked) -> Mapping[str, Any]:
        given = asked.request.parameters
        unknown = next((name for name in given if name != "to"), None)
        if unknown is not None:
            raise invalid_field(unknown, "extra_forbidden", language=asked.request.language)
        with contextlib.suppress(
            ProblemError, NotRunningError
        ):  # what was just asked to be sent is shown, as far as the runner comes to it
            await self._link.ask("POST", f"{self._runtime.url('runner')}/sweep", document={}, seconds=SWEEP_SECONDS)
        query = {"to": given["to"][-1]} if "to" in given else {}
        return await self._link.ask("GET", f"{self._runtime.url('outbox')}/outbox", query=query, seconds=ASK_SECONDS)

    async def _frame(self, asked: _Asked) -> Mapping[str, Any]:
        if not asked.request.body:
            raise invalid_field("body", "missing", language=asked.request.language)
        checkpoint, lane = asked.values["id"], asked.values["lane"]
        return await self._gates.show(checkpoint=checkpoint, lane=lane, picture=asked.request.body)

    async def _reading(self, asked: _Asked) -> Mapping[str, Any]:
        reading = asked.body(ReadingRequest)
        return await self._gates.read(checkpoint=asked.values["id"], lane=asked.values["lane"], reading=reading)

    async def _network(self, asked: _Asked) -> Mapping[str, Any]:
        return await self._gates.connect(checkpoint=asked.values["id"], connected=asked.body(NetworkRequest).connected)

    async def _registry(self, asked: _Asked) -> Mapping[str, Any]:
        source = asked.values["source"]
        if source not in SOURCES:
            raise ProblemError.because(Code.NOT_FOUND)
        document = asked.body(RegistryRequest).model_dump(mode="json", exclude_none=True)
        url = f"{self._runtime.url('registers_control')}/registries/{source}"
        return await self._link.ask("PUT", url, document=document, seconds=ASK_SECONDS)
