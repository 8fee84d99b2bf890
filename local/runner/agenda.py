"""
What is due: steps over bookings, daily and periodic work, messages of the outbox. The same handlers that Lambda runs.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib import observability, wiring
from chalicelib.domain.schedule import Step
from functions.annul_no_shows import handler as annul_no_shows
from functions.apply_measures import handler as apply_measures
from functions.call_forward import handler as call_forward
from functions.call_ready import handler as call_ready
from functions.confirm_crossings import handler as confirm_crossings
from functions.count_crossings import handler as count_crossings
from functions.count_flow import handler as count_flow
from functions.follow_figures import handler as follow_figures
from functions.heal_payments import handler as heal_payments
from functions.lapse_suspended import handler as lapse_suspended
from functions.open_days import handler as open_days
from functions.recheck_bookings import handler as recheck_bookings
from functions.reconcile_bank import handler as reconcile_bank
from functions.reconcile_provider import handler as reconcile_provider
from functions.refresh_admissions import handler as refresh_admissions
from functions.remind import handler as remind
from functions.remind_complaints import handler as remind_complaints
from functions.settle_days import handler as settle_days
from functions.sweep_orphans import handler as sweep_orphans
from functions.sweep_outbox import handler as sweep_outbox
from functions.tidy_holds import handler as tidy_holds
from functions.verify_bookings import handler as verify_bookings
from functions.watch_fees import handler as watch_fees
from functions.watch_settlements import handler as watch_settlements
from local.supervisor.layout import write_json

NEVER: Final = datetime.max.replace(tzinfo=UTC)
LOOK_AGAIN: Final = timedelta(minutes=5)
Run = Callable[[], Mapping[str, Any]]

STEPS: Final[Mapping[Step, tuple[str, Run]]] = {
    Step.VERIFY: ("verify_bookings", lambda: verify_bookings.handler(None, None)),
    Step.TIDY: ("tidy_holds", lambda: tidy_holds.handler(None, None)),
    Step.REMIND: ("remind", lambda: remind.handler(None, None)),
    Step.CALL: ("call_forward", lambda: call_forward.handler(None, None)),
    Step.EARLY: ("call_ready", lambda: call_ready.handler(None, None)),
    Step.CROSSING: ("confirm_crossings", lambda: confirm_crossings.handler(None, None)),
    Step.RECHECK: ("recheck_bookings", lambda: recheck_bookings.handler(None, None)),
    Step.ANNUL: ("annul_no_shows", lambda: annul_no_shows.handler(None, None)),
    Step.LAPSE: ("lapse_suspended", lambda: lapse_suspended.handler(None, None)),
}

ORDERS: Final[tuple[str, Run]] = ("apply_measures", lambda: apply_measures.handler(None, None))
"""What the authority ordered is found by its own index, not by a booking's."""


@dataclass(frozen=True, slots=True)
class Daily:
    """
    Work of every day, so many minutes after local midnight.
    """

    name: str
    minutes: int
    run: Run


@dataclass(frozen=True, slots=True)
class Did:
    """
    One run that changed something.
    """

    step: str
    at: datetime
    result: Mapping[str, Any]

    def shown(self, zone: ZoneInfo) -> dict[str, Any]:
        """
        Say it as `POST /local/clock` does, in local time.
        """
        return {"step": self.step, "at": self.at.astimezone(zone).isoformat(), **self.result}


NIGHT: Final = 15
"""Minutes after midnight at which the night's work begins, once the day before is closed (D29)."""


def _whole(step: Callable[[Any, Any], Mapping[str, Any]]) -> Run:
    """
    Run a step until it says that no more waits, as the night's state machine does: its last answer.
    """

    def run() -> Mapping[str, Any]:
        while (did := step({}, None))["more"]:
            pass
        return did

    return run


NIGHTLY: Final = (
    Daily("follow_figures", NIGHT, _whole(follow_figures.handler)),
    Daily("open_days", NIGHT, lambda: open_days.handler({}, None)),
    Daily("settle_days", NIGHT, lambda: settle_days.handler({}, None)),
    Daily("refresh_admissions", NIGHT, lambda: refresh_admissions.handler({}, None)),
    Daily("sweep_orphans", NIGHT, _whole(sweep_orphans.handler)),
)
"""In the order of `infra/workflows/nightly.asl.json`."""
MORNING: Final = 9 * 60
MORNINGS: Final = (
    Daily("remind_complaints", MORNING, _whole(remind_complaints.handler)),
    Daily("watch_fees", MORNING, lambda: watch_fees.handler({}, None)),
    Daily("watch_settlements", MORNING, lambda: watch_settlements.handler({}, None)),
)
"""In the order of `infra/workflows/daily.asl.json`."""
DAILY: Final = (
    *NIGHTLY,
    Daily("reconcile_provider", 80, _whole(reconcile_provider.handler)),
    Daily("reconcile_bank", 10 * 60, lambda: reconcile_bank.handler({}, None)),
    Daily("count_crossings", 45, lambda: count_crossings.handler({}, None)),
    *MORNINGS,
    Daily("watch_settlements", 15 * 60 + 30, lambda: watch_settlements.handler({}, None)),
    *(Daily("follow_figures", hour * 60 + 15, _whole(follow_figures.handler)) for hour in (6, 12, 18)),
    *(Daily("refresh_admissions", hour * 60 + 15, lambda: refresh_admissions.handler({}, None)) for hour in (6, 12, 18)),
)
PERIODIC: Final[Sequence[tuple[str, Run]]] = (
    ("count_flow", lambda: count_flow.handler(None, None)),
    ("heal_payments", lambda: heal_payments.handler(None, None)),
)
EVERY: Final = timedelta(minutes=5)


