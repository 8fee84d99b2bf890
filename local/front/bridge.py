"""
The bridge: a request becomes the event that API Gateway would make of it, a thread serves it, the answer goes back.
"""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from chalice.app import Chalice
from pydantic import BaseModel

from chalicelib import observability
from chalicelib.api.middleware import CORS
from chalicelib.api.operation import OPERATIONS, Rate
from chalicelib.api.schemas.base import Query, Request, View
from chalicelib.api.schemas.fields import Money
from chalicelib.domain.decisions import Code
from local.front.events import LambdaContext, event_of, reply_of
from local.front.http import HttpReply, HttpRequest, problem_reply
from local.front.limits import Limits
from local.front.routing import Match, Table
from local.front.threads import threaded

THREADS: Final = 16
REQUEST_SECONDS: Final = 20.0
"""Every request ends within this; what its thread does afterwards is what an idempotency key is for."""
UPLOAD_LIMIT: Final = 4 * 1024 * 1024
"""Bytes of any body that the API takes; operations take less."""


def _build_models(*bases: type[BaseModel]) -> None:
    """
    Build every schema now: they wait for their first use to keep a cold start short, and threads would race for it.
    """
    for model in bases:
        model.model_rebuild()
        _build_models(*model.__subclasses__())


class Bridge:
    """
    One application behind one front.
    """

    def __init__(self, app: Chalice, *, limits: Limits, seconds: float = REQUEST_SECONDS) -> None:
        self._app = threaded(app)
        self._table = Table({resource: methods.keys() for resource, methods in app.routes.items()})
        self._limits = limits
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        _build_models(Query, Request, View, Money)

    def find(self, request: HttpRequest) -> Match | None:
        """
        Find the resource a request is for.
        """
        return self._table.find(request.raw_path)

    def refuse(self, request: HttpRequest, match: Match | None) -> HttpReply | None:
        """
        Answer what the gateway answers by itself: unknown paths and methods, preflights, too many requests.
        """
        if match is None:
            return problem_reply(Code.NOT_FOUND, language=request.language)
        methods = self._table.methods(match.resource)
        if request.method == "OPTIONS":
            headers: Mapping[str, str] = CORS.get_access_control_headers()
            return HttpReply(204, (*headers.items(), ("Access-Control-Allow-Methods", ", ".join((*methods, "OPTIONS")))))
        if request.method not in methods:
            allowed = (("Allow", ", ".join((*methods, "OPTIONS"))),)
            return problem_reply(Code.METHOD_NOT_ALLOWED, language=request.language, headers=allowed)
        wait = self._limits.wait(self._rate(request, match), address=request.address, credential=request.header("authorization"))
        if wait:
            return problem_reply(Code.RATE_LIMITED, language=request.language, headers=(("Retry-After", str(wait)),))
        return None

    async def serve(self, request: HttpRequest, match: Match) -> HttpReply:
        """
        Let a thread serve the request; 503 when it takes too long.
        """
        context = LambdaContext(deadline=time.monotonic() + self._seconds)
        served = asyncio.get_running_loop().run_in_executor(self._threads, self._call, request, match, context)
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(served)
        except TimeoutError:
            observability.warn("request took too long", operation=f"{request.method} {match.resource}")
            return problem_reply(Code.BUSY, language=request.language)

    def close(self) -> None:
        """
        Let go of the threads.
        """
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _call(self, request: HttpRequest, match: Match, context: LambdaContext) -> HttpReply:
        answer: dict[str, Any] = self._app(event_of(request, match), context)
        return reply_of(answer)

    def _rate(self, request: HttpRequest, match: Match) -> Rate:
        declared = OPERATIONS.get((request.method, match.resource))
        return declared.rate if declared is not None else Rate.READ
