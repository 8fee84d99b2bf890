"""
`python -m local.registers`: the state registers' relay and the message center of one machine, in a process of its own.
"""

import argparse
import asyncio
import logging
import signal
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import uvicorn

from iot.kit.clock import BusinessClock
from local.registers.certificates import Certificates
from local.registers.control import Control
from local.registers.database import open_database
from local.registers.identity import IdentitySessions
from local.registers.modes import Modes
from local.registers.outbox import Outbox
from local.registers.relay import Relay
from local.registers.wire import App

HOST = "127.0.0.1"
ZONE = ZoneInfo("Asia/Almaty")
KEEPALIVE_SECONDS = 30


class Listener(uvicorn.Server):
    """
    A server that leaves signals to the process, which runs two of them.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """
        Capture none.
        """
        yield


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """
    Ports, folders and nothing secret.
    """
    parser = argparse.ArgumentParser(prog="python -m local.registers", description="State registers and message center on 127.0.0.1.")
    parser.add_argument("--port", type=int, required=True, help="the relay, HTTPS with mutual TLS; 0 takes a free one")
    parser.add_argument("--outbox-port", type=int, required=True, help="steering and outbox, plain HTTP; 0 takes a free one")
    parser.add_argument("--state", type=Path, required=True, help="folder of registers.sqlite and certificates/")
    parser.add_argument("--clock", type=Path, help="clock.json with the business clock's offset")
    return parser.parse_args(arguments)


async def serve(
    *, relay: Relay, relay_socket: socket.socket, control: App, control_socket: socket.socket, certificates: Certificates
) -> None:
    """
    Serve both doors until SIGTERM or SIGINT.
    """
    guarded = uvicorn.Config(
        relay,
        log_config=None, access_log=False, server_header=False, lifespan="off",
        timeout_keep_alive=KEEPALIVE_SECONDS, timeout_graceful_shutdown=1,
        ssl_certfile=certificates.server, ssl_keyfile=certificates.server.with_suffix(".key"),
        ssl_ca_certs=str(certificates.authority), ssl_cert_reqs=ssl.CERT_REQUIRED,
    )  # fmt: skip
    plain = uvicorn.Config(control, log_config=None, access_log=False, server_header=False, lifespan="off", timeout_graceful_shutdown=1)
    servers = [Listener(guarded), Listener(plain)]

    def leave() -> None:
        relay.leave()
        for server in servers:
            server.should_exit = True

    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, leave)
    await asyncio.gather(servers[0].serve(sockets=[relay_socket]), servers[1].serve(sockets=[control_socket]))


def main() -> None:
    """
    Build everything over the state folder and serve.
    """
    settings = read_arguments()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    certificates = Certificates(settings.state / "certificates")
    certificates.ensure()
    connection, clock = open_database(settings.state), BusinessClock(offset_file=settings.clock)
    modes = Modes(connection)
    relay_socket, control_socket = (socket.create_server((HOST, port), backlog=256) for port in (settings.port, settings.outbox_port))
    print(f"registers listen on https://{HOST}:{relay_socket.getsockname()[1]}", flush=True)
    print(f"outbox listens on http://{HOST}:{control_socket.getsockname()[1]}", flush=True)
    identities = IdentitySessions(connection, modes, page=f"http://{HOST}:{control_socket.getsockname()[1]}")
    asyncio.run(
        serve(
            relay=Relay(modes=modes, identities=identities, today=lambda: clock.now().astimezone(ZONE).date()),
            relay_socket=relay_socket,
            control=Control(modes=modes, identities=identities, outbox=Outbox(connection, lambda: clock.now().astimezone(ZONE))),
            control_socket=control_socket,
            certificates=certificates,
        )
    )


if __name__ == "__main__":
    main()
