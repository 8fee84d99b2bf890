import pytest

from local.ministack.provision import provision
from tests.local.ministack.engine import Engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = Engine(tmp_path_factory.mktemp("ministack"))
    engine.start()
    yield engine
    engine.kill()


@pytest.fixture(scope="module")
def cloud(engine, tmp_path_factory):
    return provision(endpoint=engine.endpoint, gateways=["alpha", "beta"], directory=tmp_path_factory.mktemp("certificates"))
