"""
The one system of the test run, for the story told from a terminal.
"""

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
