from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from chalice.app import Blueprint, Chalice

import app as application
from chalicelib.api import identity, operation, routes
from chalicelib.api.middleware import BINARY_TYPES, CORS, as_problems
from tests.api.client import Client
from tests.api.house import built
from tests.api.keys import tokens


@dataclass
class FakeIdentity:
    """
    Accounts of the tests and their rights; tokens are real.
    """

    accounts: dict = field(default_factory=dict)

    def claims_of(self, token):
        """
        Read a token.
        """
        return tokens().claims_of(token)

    def rights_of(self, account):
        """
        Give the rights that a test gave.
        """
        return self.accounts.get(account)

    def bearer(self, account, *, roles=("user",), checkpoints=()):
        """
        Sign somebody in with rights.
        """
        self.accounts[account] = SimpleNamespace(roles=roles, checkpoints=checkpoints)
        return {"Authorization": f"Bearer {tokens().issue(account=account).token}"}


@pytest.fixture
def people(monkeypatch):
    fake = FakeIdentity()
    monkeypatch.setattr(identity, "identity", lambda: fake)
    return fake


@pytest.fixture
def client(people):
    return Client(application.app)


class Sample:
    """
    An application of operations declared by one test.
    """

    def __init__(self):
        self.blueprint = Blueprint("tests")

    def declare(self, method, path, handler=None, **declared):
        """
        Declare one more operation.
        """
        declared = {"summary": "A sample", "tags": ("Samples",), "roles": operation.PUBLIC, "response": None, **declared}
        operation.operation(method, path, **declared)(handler or answer_nothing)
        routes.route(self.blueprint, method=method, path=path)
        return self

    def client(self):
        """
        Make the application and a client of it.
        """
        app = Chalice(app_name="sample", configure_logs=False, env={})
        app.api.binary_types = list(BINARY_TYPES)
        app.api.cors = CORS
        app.register_middleware(as_problems, "http")
        app.register_blueprint(self.blueprint)
        return Client(app)


def answer_nothing(call):
    return None


@pytest.fixture
def sample(monkeypatch):
    monkeypatch.setattr(operation, "OPERATIONS", {})
    return Sample()


@pytest.fixture(scope="session")
def built_house(engine, tmp_path_factory):
    with built(engine, tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture
def house(built_house):
    """
    The whole API on a real engine; callers are new in every test.
    """
    built_house.registers.answers.clear()
    return built_house
