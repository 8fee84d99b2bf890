"""
Faults at any call of a store or of the personal data room, put in by botocore's events on the real engine (T13).

    with faults.at(store, call=3, kind="timeout_after") as fault:
        use_case(…)
    assert fault.hit

`call` counts from 1; loop it upward until `hit` stays false: then the use case made fewer calls.
"""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace

from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

WRITES = frozenset({"PutItem", "DeleteItem", "UpdateItem", "TransactWriteItems", "BatchWriteItem"})
KINDS = ("unreachable", "refuse", "conflict", "throttle", "timeout_before", "timeout_after", "crash_before", "crash_after")


class ProcessDiedError(BaseException):
    """
    The process ended at this call; nothing of ours catches it.
    """


@dataclass
class Fault:
    """
    What was put in: whether its call was reached, how many calls were made, and which.
    """

    call: int
    kind: str | None
    lasting: int
    hit: bool = False
    calls: int = 0
    operations: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def strikes(self, operation):
        """
        Count a call and tell whether it is to fail.
        """
        with self.lock:
            self.calls += 1
            self.operations.append(operation)
            strikes = self.kind is not None and self.call <= self.calls < self.call + self.lasting
            self.hit = self.hit or strikes
        return strikes

    def before(self, model, params, context, **_):
        """
        Answer for the engine, or fail, before the call is sent.
        """
        context["fault"] = self.strikes(model.name)
        if not context["fault"]:
            return None
        if self.kind == "crash_before":
            raise ProcessDiedError(model.name)
        if self.kind == "timeout_before":
            raise ReadTimeoutError(endpoint_url="dynamodb")
        if self.kind == "unreachable" or (self.kind == "refuse" and model.name not in WRITES):
            raise EndpointConnectionError(endpoint_url="dynamodb")
        return _answer(self.kind, model.name, params)

    def after(self, model, context, **_):
        """
        Lose the engine's answer after the call was done.
        """
        if context.get("fault") and self.kind == "timeout_after":
            raise ReadTimeoutError(endpoint_url="dynamodb")
        if context.get("fault") and self.kind == "crash_after":
            raise ProcessDiedError(model.name)


def _answer(kind, operation, params):
    if kind in {"timeout_after", "crash_after"}:
        return None
    if kind == "throttle":
        return _error("ThrottlingException")
    if operation == "TransactWriteItems":
        code = "TransactionConflict" if kind == "conflict" else "ConditionalCheckFailed"
        items = json.loads(params["body"])["TransactItems"]
        return _error("TransactionCanceledException", CancellationReasons=[{"Code": code, "Message": ""} for _ in items])
    return _error("TransactionConflictException" if kind == "conflict" else "ConditionalCheckFailedException")


def _error(code, **more):
    parsed = {"Error": {"Code": code, "Message": "a fault of the test"}, "ResponseMetadata": {"HTTPStatusCode": 400}, **more}
    return SimpleNamespace(status_code=400), parsed


@contextmanager
def at(store, *, call, kind, lasting=1):
    """
    Let calls number `call` … `call + lasting - 1` fail; five in a row outlast the store's own tries.

    `unreachable`: no connection. `refuse`: a write's condition does not hold (a read: no connection). `conflict`, `throttle`: the engine is busy.
    `timeout_before`, `timeout_after`: no answer, nothing or everything done. `crash_before`, `crash_after`: `ProcessDiedError`.
    """
    assert kind is None or kind in KINDS, kind
    fault = Fault(call, kind, lasting)
    events = store.database.connection.client.meta.events
    events.register("before-call.dynamodb", fault.before)
    events.register("after-call.dynamodb", fault.after)
    try:
        yield fault
    finally:
        events.unregister("before-call.dynamodb", fault.before)
        events.unregister("after-call.dynamodb", fault.after)


def counting(store):
    """
    Count the calls and put in nothing: `with faults.counting(store) as count: …; count.calls, count.operations`.
    """
    return at(store, call=0, kind=None)
