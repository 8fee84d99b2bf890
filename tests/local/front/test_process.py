import json
import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

READY_SECONDS = 30


@pytest.fixture
def process(tmp_path):
    """
    The front as the supervisor starts it: on a socket that outlives it.
    """
    (tmp_path / "runtime.json").write_text(json.dumps({"api": "http://here"}))
    (tmp_path / "front.json").write_text(json.dumps({"runtime": "runtime.json", "factor": 7}))
    listener = socket.create_server(("127.0.0.1", 0))
    listener.set_inheritable(True)
    started = []

    def start():
        command = [sys.executable, "-m", "local.front", "--fd", str(listener.fileno()), "--config", str(tmp_path / "front.json")]
        log = (tmp_path / "front.log").open("ab")
        started.append(
            subprocess.Popen(command, pass_fds=[listener.fileno()], stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": "."})
        )
        return started[-1]

    yield f"http://127.0.0.1:{listener.getsockname()[1]}", start
    for item in started:
        item.kill()
        item.wait(10)
    listener.close()


def asked(url):
    """
    Ask for health until it answers.
    """
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            return httpx.get(url, trust_env=False, timeout=READY_SECONDS)
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(url)


class TestProcess:
    def test_serves_the_real_application_and_survives_being_killed(self, process):
        """
        Killed, it leaves the port to its successor: a client that connects meanwhile is served by it.
        """
        url, start = process
        first = start()
        assert {"status": "ok", "version": "0.1.0"} == asked(f"{url}/v1/health").json()
        assert ("http://here", 7) == ((info := asked(f"{url}/local/info").json())["api"], info["limits"]["factor"])
        assert 200 == asked(f"{url}/docs").status_code
        assert 404 == asked(f"{url}/v1/nowhere").status_code

        first.send_signal(signal.SIGKILL)
        first.wait(10)
        start()
        assert 200 == asked(f"{url}/v1/health").status_code

    def test_ends_when_told_to(self, process):
        """
        SIGTERM ends it within seconds.
        """
        url, start = process
        running = start()
        asked(f"{url}/v1/health")
        running.send_signal(signal.SIGTERM)

        assert running.wait(10) in (0, -signal.SIGTERM)