class Agenda:
    """
    Runs what is due by business time, and tells when something will be. Daily work is remembered in a file.
    """

    def __init__(self, *, memory: Path) -> None:
        self._memory = memory
        self._last: dict[str, str] = json.loads(memory.read_text()) if memory.exists() else {}
        self._foreseen: dict[Step, datetime] = {}
        self._counted: datetime | None = None
        self._orders = datetime.min.replace(tzinfo=UTC)

    def run_due(self) -> list[Did]:
        """
        Run every step and every daily work that is due now: those that did something.
        """
        self._orders = datetime.min.replace(tzinfo=UTC)
        return [*self._run(tuple(STEPS)), *self._now_and_then()]

    def run_foreseen(self) -> list[Did]:
        """
        Run what the last look ahead found: a leap over months stops hundreds of times, and most steps have nothing to do at most stops.
        """
        now = wiring.clock().now()
        return self._run(tuple(step for step in STEPS if self._foreseen.get(step, now) <= now))

    def _now_and_then(self) -> list[Did]:
        """
        Count what gateways reported and ask what the payment provider did not tell, every few minutes of lived time: no leap stops for it.
        """
        now = wiring.clock().now()
        if self._counted is not None and timedelta() <= now - self._counted < EVERY:
            return []
        self._counted = now
        done = [(name, run()) for name, run in PERIODIC]
        return [Did(name, now, result) for name, result in done if result["changed"]]

    def foresees(self, step: Step) -> bool:
        """
        Tell whether the last look ahead found work for a step that is due by now.
        """
        return self._foreseen.get(step, NEVER) <= wiring.clock().now()

    def _run(self, steps: Sequence[Step]) -> list[Did]:
        now = wiring.clock().now()
        did: list[Did] = []
        for daily in DAILY:
            moment = self._latest(daily, now)
            if self._last.get(_key(daily), "") < moment.isoformat():
                did.append(Did(daily.name, now, daily.run()))
                self._last[_key(daily)] = moment.isoformat()
                write_json(self._memory, self._last)
        orders = [ORDERS] if self._orders <= now else []
        for name, run in (*(STEPS[step] for step in steps), *orders):
            try:
                result = run()
            except Exception as error:  # one broken booking must stop neither the clock nor the other steps
                observability.fault(error, step=name)
                continue
            if result["changed"]:
                did.append(Did(name, now, result))
        return did

    def sweep(self) -> int:
        """
        Deliver the outbox until nothing more can be delivered now: how many messages.
        """
        total = 0
        while True:
            delivered: int = sweep_outbox.handler(None, None)["delivered"]
            total += delivered
            if not delivered:
                return total

    def next_due(self, *, after: datetime) -> datetime | None:
        """
        Tell the first moment after an instant at which something is due, or none.
        """
        found = {step: wiring.run_step().next_due(step) for step in STEPS}
        self._foreseen = {step: moment or NEVER for step, moment in found.items()}
        steps = [moment for moment in self._foreseen.values() if after < moment < NEVER]
        if self._foreseen.get(Step.EARLY, NEVER) <= after:  # somebody is ready and waits for room: looked at again and again
            steps.append(after + LOOK_AGAIN)
        outbox = wiring.deliver_outbox().next_due()
        coming = [self._latest(daily, after) + timedelta(days=1) for daily in DAILY]
        orders = wiring.apply_measures().next_due()
        self._orders = orders or NEVER
        steps += [orders] if orders is not None and orders > after else []
        moments = [*steps, *coming, *([outbox] if outbox is not None and outbox > after else [])]
        return min(moments, default=None)

    def _latest(self, daily: Daily, now: datetime) -> datetime:
        rules = wiring.rules_on(now)
        moment = rules.at(rules.today(now), daily.minutes)
        return moment if moment <= now else rules.at(rules.today(now) - timedelta(days=1), daily.minutes)


def _key(daily: Daily) -> str:
    return f"{daily.name}@{daily.minutes}"
