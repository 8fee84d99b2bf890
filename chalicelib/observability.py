"""
Logs and metrics as JSON lines (Powertools; EMF), one line a request. Only listed fields leave, and no value that could name a person.
"""

import re
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

SERVICE: Final = "queue"
FIELDS: Final = frozenset(
    {
        *("operation", "status", "duration_ms", "fault", "where", "code", "rule", "step", "task", "tries", "parked", "count", "ran"),
        *("booking", "booking_number", "checkpoint", "lane", "device", "journal", "sequence", "event", "aggregate", "version"),
        *(
            "source",
            "result",
            "message_id",
            "error",
            "attempt",
            "intent",
            "at",
            "due_at",
            "day",
            "process",
            "pid",
            "port",
            "state",
            "table",
            "topic",
            "size",
        ),
    }
)
"""Names of fields that may be logged: ids, figures and places, never a person's."""
SECRETS: Final = re.compile(
    r"eyJ[\w-]+\.[\w-]+\.?[\w-]*"  # tokens
    r"|[\w.+-]+@[\w-]+\.\w+"  # addresses
    r"|\+\d[\d ()-]{7,}\d"  # phones
    r"|\b\d{11,}\b|\b(?:\d{4}[ -]){3}\d{1,7}\b"  # IIN, BIN, card numbers
)
FRAMES: Final = 12
"""Innermost stack frames of a fault that are logged."""

_request: ContextVar[str | None] = ContextVar("request", default=None)


@dataclass(slots=True)
class Observed:
    """
    What became of a request, filled in while it is served.
    """

    status: int = 0
    started: float = field(default_factory=time.perf_counter)


@contextmanager
def request(*, id: str, operation: str) -> Iterator[Observed]:  # noqa: A002 - it is what a request has
    """
    Observe one request: its lines carry its id, its last one says how it ended and how long it took.
    """
    observed, token = Observed(), _request.set(id)
    try:
        yield observed
    finally:
        duration = round((time.perf_counter() - observed.started) * 1000, 1)
        log("request", operation=operation, status=observed.status, duration_ms=duration)
        _request.reset(token)


def request_id() -> str | None:
    """
    Give the id of the request being served, if one is.
    """
    return _request.get()


def log(message: str, **fields: object) -> None:
    """
    Write one line. `message` is a constant of ours; fields outside `FIELDS` are named as dropped instead of written.
    """
    _logger().info(message, extra=_clean(fields))


def warn(message: str, **fields: object) -> None:
    """
    Write one line that somebody should look at.
    """
    _logger().warning(message, extra=_clean(fields))


def fault(error: BaseException, **fields: object) -> None:
    """
    Log a fault by its type and where it arose; never by its message, which may hold anything.
    """
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    chain = [type(error).__name__]
    cause = error.__cause__ or error.__context__
    while cause is not None and len(chain) < FRAMES:
        chain.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    _logger().error("fault", extra=_clean({"fault": " < ".join(chain), "where": where, **fields}))


def metric(name: str, value: float, *, unit: str = "Count", **dimensions: str) -> None:
    """
    Write one figure in CloudWatch's embedded metric format; dimensions are few and never a person's.
    """
    figures({name: (value, unit)}, **dimensions)


def figures(values: Mapping[str, tuple[float, str]], **dimensions: str) -> None:
    """
    Write several figures of the same dimensions as one line: name → (value, unit).
    """
    from aws_lambda_powertools.metrics import MetricResolution  # noqa: PLC0415 - loads with the first figure

    metrics = _metrics()
    for key, text in dimensions.items():
        metrics.add_dimension(key, _masked(text))
    for name, (value, unit) in values.items():
        metrics.add_metric(name, unit, value, MetricResolution.Standard)
    metrics.flush_metrics()


def _clean(fields: dict[str, object]) -> dict[str, object]:
    dropped = sorted(name for name in fields if name not in FIELDS)
    kept = {name: _safe(value) for name, value in fields.items() if name in FIELDS and value is not None}
    return {"request_id": request_id(), **kept, **({"dropped": dropped} if dropped else {})}


def _safe(value: object) -> object:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_safe(item) for item in value]
    return _masked(str(value))


def _masked(text: str) -> str:
    return SECRETS.sub("[masked]", text)


@cache
def _logger() -> "Logger":
    from aws_lambda_powertools import Logger  # noqa: PLC0415 - 60 ms that a cold start need not pay

    return Logger(service=SERVICE, location=None, log_uncaught_exceptions=False)


def _metrics() -> "AmazonCloudWatchEMFProvider":
    from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider  # noqa: PLC0415

    return AmazonCloudWatchEMFProvider(namespace=SERVICE, service=SERVICE, metric_set={}, dimension_set={}, metadata_set={})
