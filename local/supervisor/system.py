"""
The whole system on one machine: started in order with progress, kept alive, announced in `runtime.json`, ended together.
"""

import os
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from typing import Any

from chalicelib import wiring
from local.ministack.waiting import wait_until_ready
from local.supervisor import control, seeds
from local.supervisor.child import Child
from local.supervisor.gateways import Gateways
from local.supervisor.layout import LOOPBACK, Layout, listen, write_json
from local.supervisor.parts import commands, environment, front_command, python
from local.supervisor.secrets import PUBLISHABLE_KEY, ensure_secrets

READY_S = 60.0
REFRESH_S = 0.5
FIRST_GATEWAY = "nur-zholy"

Tell = Callable[[str], None]


class UnableToStartError(Exception):
    """
    A part did not come up in time; its log says why.
    """


class System:
    """
    All processes of the local system.
    """

    def __init__(self, layout: Layout, *, tell: Tell) -> None:
        self.layout = layout
        self._tell = tell
        self._lock = threading.Lock()
        self._children: dict[str, Child] = {}
        self._listener: socket.socket | None = None
        self._control: ThreadingHTTPServer | None = None
        self._ended = threading.Event()
        self.gateways = Gateways(layout=layout, changed=self.announce)
        self._announced: Any = None

    def start(self) -> None:
        """
        Bring everything up. Raises `UnableToStartError` naming the part that did not come.
        """
        ensure_secrets(self.layout.state / "secrets")
        os.environ.update(environment(self.layout))
        self._listener = listen(self.layout.api)
        for name, command in commands(self.layout).items():
            self._keep(name, command)
        self._reach("dynamodb", self.layout.ports["dynamodb"])
        self._tell("tables and the open days of 48 checkpoints")
        seeds.create_tables()
        seeds.open_all_days(lambda done, total: self._tell(f"  days open at {done} of {total} checkpoints") if done % 12 == 0 else None)
        seeds.appoint()
        write_json(self.layout.state / "admissions-key.json", wiring.tokens().public_keys())
        self._tell("the local cloud: IoT Core, queues, object storage")
        wait_until_ready(endpoint=self.layout.url("cloud"))
        self.gateways.provision()
        self._control = control.serve(port=self.layout.ports["supervisor"], gateways=self.gateways)
        self._keep("runner", python("local.runner"))
        self._keep("front", front_command(self.layout, self._listener.fileno()), inherited=(self._listener.fileno(),))
        self.announce()
        self._tell(f"the gateway of {FIRST_GATEWAY}: plate reader, gate, board")
        self.gateways.start(FIRST_GATEWAY)
        self._answering(f"{self.layout.front}/v1/health")
        threading.Thread(target=self._refresh, name="announce", daemon=True).start()

    def stop(self) -> None:
        """
        End every process that was started.
        """
        self._ended.set()
        if self._control is not None:
            self._control.shutdown()
        self.gateways.stop()
        for name in ("front", "runner", "payments", "registers", "cloud", "dynamodb"):
            if name in self._children:
                self._children[name].stop()
        if self._listener is not None:
            self._listener.close()

    def announce(self) -> None:
        """
        Say in `runtime.json` what runs where.
        """
        layout = self.layout
        processes = [{"name": name, "pid": child.pid} for name, child in list(self._children.items())]
        document = {
            "api": layout.front,
            "docs": f"{layout.front}/docs",
            "cabinet": f"{layout.front}/officer/{FIRST_GATEWAY}",
            "payment": {"base_url": layout.url("payments"), "publishable_key": PUBLISHABLE_KEY},
            "dynamodb": layout.url("dynamodb"),
            "mqtt": self.gateways.mqtt,
            "registers": f"https://{LOOPBACK}:{layout.ports['registers']}",
            "runner": layout.url("runner"),
            "registers_control": layout.url("outbox"),
            "outbox": layout.url("outbox"),
            "gateways": dict(self.gateways.controls),
            "staff": [person.shown() for person in seeds.STAFF],
            "processes": [item for item in (*processes, *self.gateways.processes()) if item["pid"]],
        }
        with self._lock:
            if document != self._announced:
                write_json(layout.runtime, document)
                self._announced = document

    def _keep(self, name: str, command: Any, *, inherited: tuple[int, ...] = ()) -> None:
        child = Child(
            name=name,
            command=command,
            environment=environment(self.layout),
            log=self.layout.folder("logs") / f"{name}.log",
            inherited=inherited,
            after_restart=self._cloud_returned if name == "cloud" else None,
        )
        child.start()
        self._children[name] = child

    def _cloud_returned(self) -> None:
        wait_until_ready(endpoint=self.layout.url("cloud"))
        self.gateways.provision()

    def _refresh(self) -> None:
        while not self._ended.wait(REFRESH_S):
            self.announce()

    def _reach(self, name: str, port: int) -> None:
        until = time.monotonic() + READY_S
        while time.monotonic() < until:
            try:
                socket.create_connection((LOOPBACK, port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise UnableToStartError(f"{name}: see {self.layout.folder('logs') / name}.log")

    def _answering(self, url: str) -> None:
        until = time.monotonic() + READY_S
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        raise UnableToStartError(f"front: see {self.layout.folder('logs') / 'front'}.log")
