"""
Gateways are heard before anybody is judged by their silence.
"""

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from local.runner import sites
from local.runner.sites import Sites
from local.supervisor.layout import free_port

MOMENT = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def cloud(monkeypatch):
    """
    What the cloud knows of the gateways, by checkpoint.
    """
    known = {}
    passages = SimpleNamespace(gateway=lambda checkpoint: SimpleNamespace(reported_upto=known.get(checkpoint)))
    monkeypatch.setattr(sites, "wiring", SimpleNamespace(store=lambda: SimpleNamespace(passages=passages)))
    return known


@pytest.fixture
def host():
    """
    A component host's control port: says whether it is connected, and does something when it is drained.
    """
    servers = []

    def start(*, connected, drained=lambda: None):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer({"checkpoint": "nur-zholy", "connected": connected})

            def do_POST(self):
                drained()
                self.answer({"pending": 0})

            def answer(self, document):
                body = json.dumps(document).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def seconds(act):
    """
    How long something takes.
    """
    since = time.monotonic()
    act()
    return time.monotonic() - since


@pytest.mark.rule("D18")
class TestHear:
    def test_waits_until_the_report_is_stored(self, cloud, host):
        """
        The heartbeat takes 0.3 s to the store: hearing lasts as long and no longer.
        """

        def report():
            threading.Timer(0.3, cloud.update, [{"nur-zholy": MOMENT + timedelta(seconds=1)}]).start()

        found = Sites(lambda: [host(connected=True, drained=report)])

        assert 0.25 <= seconds(lambda: found.hear(MOMENT)) < sites.REPORT_S

    def test_does_not_wait_for_a_site_that_is_cut_off(self, cloud, host):
        """
        Nothing can come: time goes on at once.
        """
        assert seconds(lambda: Sites(lambda: [host(connected=False)]).hear(MOMENT)) < sites.REPORT_S

    def test_gives_up_after_a_while(self, cloud, host, monkeypatch):
        """
        A report that never comes costs its bounded wait, not the clock's standstill.
        """
        monkeypatch.setattr(sites, "REPORT_S", 0.3)
        cloud["nur-zholy"] = MOMENT - timedelta(seconds=1)

        assert 0.25 <= seconds(lambda: Sites(lambda: [host(connected=True)]).hear(MOMENT)) < 0.3 * 6

    def test_passes_by_a_host_that_is_away(self, cloud):
        """
        A killed host neither answers nor holds anything up.
        """
        assert seconds(lambda: Sites(lambda: [f"http://127.0.0.1:{free_port()}"]).hear(MOMENT)) < sites.REPORT_S
