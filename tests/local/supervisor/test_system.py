"""
The whole system started, ended, killed and started again: what was there is there, and nothing is left behind.
"""

import os
import signal
import socket
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from local.supervisor.layout import is_free
from tests.journey.chaos import LOADED
from tests.journey.checkpoint import Checkpoint
from tests.local.supervisor.running import Running

SECOND_START_S = 20.0
PARTS = {"dynamodb", "cloud", "registers", "payments", "runner", "front", "gateway:nur-zholy"}
COMPONENTS = {f"{name}:nur-zholy" for name in ("plate_reader", "gate", "board")}

pytestmark = [pytest.mark.xdist_group("system"), pytest.mark.timeout(300)]


def gone(pids, seconds=10):
    """
    Wait until no process of these ids is left.
    """
    deadline = time.monotonic() + seconds
    while left := [pid for pid in pids if alive(pid)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def alive(pid):
    """
    Whether a process runs; one that has ended and waits to be collected does not.
    """
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture(scope="module")
def booking(system):
    """
    A paid booking made before the first stop.
    """
    with Checkpoint(system) as checkpoint:
        return checkpoint.booked(ahead=timedelta(hours=27))


class TestInfo:
    def test_names_every_process_and_what_runs_where(self, system):
        """
        All parts with living process ids, addresses, the broker's certificates, the seeded sign-ins, the clock.
        """
        info = system.info()

        assert set(system.processes()) >= PARTS | COMPONENTS
        assert all(alive(pid) for pid in system.processes().values())
        assert {"api", "docs", "cabinet", "payment", "dynamodb", "mqtt", "staff", "clock"} <= set(info)
        assert {"user"} | {one["role"] for one in info["staff"]} >= {"officer", "registrar", "finance", "admin", "device_operator"}
        assert all(Path(path).exists() for path in (info["mqtt"]["ca"], *info["mqtt"]["observer"].values()))

    def test_listens_on_loopback_alone(self, system):
        """
        No port of the system answers on the machine's other addresses.
        """
        others = {found[4][0] for found in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1", "127.0.1.1"}
        ports = [system.port, system.info()["mqtt"]["port"], *(int(url.rsplit(":", 1)[1]) for url in (system.info()["dynamodb"],))]

        for address in others:
            for port in ports:
                with pytest.raises(OSError, match=r"refused|timed out"):
                    socket.create_connection((address, port), timeout=0.5)


class TestGatewayOnDemand:
    def test_starts_when_its_checkpoint_is_first_asked_for(self, system, local):
        """
        Two readings at once for a checkpoint without a gateway: one gateway starts, both are decided by it from its list, its processes are named.
        """
        other = next(
            item["id"]
            for item in system.door().ask("GET", "/v1/checkpoints")["items"]
            if item["id"] not in {"nur-zholy", "alakol", "dostyk"}
        )
        assert f"gateway:{other}" not in system.processes()
        reading = {"text": "123ABC02", "country": "KZ", "confidence": 0.99}
        replies = []
        path = f"checkpoints/{other}/lanes/entry-1/reading"
        threads = [threading.Thread(target=lambda: replies.append(local("POST", path, reading))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [200, 200] == [reply.status_code for reply in replies]
        decisions = [reply.json()["decision"] for reply in replies]
        assert {("stay", "UNKNOWN_VEHICLE", "gateway")} == {(made["action"], made["reason"], made["by"]) for made in decisions}
        names = [item["name"] for item in system.info()["processes"]]
        assert 1 == names.count(f"gateway:{other}")
        assert {f"{name}:{other}" for name in ("plate_reader", "gate", "board")} <= set(names)

    def test_is_refused_for_a_checkpoint_that_is_none(self, local):
        """
        404, and nothing starts.
        """
        assert (
            404 == local("POST", "checkpoints/atlantis/lanes/entry-1/reading", {"text": "1", "country": "KZ", "confidence": 1}).status_code
        )
        assert 404 == local("POST", "checkpoints/atlantis/network", {"connected": True}).status_code


class TestPortTaken:
    def test_is_said_in_a_line_and_starts_nothing(self, tmp_path):
        """
        Somebody listens on PORT: exit status 1, the port named with the way out, no process left.
        """
        with socket.create_server(("127.0.0.1", 0)) as taken:
            other = Running(state=tmp_path / "state", port=taken.getsockname()[1])
            other.start(wait=False)
            assert 1 == other.process.wait(60)

        assert f"port {other.port} is taken" in other.said()
        assert "Traceback" not in other.said()
        assert not (tmp_path / "state" / "runtime.json").exists()


class TestRestart:
    """
    The tests of this class stop the shared system and start it again.
    """

    def again(self, system, end):
        """
        End the system in some way, start it again: what was announced before and after, and how long the start took.
        """
        before = system.info()
        end()
        gone([item["pid"] for item in before["processes"]])
        took = system.start()
        return before, system.info(), took

    def check(self, system, booking, before, after, took):
        """
        Found again: addresses, business time, the booking with number and money; up in time.
        """
        for name in ("api", "dynamodb", "mqtt", "payment", "registers"):
            assert before[name] == after[name]
        assert before["clock"]["now"] <= after["clock"]["now"]
        found = booking.user.ask("GET", f"/v1/bookings/{booking.booking}")
        assert ("confirmed", booking.number) == (found["status"], found["number"])
        assert booking.deposit == booking.user.ask("GET", "/v1/me/wallet")["held"]["amount"]
        assert set(system.processes()) >= PARTS | COMPONENTS
        assert took <= SECOND_START_S * (2 if os.getloadavg()[0] > LOADED else 1)

    def test_finds_everything_after_ctrl_c(self, system, booking):
        """
        SIGINT ends every process and exits 0; the next start finds all data at the same addresses within 20 seconds.
        """
        ports = [int(url.rsplit(":", 1)[1]) for url in (system.info()["dynamodb"], system.info()["payment"]["base_url"])]

        def end():
            assert 0 == system.stop(signal.SIGINT)
            assert "no process is left" in system.said()
            assert all(is_free(port) for port in (*ports, system.port))

        self.check(system, booking, *self.again(system, end))

    def test_finds_everything_after_a_kill_of_its_keeper(self, system, booking):
        """
        SIGKILL of the supervisor takes every process along (the kernel's leash); the next start finds all data.
        """

        def end():
            system.process.kill()
            system.process.wait()

        self.check(system, booking, *self.again(system, end))

    def test_lets_the_truck_of_before_come_in(self, system, booking):
        """
        The gateway knows it still: the booking made before both ends goes on to the gate.
        """
        with Checkpoint(system) as checkpoint:
            checkpoint.door.skip_to(booking.slot - timedelta(minutes=20))
            assert "arrived" == checkpoint.read("wa-in", booking.truck.plate)["action"]
            assert "open" == checkpoint.read("entry-1", booking.truck.plate)["action"]
            booking._until("admitted")
