"""
Requests a second through the front on kept-alive connections, 16 clients, beside a bare ASGI application on the same server.

`python -m bench.front` measures a trivial application of ours; `--url http://127.0.0.1:8000` measures `slots` of a running system.
"""

import argparse
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from chalice.app import Blueprint, Chalice

from chalicelib.api import operation, routes
from chalicelib.api.call import AnyCall
from chalicelib.api.middleware import as_problems
from chalicelib.api.schemas.base import View
from local.front.__main__ import listen, server
from local.front.application import Front
from local.front.bridge import Bridge
from local.front.http import HttpReply, Receive, Scope, Send, write
from local.front.limits import Limits
from local.front.machine.link import Link
from local.front.machine.runtime import Runtime
from local.front.machine.service import Machine
from local.front.pages import Pages

CLIENTS = 16
SECONDS = 5.0
WANTED = 150


class Slots(View):
    """
    As long as a real day of slots.
    """

    items: list[dict[str, int]]


def trivial() -> Chalice:
    """
    An application whose only operation costs nothing itself.
    """
    blueprint = Blueprint("bench")
    answer = Slots(items=[{"free": hour, "capacity": 12, "free_secondary": 0} for hour in range(24)])

    def slots(_: AnyCall) -> View:
        return answer

    declared = {"summary": "", "tags": (), "roles": operation.PUBLIC, "response": Slots, "polled": True}
    operation.operation("GET", "/bench/slots", **declared)(slots)
    routes.route(blueprint, method="GET", path="/bench/slots")
    app = Chalice(app_name="bench", configure_logs=False, env={})
    app.register_middleware(as_problems, "http")
    app.register_blueprint(blueprint)
    return app


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """
    The least that an ASGI application can do.
    """
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    await write(send, HttpReply(200, (("Content-Type", "application/json"),), json.dumps({"items": list(range(24))}).encode()))


def measure(url: str, path: str) -> float:
    """
    Ask from all clients for some seconds; give answers a second.
    """
    parts = urlsplit(url)
    end = time.monotonic() + SECONDS

    def ask(_: int) -> int:
        connection, done = HTTPConnection(parts.hostname or "", parts.port, timeout=20), 0
        while time.monotonic() < end:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            done += 1
        connection.close()
        return done

    with ThreadPoolExecutor(CLIENTS) as threads:
        return sum(threads.map(ask, range(CLIENTS))) / SECONDS


def served(application: object, work: Callable[[str], float]) -> float:
    """
    Serve an application on a free port while some work is done with it.
    """
    listener, made = listen(port=0, descriptor=None), server(application)  # type: ignore[arg-type]
    thread = threading.Thread(target=made.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not made.started:
        time.sleep(0.01)
    try:
        return work(f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        made.should_exit = True
        thread.join(10)


def main() -> None:
    """
    Print the figures; fail under the wanted one.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a running front; loosen its limits first: PUT /local/limits")
    given = parser.parse_args()
    limits = Limits(factor=1_000_000)
    machine = Machine(runtime=Runtime(Path("none.json")), limits=limits, link=Link())
    alone = served(bare, lambda url: measure(url, "/"))
    print(f"bare ASGI application: {alone:,.0f} requests/s")
    if given.url:
        day = (datetime.now(UTC) + timedelta(days=30)).date()
        through = measure(given.url, f"/v1/checkpoints/nur-zholy/slots?date={day}")
    else:
        front = Front(Bridge(trivial(), limits=limits), machine, Pages(None))
        through = served(front, lambda url: measure(url, "/bench/slots"))
    print(f"through the front: {through:,.0f} requests/s, {CLIENTS} clients kept alive ({through / alone:.0%} of the bare one)")
    assert through >= WANTED, f"at least {WANTED} requests/s are wanted"


if __name__ == "__main__":
    main()
