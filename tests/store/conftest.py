"""
What the suite of the ports runs on: the store on the real engine, and its stand-in.
"""

import pytest


@pytest.fixture(params=["engine", "memory"])
def any_store(request):
    """
    The store on the real engine, and its stand-in.
    """
    return request.getfixturevalue("store" if request.param == "engine" else "memory_store")
