"""
Business time is moved from due moment to due moment: at each one what is due is run, outbox and gateways are drained, then it goes on.
"""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from chalicelib import wiring
from local.runner.agenda import Agenda, Did
from local.supervisor.layout import write_json

DRAIN_S: Final = 15
MOST_STOPS: Final = 20_000


class BackwardsError(ValueError):
    """
    Business time never runs backwards.
    """


class TimeMachine:
    """
    The one writer of `clock.json`. `gateways` gives the control addresses of the running gateways.
    """

    def __init__(self, *, agenda: Agenda, clock_file: Path, gateways: Callable[[], Iterable[str]], payments: str) -> None:
        self._agenda = agenda
        self._file = clock_file
        self._gateways = gateways
        self._payments = payments
        self.busy = threading.RLock()

    def move(self, *, target: datetime) -> tuple[datetime, list[Did]]:
        """
        Move to an instant: business time on arrival, and what was run on the way. Raises `BackwardsError`.
        """
        with self.busy:
            if target < wiring.clock().now() - timedelta(seconds=1):
                raise BackwardsError(target.isoformat())
            did = self._settle(self._agenda.run_due)
            for _ in range(MOST_STOPS):
                stop = self._agenda.next_due(after=wiring.clock().now())
                if stop is None or stop >= target:
                    break
                self._jump(stop)
                did += self._settle(self._agenda.run_foreseen)
            self._jump(max(target, wiring.clock().now()))
            did += self._settle(self._agenda.run_due)
            return wiring.clock().now(), did

    def work(self) -> list[Did]:
        """
        Run what real time has made due.
        """
        with self.busy:
            return self._agenda.run_due()

    def sweep(self) -> int:
        """
        Deliver what waits in the outbox.
        """
        with self.busy:
            return self._agenda.sweep()

    def _settle(self, run: Callable[[], list[Did]]) -> list[Did]:
        did = run()
        self._agenda.sweep()
        self._post(f"{self._payments}/_double/webhooks/drain", {"timeout_seconds": 5})
        for gateway in self._gateways():
            self._post(f"{gateway}/drain", {})
        self._agenda.sweep()
        return did

    def _jump(self, moment: datetime) -> None:
        write_json(self._file, {"offset_seconds": (moment - wiring.clock().wall()).total_seconds()})

    def _post(self, url: str, document: Any) -> None:
        body = json.dumps(document).encode()
        request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"}, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=DRAIN_S):
                return
        except (OSError, urllib.error.URLError):
            return  # a part that is away or cut off drains when it is back: that is what its own outbox is for
