import asyncio
import contextlib
import json
import threading
from pathlib import Path

import pytest
from awsiot.eventstreamrpc import LifecycleHandler
from awsiot.greengrasscoreipc import connect
from awsiot.greengrasscoreipc.clientv2 import GreengrassCoreIPCClientV2

from local.greengrass.configuration import HostConfiguration
from local.greengrass.host import Host, lock, socket_path
from local.ministack.provision import provision
from tests.local.greengrass.gateway import Gateway
from tests.local.ministack.engine import Engine, free_port

COMPONENTS = Path(__file__).with_name("components")


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    engine = Engine(tmp_path_factory.mktemp("ministack"))
    engine.start()
    yield engine
    engine.kill()


@pytest.fixture(scope="session")
def cloud(engine, tmp_path_factory):
    return provision(endpoint=engine.endpoint, gateways=["alpha", "beta"], directory=tmp_path_factory.mktemp("certificates"))


def configuration(directory, *, mqtt):
    return HostConfiguration(
        checkpoint="alpha",
        thing="gw-alpha",
        state_dir=directory,
        spool_dir=directory / "spool",
        photos_dir=directory / "photos",
        control_port=free_port(),
        mqtt=mqtt,
        lanes=({"id": "entry-1", "kind": "entry"}, {"id": "exit-1", "kind": "exit"}),
        components=("tiny",),
        components_dir=COMPONENTS,
        clock_file=directory / "clock.json",
    )


@pytest.fixture
def site(tmp_path):
    """
    A configuration without a broker behind it.
    """
    (tmp_path / "any.pem").touch()
    return configuration(tmp_path, mqtt={"port": 1, **dict.fromkeys(("ca", "cert", "key"), tmp_path / "any.pem")})


@pytest.fixture(scope="module")
def connected(engine, cloud, tmp_path_factory):
    """
    A configuration of alpha's gateway with the real broker behind it.
    """
    mine = cloud.certificates["alpha"]
    mqtt = {"port": engine.mqtt_port, "ca": cloud.ca, "cert": mine.cert, "key": mine.key}
    return configuration(tmp_path_factory.mktemp("gateway"), mqtt=mqtt)


@pytest.fixture(scope="module")
def gateway(connected):
    """
    The host as a process of its own, with the component `tiny`.
    """
    (connected.state_dir / "host.json").write_text(json.dumps(json.loads(connected.model_dump_json())))
    gateway = Gateway(connected.state_dir / "host.json", port=connected.control_port)
    gateway.start()
    yield gateway
    gateway.stop()


class Nucleus:
    """
    The host in a thread of the test, with a component whose part the test plays.
    """

    def __init__(self, site):
        self.site = site
        self.host = None
        self._loop = None
        self._stop = None
        self._thread = None

    def start(self):
        """
        Run the host, and return once it is connected.
        """
        started = threading.Event()

        async def run():
            self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
            with lock(self.site.state_dir):
                self.host = Host(self.site)
                async with self.host.running():
                    started.set()
                    await self._stop.wait()

        self._thread = threading.Thread(target=lambda: asyncio.run(run()))
        self._thread.start()
        assert started.wait(10)
        self.run(asyncio.wait_for(self.host.uplink.connected.wait(), 10))

    def run(self, work):
        """
        Do something in the host's event loop and give its result.
        """
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def stop(self):
        """
        End the host and its component.
        """
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def token(self):
        """
        What the component shows on the socket.
        """
        return self.host.keepers[0].component.token


@pytest.fixture(scope="module")
def nucleus(connected):
    nucleus = Nucleus(connected.model_copy(update={"components": ("probe",), "control_port": 0}))
    nucleus.start()
    yield nucleus
    nucleus.stop()


class Lost(LifecycleHandler):
    """
    Notes that a connection was lost.
    """

    def __init__(self):
        super().__init__()
        self.event = threading.Event()

    def on_disconnect(self, reason):
        """
        Called by the SDK.
        """
        self.event.set()


@pytest.fixture
def link(nucleus):
    """
    Opens real IPC clients; with another token if one is given.
    """
    with contextlib.ExitStack() as stack:

        def link(token=None):
            lost = Lost()
            path = str(socket_path(nucleus.site.state_dir))
            client = GreengrassCoreIPCClientV2(
                client=connect(ipc_socket=path, authtoken=token or nucleus.token, lifecycle_handler=lost, timeout=5)
            )
            client.lost = lost.event
            stack.callback(client.close)
            return client

        yield link
