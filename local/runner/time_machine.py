"""
Business time is moved from due moment to due moment: at each one what is due is run, outbox and gateways are drained, then it goes on.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from chalicelib import wiring
from chalicelib.domain.schedule import Step
from local.runner.agenda import Agenda, Did
from local.runner.sites import DRAIN_S, Sites, ask
from local.supervisor.layout import write_json

MOST_STOPS: Final = 20_000


class BackwardsError(ValueError):
    """
    Business time never runs backwards.
    """


class TimeMachine:
    """
    The one writer of `clock.json`.
    """

    def __init__(self, *, agenda: Agenda, clock_file: Path, sites: Sites, payments: str) -> None:
        self._agenda = agenda
        self._file = clock_file
        self._sites = sites
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

    def sweep(self, *, patience: float = -1) -> int:
        """
        Deliver what waits in the outbox: how many messages. Nothing where the clock is being moved for longer than the seconds of patience.
        """
        if not self.busy.acquire(timeout=patience):
            return 0
        try:
            return self._agenda.sweep()
        finally:
            self.busy.release()

    def _settle(self, run: Callable[[], list[Did]]) -> list[Did]:
        did = run()
        self._agenda.sweep()
        ask("POST", f"{self._payments}/_double/webhooks/drain", {"timeout_seconds": 5}, seconds=DRAIN_S)
        self._sites.drain()
        self._agenda.sweep()
        return did

    def _jump(self, moment: datetime) -> None:
        write_json(self._file, {"offset_seconds": (moment - wiring.clock().wall()).total_seconds()})
        if self._agenda.foresees(Step.ANNUL):
            self._sites.hear(moment)
