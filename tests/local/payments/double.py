"""
The payment double as tests meet it: a process that can be killed, and an inbox for what it sends.
"""

import json
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import stripe

SECRET_KEY = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
PUBLISHABLE_KEY = "pk_test_TYooMQauvdEDq54NiTphI7jx"
WEBHOOK_SECRET = "whsec_local_test"
START_SECONDS = 30.0


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_until(claim, *, seconds=15.0):
    """
    Wait for a claim to become true and return what it found.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := claim():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come true in time")


@dataclass
class RunningDouble:
    """
    `python -m local.payments` on a port of its own, with its state in a folder that outlives it.
    """

    folder: Path
    webhook_url: str | None = None
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    @property
    def base_url(self):
        """
        Where the API listens.
        """
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        """
        Start it, the first time or again, and wait until it answers.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "key").write_text(SECRET_KEY + "\n")
        (self.folder / "whsec").write_text(WEBHOOK_SECRET + "\n")
        command = [
            sys.executable, "-m", "local.payments", "--port", str(self.port), "--state", str(self.folder / "state"),
            "--secret-key-file", str(self.folder / "key"), "--publishable-key", PUBLISHABLE_KEY,
        ]  # fmt: skip
        if self.webhook_url:
            command += ["--webhook-url", self.webhook_url, "--webhook-secret-file", str(self.folder / "whsec")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=Path(__file__).parents[3])
        try:
            wait_until(self._listens, seconds=START_SECONDS)
        except AssertionError:
            self.kill()
            raise
        return self

    def kill(self):
        """
        SIGKILL: no farewell.
        """
        self.process.kill()
        self.process.wait()

    def stop(self):
        """
        SIGTERM, and wait.
        """
        self.process.terminate()
        self.process.wait(timeout=10)

    def sdk(self, *, key=SECRET_KEY):
        """
        The provider's own SDK, changed in nothing but the base URL.
        """
        return stripe.StripeClient(key, base_addresses={"api": self.base_url}, max_network_retries=0)

    def turn(self, group, **knobs):
        """
        PUT a group of knobs and return what they are now.
        """
        answer = httpx.put(f"{self.base_url}/_double/{group}", json=knobs, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def drain(self):
        """
        Wait until every webhook is settled.
        """
        return httpx.post(f"{self.base_url}/_double/webhooks/drain", json={"timeout_seconds": 15}, timeout=20, trust_env=False).json()

    def call(self, method, path, *, key=SECRET_KEY, headers=None, **fields):
        """
        A bare HTTP call, for what the SDK hides.
        """
        place = "params" if method == "GET" else "data"
        headers = {"Authorization": f"Bearer {key}"} | (headers or {})
        return httpx.request(method, self.base_url + path, headers=headers, timeout=40, trust_env=False, **{place: fields})

    def _listens(self):
        assert self.process.poll() is None, (self.folder / "log").read_text()
        try:
            return httpx.get(f"{self.base_url}/_double/webhooks", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False


@dataclass(frozen=True)
class Letter:
    """
    One webhook as received: the exact bytes and their signature.
    """

    payload: bytes
    signature: str

    @property
    def event(self):
        """
        The event in it.
        """
        return json.loads(self.payload)


class Inbox:
    """
    A receiver of webhooks that answers what it is told to; `statuses` are used up first, then 200.
    """

    def __init__(self):
        self.port = free_port()
        self.letters = []
        self.statuses = []
        self.gate = threading.Event()
        self.gate.set()
        self._server = None

    @property
    def url(self):
        """
        Where letters go.
        """
        return f"http://127.0.0.1:{self.port}/v1/stripe/webhook"

    def types(self):
        """
        The types of all letters so far, in the order of arrival.
        """
        return [letter.event["type"] for letter in list(self.letters)]

    def of(self, kind):
        """
        All letters of a type so far.
        """
        return [letter for letter in list(self.letters) if letter.event["type"] == kind]

    def open(self):
        """
        Listen, the first time or again on the same port.
        """
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if len(body) < int(self.headers["Content-Length"]):
                    return  # the sender was killed in mid-sentence
                inbox.letters.append(Letter(body, self.headers["Stripe-Signature"]))
                inbox.gate.wait(20)
                self.send_response(inbox.statuses.pop(0) if inbox.statuses else 200)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                """
                A killed sender leaves a broken connection; that is the point of it.
                """

        self._server = Quiet(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def close(self):
        """
        Stop listening.
        """
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
