"""
`python -m local.runner`: the schedules, the outbox and the gateways' queue of one machine, and the door to its clock.
"""

import json
import os
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from chalicelib import observability, wiring
from local.runner.agenda import Agenda
from local.runner.sites import Sites
from local.runner.time_machine import BackwardsError, TimeMachine
from local.runner.uplink import Uplink

LOOPBACK: Final = "127.0.0.1"
STEP_S: Final = 1.0
SWEEP_S: Final = 0.2
START_S: Final = 60
PATIENCE_S: Final = 1.0
"""How long who asks for a sweep waits for his turn."""


def gateways(runtime: Path) -> list[str]:
    """
    Read the control addresses of the running gateways.
    """
    try:
        found: dict[str, str] = json.loads(runtime.read_text()).get("gateways", {})
    except (OSError, ValueError):
        return []
    return list(found.values())


def repeat(work: Any, seconds: float) -> None:
    """
    Do something again and again; a failure is told and the next round tries anew.
    """
    while True:
        try:
            work()
        except Exception as error:  # an engine that is away comes back; the schedule must outlive it
            observability.fault(error)
        time.sleep(seconds)


def target_of(wanted: dict[str, Any], *, now: datetime) -> datetime:
    """
    Read where the clock is wanted: at a moment, or so much later than now.
    """
    return datetime.fromisoformat(wanted["now"]) if wanted.get("now") else now + timedelta(seconds=wanted["advance_seconds"])


def door(machine: TimeMachine, supervisor: str) -> type[BaseHTTPRequestHandler]:
    """
    Make the handler of `POST /clock`, `POST /sweep` and `POST /gateways/{checkpoint}`.
    """

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if self.path == "/clock":
                self._clock(json.loads(body))
            elif self.path == "/sweep":
                self._answer(HTTPStatus.OK, {"delivered": machine.sweep(patience=PATIENCE_S)})
            else:
                self._forward()

        def log_message(self, *_: object) -> None:
            return

        def _clock(self, wanted: dict[str, Any]) -> None:
            try:
                with machine.busy:  # "by so much" counts from where the clock stands when it is one's turn
                    arrived, did = machine.move(target=target_of(wanted, now=wiring.clock().now()))
            except BackwardsError:
                self._answer(HTTPStatus.CONFLICT, {"code": "CONFLICT"})
                return
            zone = wiring.law().zone
            self._answer(HTTPStatus.OK, {"now": arrived.astimezone(zone).isoformat(), "ran": [item.shown(zone) for item in did]})

        def _forward(self) -> None:
            request = urllib.request.Request(supervisor + self.path, data=b"", method="POST")
            try:
                with urllib.request.urlopen(request, timeout=START_S) as answer:
                    self._answer(HTTPStatus.OK, json.loads(answer.read()))
            except urllib.error.HTTPError as error:
                self._answer(HTTPStatus(error.code), {})

        def _answer(self, status: HTTPStatus, document: object) -> None:
            body = json.dumps(document, default=str).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Door


def main() -> None:
    """
    Start the threads and serve.
    """
    known = wiring.configuration()
    state, runtime = Path(os.environ["LOCAL_STATE"]), Path(os.environ["LOCAL_RUNTIME"])
    if known.clock_file is None or known.aws_endpoint is None:
        raise SystemExit("the runner belongs to one machine: QUEUE_CLOCK_FILE and QUEUE_AWS_ENDPOINT are needed")
    machine = TimeMachine(
        agenda=Agenda(memory=state / "agenda.json"),
        clock_file=known.clock_file,
        sites=Sites(lambda: gateways(runtime)),
        payments=os.environ["LOCAL_PAYMENTS"],
    )
    Uplink(endpoint=known.aws_endpoint).start()
    for work, seconds in ((machine.sweep, SWEEP_S), (machine.work, STEP_S)):
        threading.Thread(target=repeat, args=(work, seconds), daemon=True).start()
    ThreadingHTTPServer((LOOPBACK, int(os.environ["LOCAL_RUNNER_PORT"])), door(machine, os.environ["LOCAL_SUPERVISOR"])).serve_forever()


if __name__ == "__main__":
    main()
