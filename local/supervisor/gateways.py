"""
Gateways on one machine: provisioned into the local cloud, one component host each, started when first needed.
"""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import wiring
from chalicelib.contracts import topics
from local.ministack import account
from local.ministack.provision import provision
from local.supervisor.child import Child
from local.supervisor.layout import LOOPBACK, Layout, free_port
from local.supervisor.parts import environment, host_command

READY_S = 30.0
LIST_S = 8.0


class UnableToStartGatewayError(Exception):
    """
    A gateway did not come up in time.
    """


class Gateways:
    """
    The running gateways by checkpoint. `changed` is told whenever one comes, or comes again.
    """

    def __init__(self, *, layout: Layout, changed: Callable[[], None]) -> None:
        self._layout = layout
        self._changed = changed
        self._lock = threading.RLock()
        self.hosts: dict[str, Child] = {}
        self._addresses: dict[str, str] = {}
        self.controls: dict[str, str] = {}
        self.mqtt: dict[str, Any] = {}

    def provision(self) -> None:
        """
        Give the local cloud all it needs for the gateways known: after its start, and after each restart, when it has forgotten them.
        """
        with self._lock:
            self._provision(list(self.hosts))

    def _provision(self, checkpoints: list[str]) -> Any:
        found = provision(endpoint=self._layout.url("cloud"), gateways=checkpoints, directory=self._layout.state / "certificates")
        self.mqtt = {
            "host": LOOPBACK,
            "port": self._layout.ports["mqtt"],
            "ca": str(found.ca),
            "observer": {"cert": str(found.observer.cert), "key": str(found.observer.key)},
        }
        return found

    def start(self, checkpoint: str) -> str:
        """
        Start a checkpoint's gateway unless it runs: the address of its host's control port. Raises `UnableToStartGatewayError`.
        """
        with self._lock:
            if checkpoint not in self.hosts:
                self._add(checkpoint)
        self._wait(checkpoint)
        self._await_list(checkpoint)
        self.controls[checkpoint] = self._addresses[checkpoint]  # announced once it answers, not before
        self._changed()
        return self.controls[checkpoint]

    def _add(self, checkpoint: str) -> None:
        found = self._provision([*self.hosts, checkpoint])
        port = free_port()
        command = host_command(self._layout, checkpoint=checkpoint, credentials=found.certificates[checkpoint], ca=found.ca, port=port)
        log = self._layout.folder("logs") / f"gateway-{checkpoint}.log"
        child = Child(name=f"gateway:{checkpoint}", command=command, environment=environment(self._layout), log=log, changed=self._changed)
        child.start()
        self._addresses[checkpoint] = f"http://{LOOPBACK}:{port}"
        self.hosts[checkpoint] = child

    def _wait(self, checkpoint: str) -> None:
        until = time.monotonic() + READY_S
        while time.monotonic() < until:
            status = self.status(checkpoint)
            if status.get("components") and (checkpoint in self.controls or self._complete(status)):
                return
            time.sleep(0.1)
        raise UnableToStartGatewayError(checkpoint)

    def _await_list(self, checkpoint: str) -> None:
        """
        Give a gateway that has just come the time to take its list in, so that its first decision rests on one; after 8 s it goes without.
        """
        until = time.monotonic() + LIST_S
        while not self._listed(checkpoint) and time.monotonic() < until:
            time.sleep(0.1)

    def _listed(self, checkpoint: str) -> bool:
        """
        Tell whether the gate said, by heartbeat or in its shadow, that it holds a list.
        """
        known = wiring.store().passages.gateway(checkpoint)
        if known.admissions_version and known.held_version == known.admissions_version:
            return True
        try:
            devices = account.client("iot-data", endpoint=self._layout.url("cloud"))
            shadow = devices.get_thing_shadow(thingName=topics.thing(checkpoint), shadowName=topics.SHADOW_NAME)
            return "admissions" in json.loads(shadow["payload"].read())["state"].get("reported", {})
        except (BotoCoreError, ClientError):
            return False

    def _complete(self, status: Mapping[str, Any]) -> bool:
        return bool(status.get("connected")) and all(item.get("pid") for item in status["components"])

    def status(self, checkpoint: str) -> Mapping[str, Any]:
        """
        Ask a host for its status; an empty one where it does not answer.
        """
        try:
            with urllib.request.urlopen(f"{self._addresses[checkpoint]}/status", timeout=2) as answer:
                found: Mapping[str, Any] = json.loads(answer.read())
        except (OSError, ValueError, urllib.error.URLError):
            return {}
        return found

    def processes(self) -> list[dict[str, Any]]:
        """
        List hosts and their components with their process ids.
        """
        found: list[dict[str, Any]] = []
        for checkpoint, host in list(self.hosts.items()):
            found.append({"name": host.name, "pid": host.pid})
            parts = self.status(checkpoint).get("components", [])
            found.extend({"name": f"{part['name']}:{checkpoint}", "pid": part.get("pid")} for part in parts)
        return found

    def stop(self) -> None:
        """
        Stop every host; each takes its components with it.
        """
        for host in self.hosts.values():
            host.stop()
