import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from chalice.app import Blueprint, Chalice

from chalicelib.api import operation, routes
from chalicelib.api.answers import Document
from chalicelib.api.middleware import BINARY_TYPES, CORS, as_problems
from chalicelib.api.operation import PUBLIC, PathParameter, Rate
from chalicelib.api.schemas.base import Query, Request, View
from local.front.__main__ import listen, server
from local.front.application import Front
from local.front.bridge import Bridge
from local.front.limits import Limits
from local.front.machine.link import Link
from local.front.machine.runtime import Runtime
from local.front.machine.service import Machine
from local.front.pages import Pages

SEGMENT = PathParameter(r"[\w/ %-]+", "Anything", "one")


class EchoQuery(Query):
    said: str | None = None
    sleep: float = 0


class EchoRequest(Request):
    text: str


class Echo(View):
    id: str
    said: str | None
    user: str | None
    address: str
    text: str | None = None


def echo(call):
    if call.query.sleep:
        time.sleep(call.query.sleep)
    text = call.body.text if call.body is not None else None
    return Echo(id=call.path["id"], said=call.query.said, user=call.headers.get("x-user"), address=call.address, text=text)


def sample_app():
    """
    A small application of real declarations.
    """
    blueprint = Blueprint("tests")
    declared = {"summary": "", "tags": (), "roles": PUBLIC, "query": EchoQuery, "response": Echo, "parameters": {"id": SEGMENT}}
    operation.operation("GET", "/v1/echo/{id}", **declared)(echo)
    operation.operation("POST", "/v1/echo/{id}", request=EchoRequest, rate=Rate.OTP, **declared)(echo)
    operation.operation("GET", "/v1/file", summary="", tags=(), roles=PUBLIC, response=None)(
        lambda call: Document(b"%PDF-\xff\x00", "application/pdf", "pass.pdf")
    )
    app = Chalice(app_name="sample", configure_logs=False, env={})
    app.api.binary_types = list(BINARY_TYPES)
    app.api.cors = CORS
    app.register_middleware(as_problems, "http")
    for method, path in operation.OPERATIONS:
        routes.route(blueprint, method=method, path=path)
    app.register_blueprint(blueprint)
    return app


@contextmanager
def running(front):
    """
    Serve a front on a free port of loopback, in a thread.
    """
    listener, made = listen(port=0, descriptor=None), server(front)
    thread = threading.Thread(target=made.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not made.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        made.should_exit = True
        thread.join(10)
        listener.close()


@contextmanager
def part(answers):
    """
    Another part of the local system: answers POST, PUT and GET by path and remembers what it was asked.
    """
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.append((self.command, self.path, body))
            status, document = answers(self.command, self.path, body)
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the names are the base class's

        def log_message(self, *args):
            """
            Say nothing.
            """

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{made.server_address[1]}", seen
    finally:
        made.shutdown()
        made.server_close()
        thread.join(5)


@pytest.fixture
def state(tmp_path):
    """
    A state folder with an empty runtime file.
    """
    (tmp_path / "runtime.json").write_text("{}")
    return tmp_path


@pytest.fixture
def announce(state):
    def write(**parts):
        (state / "runtime.json").write_text(json.dumps(parts))

    return write


@pytest.fixture
def limits():
    return Limits(factor=1000)


@pytest.fixture
def pages_root(tmp_path):
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>entry</title>")
    (root / "assets" / "app-1a2b.js").write_text("export {}")
    (tmp_path / "secret.txt").write_text("secret")
    return root


@pytest.fixture
def front(monkeypatch, state, limits, pages_root):
    monkeypatch.setattr(operation, "OPERATIONS", {})
    monkeypatch.setattr("local.front.bridge.OPERATIONS", operation.OPERATIONS)
    machine = Machine(runtime=Runtime(state / "runtime.json"), limits=limits, link=Link())
    return Front(Bridge(sample_app(), limits=limits, seconds=1.0), machine, Pages(pages_root))


@pytest.fixture
def url(front):
    with running(front) as address:
        yield address


@pytest.fixture
def http(url):
    with httpx.Client(base_url=url, trust_env=False, timeout=10) as client:
        yield client
