"""
The one system of the test run, shared with the journeys: what is asked of it here leaves it as it was, or as it would be after a restart.
"""

import httpx
import pytest

from tests.local.supervisor.running import end, running


@pytest.fixture(scope="session")
def system():
    """
    The whole system, up.
    """
    try:
        yield running()
    finally:
        end()


@pytest.fixture
def local(system):
    """
    A client of `/local/…`: method, path under it, JSON.
    """

    def ask(method, path, body=None):
        return httpx.request(method, f"{system.base}/local/{path}", json=body, timeout=90)

    return ask
