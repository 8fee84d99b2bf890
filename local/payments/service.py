"""
The API without its wire: a request in, an answer out, everything between in one transaction.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.payments.access import Keys, is_publishable
from local.payments.account import API_VERSION, Account, Call
from local.payments.database import transaction
from local.payments.forms import read_form
from local.payments.knobs import KnobBoard
from local.payments.objects import new_id
from local.payments.parameters import Parameters
from local.payments.problems import StripeError, key_in_use, out_of_order
from local.payments.reading import expand
from local.payments.replies import KeyedRequest, Replies, Reply
from local.payments.routes import Route, find_route


@dataclass(frozen=True, slots=True)
class Request:
    """
    A request as it came: header names in lower case, `form` is the body of a POST or the query of a GET.
    """

    method: str
    path: str
    headers: dict[str, str]
    form: str


class LostAnswerError(Exception):
    """
    The request was carried out and its answer is to be lost on the way (the `lose_after` knob).
    """


class Service:
    """
    Answers requests one transaction at a time; a killed process leaves either all of a request or nothing, its key included.
    """

    def __init__(
        self, *, connection: sqlite3.Connection, account: Account, knobs: KnobBoard, keys: Keys, clock: Callable[[], float]
    ) -> None:
        self._connection = connection
        self._account = account
        self._knobs = knobs
        self._keys = keys
        self._clock = clock
        self._replies = Replies(connection)
        self._under_way: set[str] = set()

    async def answer(self, request: Request) -> Reply:
        """
        Carry a request out. Never raises for what a caller did; raises LostAnswerError where a knob says so.
        """
        identity = new_id("req")
        try:
            reply = await self._answer(request, identity=identity)
        except StripeError as problem:
            reply = _refusal(problem)
        headers = {"Request-Id": identity, "Stripe-Version": request.headers.get("stripe-version", API_VERSION)}
        if key := request.headers.get("idempotency-key"):
            headers["Idempotency-Key"] = key
        return Reply(reply.status, reply.body, headers | reply.headers)

    async def _answer(self, request: Request, *, identity: str) -> Reply:
        route, reference = find_route(method=request.method, path=request.path)
        publishable = is_publishable(request.headers, keys=self._keys, allowed=route.publishable)
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        call = Call(
            request=identity,
            parameters=Parameters(read_form(request.form)),
            now=int(self._clock()),
            reference=reference,
            idempotency_key=key,
            api_version=request.headers.get("stripe-version", API_VERSION),
            publishable=publishable,
        )
        if request.method == "GET":
            return self._once(route, call, keyed=None)
        # a payer's keys are not the account's: a replay must not show him more than his own answer
        owner = "payer" if publishable else "account"
        keyed = KeyedRequest.of(owner=owner, key=key, address=request.path, form=request.form) if key else None
        return await self._post(route, call, keyed=keyed)

    async def _post(self, route: Route, call: Call, *, keyed: KeyedRequest | None) -> Reply:
        if keyed is not None and keyed.key in self._under_way:
            raise key_in_use()
        key = keyed.key if keyed else call.request
        self._under_way.add(key)
        try:
            await asyncio.sleep(self._knobs.answers.delay_seconds)
            if self._knobs.count_down("refuse_before"):
                raise out_of_order()
            reply = self._once(route, call, keyed=keyed)
        finally:
            self._under_way.discard(key)
        if self._knobs.count_down("lose_after"):
            raise LostAnswerError
        return reply

    def _once(self, route: Route, call: Call, *, keyed: KeyedRequest | None) -> Reply:
        with transaction(self._connection):
            known = self._replies.recall(keyed, now=call.now) if keyed else None
            if known is not None:
                return known
            reply, kept = self._carry_out(route, call)
            if keyed is not None and kept:
                self._replies.keep(keyed, reply=reply, first=call.request, now=call.now)
            return reply

    def _carry_out(self, route: Route, call: Call) -> tuple[Reply, bool]:
        """
        Run the handler; what it changed before a refusal is undone, unless the refusal says that it stands.
        """
        self._connection.execute("SAVEPOINT handler")
        try:
            body = expand(self._account, call, route.handler(self._account, call))
        except StripeError as problem:
            if not problem.stands:
                self._connection.execute("ROLLBACK TO handler")
            return _refusal(problem), problem.kept
        return Reply(200, _json(body)), True


def _refusal(problem: StripeError) -> Reply:
    return Reply(problem.status, _json({"error": problem.error}))


def _json(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, indent=2)
