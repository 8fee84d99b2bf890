"""
Offices: all use cases on the real engine, and on the store's stand-in where speed matters.
"""

import pytest

from chalicelib.usecases.ports import Write
from tests.fakes import samples
from tests.fakes.office import Office
from tests.usecases.payers import PART


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


@pytest.fixture(params=[30, pytest.param(100, marks=pytest.mark.slow)])
def rounds(request):
    """
    Tell how often two are raced: thirty times at every run, a hundred times in the slow suite.
    """
    return request.param


@pytest.fixture
def payable(quick_office):
    """
    The same with a held place, of an account whose wallet has a part.
    """
    quick_office.held()
    quick_office.fill("acc_1", PART)
    return quick_office


@pytest.fixture
def desk(office):
    """
    An office with two users.
    """
    for account in ("acc_1", "acc_2"):
        office.store.commit(Write(samples.account(id=account, person=f"per_{account}", roles=("user",))))
    return office
