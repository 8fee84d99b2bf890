"""
`python -m bench.steps [--sizes 1000 6000 24000] [--quick]`: CPU of all steps per booking of a day, with the engine's, and whether it stays flat.

The bookings of one day lie over all checkpoints. Business time goes through notice, re-check, calls and no-shows (a quarter) as minutes would bring
them, an hour at a time; the handlers are those that Lambda runs, all that find bookings by what they wait for. Counted apart: a round of them that
finds nothing, of which a day has 1,440 whatever its bookings; what registers and gateways do; what follows commits (the outbox).

Milliseconds swing with the machine, so each size is also told in writes: what a plain put of a booking by an unchanged botocore takes beside it;
and in what no load of the machine changes: calls to the store (but for those that look for what is due) and rows written.
"""

import argparse
import importlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from botocore.session import get_session

from bench.day import HOURS, arrive, seed, wired
from chalicelib import wiring
from local.engines.engine import Engine

TARGET_MS: Final = 12.0
MOST_UNEVEN: Final = 1.2
SIZES: Final = (1000, 6000, 24000)
QUICK: Final = (500, 1500)
STEPS: Final = (
    "verify_bookings",
    "tidy_holds",
    "remind",
    "recheck_bookings",
    "call_forward",
    "call_ready",
    "annul_no_shows",
    "confirm_crossings",
    "lapse_suspended",
)
AHEAD: Final = timedelta(days=2)
EMPTY_ROUNDS: Final = 10
PUTS: Final = 100
LEAST_MS: Final = 0.01
"""What is less is not told."""
ROUNDS_A_DAY: Final = 24 * 60


@dataclass(slots=True)
class Spent:
    """
    CPU seconds: ours and the engine's.
    """

    ours: float = 0.0
    engine: float = 0.0

    @property
    def both(self) -> float:
        """
        Give the sum.
        """
        return self.ours + self.engine


@dataclass(slots=True)
class Calls:
    """
    Counts what is asked of the store.
    """

    calls: int = 0
    rows: int = 0

    def heard(self, *, params: Mapping[str, Any], model: Any, **_: object) -> None:
        """
        Count one call, but for looks at an index, and the rows that it writes.
        """
        self.calls += model.name != "Query"
        self.rows += len(params.get("TransactItems", ())) or model.name in {"PutItem", "UpdateItem", "DeleteItem"}

    @contextmanager
    def counting(self) -> Iterator[None]:
        """
        Listen.
        """
        events = wiring.store().database.connection.client.meta.events
        events.register("provide-client-params.dynamodb", self.heard)
        try:
            yield
        finally:
            events.unregister("provide-client-params.dynamodb", self.heard)


@dataclass(slots=True)
class Meter:
    """
    Adds up what acts cost, by name.
    """

    engine: Engine
    spent: dict[str, Spent] = field(default_factory=dict)
    calls: Calls = field(default_factory=Calls)

    def add(self, name: str, act: Callable[[], object]) -> None:
        """
        Run an act and add its cost.
        """
        ours, engine = time.process_time(), self._engine_cpu()
        act()
        total = self.spent.setdefault(name, Spent())
        total.ours += time.process_time() - ours
        total.engine += self._engine_cpu() - engine

    def _engine_cpu(self) -> float:
        ticks = Path(f"/proc/{self.engine.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def handlers() -> Mapping[str, Callable[[Any, Any], Mapping[str, Any]]]:
    """
    Load the steps.
    """
    return {name: importlib.import_module(f"functions.{name}.handler").handler for name in STEPS}


def run_all(meter: Meter) -> None:
    """
    Run every step until nothing is left of its chunk.
    """

    def whole(handler: Callable[[Any, Any], Mapping[str, Any]]) -> None:
        while handler(None, None)["more"]:
            pass

    for name, handler in handlers().items():
        meter.add(name, lambda handler=handler: whole(handler))  # type: ignore[misc]


def empty_round(meter: Meter) -> Mapping[str, float]:
    """
    Measure what a step costs that finds nothing: CPU seconds by step.
    """
    empty = Meter(meter.engine)
    for _ in range(EMPTY_ROUNDS):
        run_all(empty)
    return {name: spent.both / EMPTY_ROUNDS for name, spent in empty.spent.items()}


def a_put(engine: Engine) -> float:
    """
    Measure a plain put of a booking's row by an unchanged botocore: CPU seconds, the engine's included; the median of five rounds.
    """
    session = get_session()
    session.set_credentials("local", "local")
    client: Any = session.create_client("dynamodb", "eu-central-1", endpoint_url=engine.url)
    row = client.scan(TableName="bench-bookings", Limit=1)["Items"][0]
    found = []
    for _ in range(5):
        meter = Meter(engine)
        meter.add("put", lambda: [client.put_item(TableName="bench-bookings", Item=row) for _ in range(PUTS)])
        found.append(meter.spent["put"].both / PUTS)
    return statistics.median(found)


def measure(size: int, put: Callable[[datetime], None], engine: Engine, *, day: date) -> float:
    """
    Take one day of bookings through all steps and print what each cost: milliseconds a booking in all.
    """
    start, meter, rounds = wiring.rules_on(wiring.clock().wall()).midnight(day), Meter(engine), 0
    put(start - AHEAD)
    seed(size, day)
    for hour in range(-26, HOURS + 4):
        put(start + timedelta(hours=hour, minutes=1))
        with meter.calls.counting():
            run_all(meter)
        arrive(size, hour)
        rounds += 1
    empty, write = empty_round(meter), a_put(engine)
    each = {name: (spent.both - rounds * empty[name]) / size * 1000 for name, spent in meter.spent.items()}
    whole, engines = sum(each.values()), sum(spent.engine for spent in meter.spent.values()) / size * 1000
    print(f"{size:6d} bookings: {whole:5.2f} ms a booking (target ≤ {TARGET_MS:.0f}), as much as {whole / write / 1000:.1f} plain puts")
    print("        " + "  ".join(f"{name} {ms:.2f}" for name, ms in each.items() if ms > LEAST_MS))
    print(
        f"        {meter.calls.calls / size:.2f} calls a booking beside looks for what is due, {meter.calls.rows / size:.2f} rows written"
    )
    idle = sum(empty.values())
    share = idle * ROUNDS_A_DAY / 86400
    print(
        f"        engine {engines:.2f} of it and of empty rounds; an empty round {idle * 1000:.0f} ms: {share:.1%} of a core at one a minute"
    )
    return whole


def main() -> None:
    """
    Measure each size and compare.
    """
    parser = argparse.ArgumentParser(
        prog="python -m bench.steps", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--quick", action="store_true", help=f"sizes {QUICK}")
    asked = parser.parse_args()
    sizes = QUICK if asked.quick else asked.sizes
    with tempfile.TemporaryDirectory() as name, Engine(state=None) as engine, wired(engine, Path(name)) as put:
        day = wiring.clock().wall().date() + timedelta(days=4)
        found = [measure(size, put, engine, day=day + timedelta(days=10 * index)) for index, size in enumerate(sizes)]
    print(f"largest ÷ smallest: {max(found) / min(found):.2f} (target ≤ {MOST_UNEVEN})")


if __name__ == "__main__":
    main()
