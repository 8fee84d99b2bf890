"""
The engine of a test session, and stores on it: each under a prefix of its own, so that no test sees another's rows.
"""

import uuid

import pytest
from _pytest.nodeid import NodeId

from chalicelib.store.database import StoreSettings
from chalicelib.store.personal_data import PersonalData
from chalicelib.store.retries import Pace
from chalicelib.store.store import Store
from local.engines.engine import Engine
from tests.fakes.kept_tables import KeptTables
from tests.fakes.memory_people import MemoryPeople
from tests.fakes.memory_store import MemoryStore
from tests.fakes.outside import PlainHash
from tests.fakes.rules import next_step


def pytest_collection_modifyitems(config, items):
    """
    Keep tests of one `xdist_group` in one worker: pytest-xdist 3.8 names the group in a place that pytest 9.2 no longer reads.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        group = item.get_closest_marker("xdist_group")
        if group is not None and "@" not in item.nodeid.rpartition("]")[2]:
            item._id = NodeId.parse(f"{item.nodeid}@{group.args[0]}")


def settings_of(engine):
    """
    Name a fresh set of tables on an engine.
    """
    return StoreSettings(
        prefix=f"t{uuid.uuid4().hex[:8]}-",
        region="eu-central-1",
        endpoint_url=engine.url,
        access_key_id="local",
        secret_access_key="local",
        pace=Pace(base_s=0.001, cap_s=0.05),
    )


def open_store(engine):
    """
    Make a store with fresh tables on an engine.
    """
    store = Store(settings_of(engine), next_step=next_step)
    store.create_tables()
    return store


@pytest.fixture(scope="session")
def engine():
    """
    One DynamoDB engine in memory for the whole session.
    """
    with Engine() as running:
        yield running


@pytest.fixture(scope="session")
def kept_tables(engine):
    """
    The tables of the stores that tests use one after another.
    """
    made = open_store(engine)
    return KeptTables(made.database.settings, made.rows)


@pytest.fixture
def store(kept_tables):
    """
    A store whose tables are empty, in memory.
    """
    kept_tables.empty()
    return Store(kept_tables.settings, next_step=next_step)


@pytest.fixture
def people(engine):
    """
    A room for personal data with fresh tables, in memory.
    """
    room = PersonalData(settings_of(engine), hashed=PlainHash().of)
    room.create_tables()
    return room


@pytest.fixture
def memory_store():
    """
    The store's stand-in without an engine.
    """
    return MemoryStore(next_step=next_step)


@pytest.fixture
def memory_people():
    """
    The room's stand-in without an engine.
    """
    return MemoryPeople()


@pytest.fixture
def disk_engine(tmp_path):
    """
    An engine of one test on disk; it may be killed and started again.
    """
    with Engine(state=tmp_path / "engine") as running:
        yield running


@pytest.fixture
def disk_store(disk_engine):
    """
    A store with fresh tables, on disk.
    """
    return open_store(disk_engine)
