"""
`python -m local.payments`: the payment provider of one machine, in a process of its own.
"""

import argparse
import logging
import socket
import time
from pathlib import Path

import uvicorn

from local.payments.access import Keys
from local.payments.account import Account, Terms
from local.payments.app import Double
from local.payments.control import Control
from local.payments.database import open_database
from local.payments.deliveries import Deliveries
from local.payments.knobs import KnobBoard
from local.payments.objects import Objects
from local.payments.postman import Postman
from local.payments.service import Service

HOST = "127.0.0.1"


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """
    Settings come as arguments, secrets as files: a command line is visible to every user of the machine.
    """
    parser = argparse.ArgumentParser(prog="python -m local.payments", description="A double of Stripe's HTTP API on 127.0.0.1.")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one; the port is printed when it listens")
    parser.add_argument("--state", type=Path, required=True, help="folder of payments.sqlite")
    parser.add_argument("--secret-key-file", type=Path, required=True, help="holds the secret API key, sk_test_…")
    parser.add_argument("--publishable-key", default="pk_test_ashyqkezek", help="the payer's key")
    parser.add_argument("--webhook-url", help="where events go; none without it")
    parser.add_argument("--webhook-secret-file", type=Path, help="holds the signing secret, whsec_…")
    parser.add_argument("--webhook-events", default="*", help="event types to send, separated by commas")
    parser.add_argument("--webhook-tries", type=int, help="tries before a webhook is given up; never without it")
    parser.add_argument("--minimum-amount", type=int, default=25_000, help="smallest payment in tiyn")
    settings = parser.parse_args(arguments)
    if (settings.webhook_url is None) != (settings.webhook_secret_file is None):
        parser.error("--webhook-url and --webhook-secret-file go together")
    return settings


def build(settings: argparse.Namespace) -> Double:
    """
    Put the double together over its database.
    """
    connection = open_database(settings.state)
    objects, deliveries, knobs = Objects(connection), Deliveries(connection), KnobBoard(connection)
    terms = Terms(
        minimum_amount=settings.minimum_amount,
        events=frozenset(settings.webhook_events.split(",")),
        webhooks=settings.webhook_url is not None,
    )
    account = Account(objects=objects, deliveries=deliveries, knobs=knobs, terms=terms)
    keys = Keys(secret=settings.secret_key_file.read_text().strip(), publishable=settings.publishable_key)
    postman = None
    if settings.webhook_url is not None:
        secret = settings.webhook_secret_file.read_text().strip()
        postman = Postman(
            deliveries=deliveries, objects=objects, knobs=knobs, url=settings.webhook_url, secret=secret,
            clock=time.time, tries_max=settings.webhook_tries,
        )  # fmt: skip
    service = Service(connection=connection, account=account, knobs=knobs, keys=keys, clock=time.time)
    control = Control(knobs=knobs, deliveries=deliveries, objects=objects, postman=postman, clock=time.time)
    return Double(service=service, control=control, postman=postman)


def main() -> None:
    """
    Serve until SIGTERM or SIGINT.
    """
    settings = read_arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    double = build(settings)
    listener = socket.create_server((HOST, settings.port), backlog=256)
    print(f"payments listen on http://{HOST}:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(double, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=3)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
