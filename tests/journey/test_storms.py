"""
Worse than any one process: kills every second, several at once; and processes that hang, which is worse than dead.
"""

import os
import random
import signal
import time
from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest

from tests.journey.storms import Storm
from tests.journey.test_kills import check

REQUEST_S = 20.0
STORIES = 3

pytestmark = [pytest.mark.xdist_group("system"), pytest.mark.timeout(300)]


@pytest.fixture
def freeze(system):
    """
    Freezes a process until it is thawed, at the latest at the test's end.
    """
    frozen = []

    def stop(name):
        frozen.append(system.processes()[name])
        os.kill(frozen[-1], signal.SIGSTOP)

    def thaw():
        while frozen:
            os.kill(frozen.pop(), signal.SIGCONT)

    yield SimpleNamespace(stop=stop, thaw=thaw)
    thaw()


@pytest.mark.slow
class TestStorm:
    @pytest.mark.parametrize(("pause", "frozen"), [(1.2, False), (2.0, True)], ids=["kills", "freezes"])
    def test_stories_are_told_to_their_ends(self, checkpoint, pause, frozen):
        """
        Three stories in a row under blows: each completes, and afterwards nothing is lost or there twice.
        """
        chance = random.Random(pause)
        told = []
        with Storm(checkpoint.system, chance=chance, pause=pause, freeze=frozen) as storm:
            for _ in range(STORIES):
                journey = checkpoint.journey(ahead=timedelta(hours=27))
                for _name, chapter in journey.chapters():
                    chapter()
                told.append(journey)

        assert storm.hits > 2 * STORIES
        for journey in told:
            check(checkpoint, journey, [])


@pytest.mark.slow
class TestFrozenPart:
    """
    What hangs is not gone: no request may hang with it.
    """

    @pytest.mark.parametrize(
        ("part", "method", "path", "body"),
        [
            ("dynamodb", "GET", "/v1/me", None),
            ("dynamodb", "GET", "/v1/checkpoints/nur-zholy/board", None),
            ("payments", "POST", "/v1/me/wallet/top-ups", {"amount": {"amount": 100_000, "currency": "KZT"}}),
            ("registers", "GET", "/local/outbox?to=%2B77010000001", None),
        ],
        ids=["store: own", "store: public", "provider", "outbox"],
    )
    def test_costs_a_request_at_most_twenty_seconds(self, checkpoint, freeze, part, method, path, body):
        """
        The answer is 503 problem+json with Retry-After within 20 seconds; thawed, the same request is answered.
        """
        user = checkpoint.booked()
        headers = {"Authorization": f"Bearer {user.user.token}", "Idempotency-Key": f"frozen-{time.monotonic_ns()}"}
        freeze.stop(part)
        since = time.monotonic()
        reply = httpx.request(method, user.user.base + path, json=body, headers=headers, timeout=60)
        took = time.monotonic() - since

        assert 503 == reply.status_code
        assert took < REQUEST_S
        assert "application/problem+json" == reply.headers["content-type"]
        assert int(reply.headers["retry-after"]) > 0
        freeze.thaw()
        assert httpx.request(method, user.user.base + path, json=body, headers=headers, timeout=60).is_success
