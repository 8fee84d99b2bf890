"""
One system for every journey of a test run: started at the first question, ended with the run. Its clock only moves forward.
"""

import pytest

from tests.journey.checkpoint import Checkpoint
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


@pytest.fixture(scope="module")
def checkpoint(system):
    """
    Nur Zholy with its cameras, its officer, and an ear at the broker.
    """
    with Checkpoint(system) as place:
        yield place
