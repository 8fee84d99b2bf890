"""
Which failures of the engine are worth another try, which of them leave open what happened, and how long to wait (architecture.md, T13).
"""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
)
from pynamodb.exceptions import PynamoDBException, TransactWriteError

MOST_TRIES: Final = 5
BASE_S: Final = 0.025
CAP_S: Final = 1.0

CONDITION = "ConditionalCheckFailed"
CANCELED = "TransactionCanceledException"
REFUSED_CODES: Final = frozenset({"ConditionalCheckFailedException"})
UNDONE_CODES: Final = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "ThrottlingError",
        "RequestLimitExceeded",
        "TransactionConflictException",
        # as reasons of a canceled transaction
        "TransactionConflict",
        "ProvisionedThroughputExceeded",
    }
)
OPEN_CODES: Final = frozenset(
    # the figures: an answer that is not the engine's own, from something on the way to it
    {"TransactionInProgressException", "InternalServerError", "InternalFailure", "ServiceUnavailable", "500", "502", "503", "504"}
)
UNSENT: Final = (ConnectTimeoutError, EndpointConnectionError)


class Failure(Enum):
    """
    What a failed call tells: a condition did not hold, nothing was done, or nobody knows.
    """

    REFUSED = auto()
    UNDONE = auto()
    UNKNOWN = auto()


def classify(error: Exception) -> Failure | None:
    """
    Read an error of the engine or the way to it; none: a mistake that no repetition cures.
    """
    cause = error.cause if isinstance(error, PynamoDBException) else error
    if isinstance(cause, ClientError):
        return _classify_code(cause.response.get("Error", {}).get("Code", ""), _reasons(error))
    if isinstance(cause, UNSENT):
        return Failure.UNDONE
    if isinstance(cause, HTTPClientError):
        return Failure.UNKNOWN
    return None


def _reasons(error: Exception) -> list[str]:
    if not isinstance(error, TransactWriteError):
        return []
    return [reason.code for reason in error.cancellation_reasons if reason is not None]


def refused_items(error: Exception) -> list[int] | None:
    """
    Say which items of a transaction, by their order, were not as seen; none: the call had one item only.
    """
    if not isinstance(error, TransactWriteError):
        return None
    return [index for index, reason in enumerate(error.cancellation_reasons) if reason is not None and reason.code == CONDITION]


def _classify_code(code: str, reasons: Iterable[str]) -> Failure | None:
    if code == CANCELED:
        found = set(reasons)
        if CONDITION in found:
            return Failure.REFUSED
        return Failure.UNDONE if found and found <= UNDONE_CODES else None
    if code in REFUSED_CODES:
        return Failure.REFUSED
    if code in UNDONE_CODES:
        return Failure.UNDONE
    return Failure.UNKNOWN if code in OPEN_CODES else None


@dataclass(frozen=True, slots=True)
class Pace:
    """
    Full jitter: before try n wait a random time up to `base · 2^n` seconds, never above the cap.
    """

    most_tries: int = MOST_TRIES
    base_s: float = BASE_S
    cap_s: float = CAP_S
    sleep: Callable[[float], None] = time.sleep
    draw: Callable[[], float] = random.random

    def pause(self, tried: int) -> None:
        """
        Wait after the given number of failed tries.
        """
        self.sleep(self.draw() * min(self.cap_s, self.base_s * 2**tried))


ENGINE_ERRORS: Final = (PynamoDBException, ClientError, BotoCoreError)
