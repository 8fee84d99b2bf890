"""
`python -m local.front (--port P | --fd N) --config FILE`: the front as one process of the local system.
"""

import argparse
import json
import logging
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from chalicelib.api import routes
from local.front.application import Front
from local.front.bridge import Bridge
from local.front.limits import Limits
from local.front.machine.link import Link
from local.front.machine.runtime import Runtime
from local.front.machine.service import Machine
from local.front.pages import Pages

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Configuration:
    """
    `runtime`: the supervisor's file; `pages`: the built web application, if any; `factor` loosens rate limits.
    """

    runtime: Path
    pages: Path | None = None
    factor: float = 1.0

    @classmethod
    def read(cls, path: Path) -> "Configuration":
        """
        Read a JSON file; relative paths are relative to it.
        """
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        pages = path.parent / document["pages"] if document.get("pages") else None
        return cls(path.parent / document["runtime"], pages, float(document.get("factor", 1.0)))


def build(configuration: Configuration) -> Front:
    """
    Put the front together around the real application.
    """
    from app import app  # noqa: PLC0415 - the application is imported where it is served

    routes.load_all()
    limits = Limits(factor=configuration.factor)
    machine = Machine(runtime=Runtime(configuration.runtime), limits=limits, link=Link())
    pages = configuration.pages if configuration.pages is not None and configuration.pages.is_dir() else None
    return Front(Bridge(app, limits=limits), machine, Pages(pages))


def listen(*, port: int | None, descriptor: int | None) -> socket.socket:
    """
    Listen on loopback, or on a socket that the supervisor has bound and keeps over restarts.
    """
    if descriptor is not None:
        return socket.socket(fileno=descriptor)
    listener = socket.create_server((LOOPBACK, port or 0), backlog=512)
    listener.set_inheritable(True)
    return listener


def server(front: Front) -> uvicorn.Server:
    """
    Make the HTTP server of a front.
    """
    configuration = uvicorn.Config(
        front,
        access_log=False,
        log_level=logging.WARNING,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=3,
        ws="none",
    )
    return uvicorn.Server(configuration)


def main() -> None:
    """
    Read the arguments and serve until told to stop.
    """
    parser = argparse.ArgumentParser(prog="local.front", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--port", type=int)
    where.add_argument("--fd", type=int)
    parser.add_argument("--config", type=Path, required=True)
    given = parser.parse_args()
    front = build(Configuration.read(given.config))
    server(front).run(sockets=[listen(port=given.port, descriptor=given.fd)])


if __name__ == "__main__":
    main()
