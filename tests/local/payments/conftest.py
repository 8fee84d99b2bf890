import pytest

from tests.local.payments.double import Inbox, RunningDouble


@pytest.fixture(scope="package")
def double(tmp_path_factory):
    running = RunningDouble(tmp_path_factory.mktemp("double")).start()
    yield running
    running.stop()


@pytest.fixture
def inbox():
    opened = Inbox().open()
    yield opened
    opened.close()


@pytest.fixture
def sender(tmp_path, inbox):
    """
    A double of this test alone that sends its webhooks to the inbox.
    """
    running = RunningDouble(tmp_path / "double", webhook_url=inbox.url).start()
    yield running
    inbox.gate.set()
    running.stop()


@pytest.fixture
def sdk(double):
    return double.sdk()
