"""
Offices: all use cases on the real engine, and on the store's stand-in where speed matters.
"""

import pytest

from tests.fakes.office import Office


@pytest.fixture
def office(store):
    """
    An office on the engine in memory, the booked day open.
    """
    made = Office(store)
    made.open()
    return made


@pytest.fixture
def quick_office(memory_store):
    """
    An office without an engine, the booked day open.
    """
    made = Office(memory_store)
    made.open()
    return made
