"""
The gateways as the clock sees them: asked to report before time goes on, and heard before anybody is judged by their silence (D18).
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from chalicelib import wiring

DRAIN_S: Final = 15
STATUS_S: Final = 2
REPORT_S: Final = 2.0
PAUSE_S: Final = 0.02


def ask(method: str, url: str, document: Any = None, *, seconds: float) -> Any:
    """
    Ask a part of the system and give its JSON; none where it is away: what it has to say waits in its own outbox.
    """
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return json.loads(answer.read() or b"null")
    except (OSError, ValueError, urllib.error.URLError):
        return None


class Sites:
    """
    All running gateways; `addresses` gives their hosts' control ports.
    """

    def __init__(self, addresses: Callable[[], Iterable[str]]) -> None:
        self._addresses = addresses

    def drain(self) -> None:
        """
        Have every gateway send what it holds, and a heartbeat after it.
        """
        for address in self._addresses():
            ask("POST", f"{address}/drain", {}, seconds=DRAIN_S)

    def hear(self, moment: datetime) -> None:
        """
        Drain, and wait a little until the cloud knows that each gateway it can hear has reported up to a moment of business time.
        """
        self.drain()
        statuses = [ask("GET", f"{address}/status", seconds=STATUS_S) for address in self._addresses()]
        heard = {status["checkpoint"] for status in statuses if status and status.get("connected")}
        until = time.monotonic() + REPORT_S
        while self._silent(heard, moment) and time.monotonic() < until:
            time.sleep(PAUSE_S)

    def _silent(self, checkpoints: Iterable[str], moment: datetime) -> bool:
        reported = (wiring.store().passages.gateway(checkpoint).reported_upto for checkpoint in checkpoints)
        return any(upto is None or upto < moment for upto in reported)
