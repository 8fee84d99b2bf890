"""
What a failed call tells, and how long to wait before the next.
"""

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from pynamodb.exceptions import CancellationReason, GetError, TransactWriteError, VerboseClientError

from chalicelib.store.retries import Failure, Pace, classify, refused_items


def answered(code):
    """
    An error that the engine answered, as PynamoDB wraps it.
    """
    return GetError("x", ClientError({"Error": {"Code": code}}, "GetItem"))


def canceled(*codes):
    """
    A canceled transaction with its reasons.
    """
    reasons = [CancellationReason(code) if code else None for code in codes]
    cause = VerboseClientError({"Error": {"Code": "TransactionCanceledException"}}, "TransactWriteItems", cancellation_reasons=reasons)
    return TransactWriteError("x", cause)


class TestClassify:
    @pytest.mark.parametrize(
        ("error", "failure"),
        [
            (answered("ConditionalCheckFailedException"), Failure.REFUSED),
            (answered("ThrottlingException"), Failure.UNDONE),
            (answered("ProvisionedThroughputExceededException"), Failure.UNDONE),
            (answered("TransactionConflictException"), Failure.UNDONE),
            (answered("TransactionInProgressException"), Failure.UNKNOWN),
            (answered("InternalServerError"), Failure.UNKNOWN),
            (answered("503"), Failure.UNKNOWN),
            (answered("ValidationException"), None),
            (answered("AccessDeniedException"), None),
            (canceled(None, "TransactionConflict"), Failure.UNDONE),
            (canceled("ThrottlingError", "ProvisionedThroughputExceeded"), Failure.UNDONE),
            (canceled("TransactionConflict", "ConditionalCheckFailed"), Failure.REFUSED),
            (canceled("ValidationError", None), None),
            (canceled("TransactionConflict", "ValidationError"), None),
            (GetError("x", ConnectTimeoutError(endpoint_url="x")), Failure.UNDONE),
            (GetError("x", EndpointConnectionError(endpoint_url="x")), Failure.UNDONE),
            (ReadTimeoutError(endpoint_url="x"), Failure.UNKNOWN),
            (ConnectionClosedError(endpoint_url="x"), Failure.UNKNOWN),
            (NoCredentialsError(), None),
        ],
        ids=str,
    )
    def test_tells_done_undone_and_unknown_apart(self, error, failure):
        """
        Only what was certainly not done, or may have been, is worth another try; a refusal and a mistake are answers.
        """
        assert failure is classify(error)

    def test_names_the_items_that_were_not_as_seen(self):
        """
        A conflict names exactly the items whose condition failed, not those that merely met a rival transaction.
        """
        assert [1, 3] == refused_items(canceled("TransactionConflict", "ConditionalCheckFailed", None, "ConditionalCheckFailed"))
        assert refused_items(answered("ConditionalCheckFailedException")) is None


class TestPace:
    def test_waits_a_random_time_below_a_growing_bound(self):
        """
        Full jitter: the bound doubles with each try up to the cap, and the wait is drawn from all of it.
        """
        waits = []
        for draw in (0.0, 0.5, 1.0):
            pace = Pace(base_s=0.1, cap_s=0.5, sleep=waits.append, draw=lambda draw=draw: draw)
            for tried in (1, 2, 3):
                pace.pause(tried)

        assert [0, 0, 0, 0.1, 0.2, 0.25, 0.2, 0.4, 0.5] == pytest.approx(waits)
