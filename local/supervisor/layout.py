"""
Where one machine keeps everything, and which ports it took: chosen once, found again at the next start.
"""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

ROOT: Final = Path(__file__).resolve().parents[2]
LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8000
NAMES: Final = ("dynamodb", "cloud", "mqtt", "payments", "registers", "outbox", "runner", "supervisor")
ZONE: Final = ZoneInfo("Asia/Almaty")


class PortTakenError(Exception):
    """
    The port asked for is somebody else's.
    """


def write_json(path: Path, document: object) -> None:
    """
    Write a file whole or not at all.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    beside.replace(path)


@dataclass(frozen=True, slots=True)
class Layout:
    """
    The state folder and the ports of the parts; `api` is the front's.
    """

    state: Path
    api: int
    ports: Mapping[str, int]
    first_day: str

    @classmethod
    def find(cls, *, state: Path, port: int | None) -> "Layout":
        """
        Read the layout of a state folder, or lay one out.
        """
        state = state.resolve()
        path = state / "layout.json"
        known: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        ports = {name: known.get("ports", {}).get(name) for name in NAMES}
        taken = {name: found if found and is_free(found) else free_port() for name, found in ports.items()}
        first_day = known.get("first_day") or str(datetime.now(UTC).astimezone(ZONE).date())
        api = port or known.get("api") or PORT
        write_json(path, {"ports": taken, "api": api, "first_day": first_day})
        return cls(state, api, taken, first_day)

    @classmethod
    def read(cls, *, state: Path) -> "Layout | None":
        """
        Read the layout of a state folder as it is, or none.
        """
        path = state.resolve() / "layout.json"
        if not path.exists():
            return None
        known: dict[str, Any] = json.loads(path.read_text())
        return cls(state.resolve(), known["api"], known["ports"], known["first_day"])

    def url(self, name: str) -> str:
        """
        Give a part's address.
        """
        return f"http://{LOOPBACK}:{self.ports[name]}"

    @property
    def front(self) -> str:
        """
        Give the address of API and pages.
        """
        return f"http://{LOOPBACK}:{self.api}"

    def folder(self, name: str) -> Path:
        """
        Give a part's folder.
        """
        path = self.state / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def runtime(self) -> Path:
        """
        Give the file that says what runs where.
        """
        return self.state / "runtime.json"

    @property
    def clock(self) -> Path:
        """
        Give the file with the business clock's offset.
        """
        return self.state / "clock.json"


def is_free(port: int) -> bool:
    """
    Tell whether a loopback port can be listened on.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """
    Find a free loopback port.
    """
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def listen(port: int) -> socket.socket:
    """
    Listen for the front, in the supervisor: connections wait in this socket while the front is started again.
    """
    try:
        listener = socket.create_server((LOOPBACK, port), backlog=512)
    except OSError as error:
        raise PortTakenError(f"port {port} is taken: choose another with PORT=…") from error
    listener.set_inheritable(True)
    return listener
