import httpx
import pytest

from chalicelib.gateways.registries import RelayCertificates, RelayRegisters
from tests.local.registers.process import RegistersProcess


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    """
    One simulator for a module's tests.
    """
    running = RegistersProcess(tmp_path_factory.mktemp("registers"))
    yield running
    running.kill()


@pytest.fixture
def steer(process):
    """
    Steers a register; afterwards all pass again.
    """
    steered = set()

    def turn(source, mode, **more):
        steered.add(source)
        httpx.put(f"{process.control}/registries/{source}", json={"mode": mode, **more}).raise_for_status()

    yield turn
    for source in steered:
        httpx.put(f"{process.control}/registries/{source}", json={"mode": "pass"}).raise_for_status()


@pytest.fixture
def certificates(process):
    """
    Our side of the mutual TLS.
    """
    folder = process.certificates
    return RelayCertificates(folder / "authority.pem", folder / "client.pem", folder / "client.key")


@pytest.fixture
def registers(process, certificates):
    """
    The adapter against the real relay, with a second and a half of patience.
    """
    return RelayRegisters(base_url=process.relay, certificates=certificates, timeouts=dict.fromkeys(SOURCES, 1.5))


SOURCES = [*(str(number) for number in range(1, 18)), "17-2", "18"]
