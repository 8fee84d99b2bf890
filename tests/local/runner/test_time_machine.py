"""
The clock's own logic without a system: where it stops, what it runs there, what cannot stop it.
"""

import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest

from local.runner import time_machine
from local.runner.agenda import Did
from local.runner.sites import Sites
from local.runner.time_machine import BackwardsError, TimeMachine
from local.supervisor.layout import free_port

START = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class StoppedWall:
    """
    A wall clock that stands, under a business clock that reads the machine's file.
    """

    def __init__(self, file):
        self._file = file

    def wall(self):
        """
        The wall's time.
        """
        return START

    def now(self):
        """
        Business time.
        """
        offset = json.loads(self._file.read_text())["offset_seconds"] if self._file.exists() else 0
        return START + timedelta(seconds=offset)


class PlannedAgenda:
    """
    Work at planned moments; remembers when each was run.
    """

    def __init__(self, clock, planned):
        self.clock, self.planned, self.ran, self.sweeps = clock, sorted(planned), [], 0

    def run_due(self):
        """
        Run what is due now.
        """
        due = [moment for moment in self.planned if moment <= self.clock.now()]
        self.planned = [moment for moment in self.planned if moment > self.clock.now()]
        self.ran += [self.clock.now() for _ in due]
        return [Did("work", self.clock.now(), {"changed": 1}) for _ in due]

    run_foreseen = run_due

    def sweep(self):
        """
        Count the sweeps.
        """
        self.sweeps += 1
        return 0

    def foresees(self, _step):
        """
        Nobody is to be annulled.
        """
        return False

    def next_due(self, *, after):
        """
        The next planned moment.
        """
        return next((moment for moment in self.planned if moment > after), None)


@pytest.fixture
def clock(tmp_path, monkeypatch):
    """
    Business time of one test.
    """
    found = StoppedWall(tmp_path / "clock.json")
    monkeypatch.setattr(time_machine, "wiring", SimpleNamespace(clock=lambda: found))
    return found


@pytest.fixture
def machine(clock, tmp_path):
    """
    A machine over planned work, with these gateways.
    """

    def make(planned=(), gateways=()):
        agenda = PlannedAgenda(clock, planned)
        nobody = f"http://127.0.0.1:{free_port()}"
        return TimeMachine(agenda=agenda, clock_file=tmp_path / "clock.json", sites=Sites(lambda: gateways), payments=nobody), agenda

    return make


@pytest.fixture
def gateway(clock):
    """
    A gateway that notes at which moments it was drained.
    """
    drained = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            drained.append((self.path, clock.now()))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_address[1]}", drained=drained)
    server.shutdown()
    server.server_close()


class TestTimeMachine:
    def test_stops_at_each_due_moment_in_order(self, machine, clock):
        """
        Everything due on the way is run at its own moment, what is due on arrival as well, what comes later not.
        """
        planned = [START + HOUR * count for count in (3, 1, 2, 5, 9)]
        moved, agenda = machine(planned)
        arrived, did = moved.move(target=START + 5 * HOUR)

        assert START + 5 * HOUR == arrived == clock.now()
        assert [START + HOUR * count for count in (1, 2, 3, 5)] == agenda.ran == [one.at for one in did]
        assert [START + 9 * HOUR] == agenda.planned

    def test_goes_straight_where_nothing_is_due(self, machine, clock):
        """
        A leap over a year without work takes one step.
        """
        moved, agenda = machine()
        moved.move(target=START + timedelta(days=365))

        assert START + timedelta(days=365) == clock.now()
        assert agenda.sweeps <= 4

    def test_never_goes_back(self, machine, clock):
        """
        An earlier target is refused and the clock stands where it stood.
        """
        moved, _ = machine()
        moved.move(target=START + HOUR)
        with pytest.raises(BackwardsError):
            moved.move(target=START)

        assert START + HOUR == clock.now()

    def test_drains_gateways_at_every_stop(self, machine, gateway):
        """
        Before time goes on, every gateway is asked to report what it holds: at the start, at each stop, on arrival.
        """
        moved, _ = machine([START + HOUR, START + 2 * HOUR], [gateway.url])
        moved.move(target=START + 3 * HOUR)

        assert {"/drain"} == {path for path, _ in gateway.drained}
        assert [START + count * HOUR for count in range(4)] == [moment for _, moment in gateway.drained]

    def test_is_not_held_up_by_a_gateway_that_is_away(self, machine, gateway, clock):
        """
        One gateway does not answer: the others are drained and time goes on.
        """
        moved, _ = machine([START + HOUR], [f"http://127.0.0.1:{free_port()}", gateway.url])
        moved.move(target=START + 2 * HOUR)

        assert START + 2 * HOUR == clock.now()
        assert 3 == len(gateway.drained)

    def test_keeps_where_it_is_in_its_file(self, machine, clock, tmp_path):
        """
        The offset lies in the file that every process reads.
        """
        moved, _ = machine()
        moved.move(target=START + HOUR)

        assert {"offset_seconds": 3600.0} == json.loads((tmp_path / "clock.json").read_text())
