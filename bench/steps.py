"""
`python -m bench.steps [--sizes 1000 6000 24000]`: CPU of all steps per booking of a day, with the engine's, and whether it stays flat.

The bookings of one day lie over all checkpoints. Business time goes through notice, re-check, calls and no-shows (a quarter) as minutes would bring
them, an hour at a time; the handlers are those that Lambda runs. What follows a commit (the outbox) is not a step over bookings and not counted.
"""

import argparse
import importlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bench.store import held
from chalicelib import wiring
from chalicelib.domain.bookings import Status
from chalicelib.domain.money import DepositState, Wallet
from chalicelib.domain.places import Place, PlaceState, Pool
from chalicelib.domain.plans import Position
from chalicelib.domain.records import GatewayState
from chalicelib.domain.vehicles import VehicleLock, lock_keys
from chalicelib.usecases.ports import Write
from local.engines.engine import Engine

TARGET_MS: Final = 12.0
MOST_UNEVEN: Final = 1.2
SIZES: Final = (1000, 6000, 24000)
STEPS: Final = ("verify_bookings", "tidy_holds", "remind", "recheck_bookings", "call_forward", "annul_no_shows")
NO_SHOW: Final = 4
"""Every fourth vehicle does not come."""
HOURS: Final = 24
AHEAD: Final = timedelta(days=2)


@contextmanager
def wired(engine: Engine, folder: Path) -> Iterator[Callable[[datetime], None]]:
    """
    Wire everything to an engine, with a clock that can be put anywhere.
    """
    (folder / "secrets.json").write_text(json.dumps({"hash_key": "00" * 32, "payments_secret": "sk_test_bench"}))
    clock = folder / "clock.json"
    nowhere = "https://127.0.0.1:1"
    named = {"SECRETS": f"file:{folder / 'secrets.json'}", "DYNAMODB_ENDPOINT": engine.url, "CLOCK_FILE": str(clock)}
    named |= {"REGION": "eu-central-1", "TABLE_PREFIX": "bench-", "ISSUER": nowhere, "AUDIENCE": "bench", "PHOTOS_BUCKET": "bench"}
    named |= dict.fromkeys(("RELAY_URL", "SMS_URL", "PUSH_URL"), nowhere) | {"FIRST_DAY": "2026-01-01"}
    os.environ.update({f"QUEUE_{name}": value for name, value in named.items()})
    started = wiring.clock().wall()

    def put(moment: datetime) -> None:
        clock.write_text(json.dumps({"offset_seconds": (moment - wiring.clock().wall()).total_seconds()}))

    put(started)
    wiring.store().create_tables()
    yield put


def seed(size: int, day: date) -> None:
    """
    Write a day's confirmed bookings over all checkpoints and hours, each with what its end would touch; every gateway has reported.
    """
    rules, checkpoints = wiring.rules_on(wiring.clock().now()), list(wiring.law().checkpoints)
    store, confirmed_at = wiring.store(), wiring.clock().now()
    for checkpoint in checkpoints:
        store.commit(Write(GatewayState(checkpoint, 1, reported_upto=confirmed_at + timedelta(days=9), last_seen=confirmed_at)))
    for number in range(size):
        checkpoint, order = checkpoints[number % len(checkpoints)], number // len(checkpoints)
        start = rules.midnight(day) + timedelta(hours=order % HOURS)
        position = Position(order % HOURS, order // HOURS + 1)
        raw = held(number)
        booking = replace(
            raw,
            id=f"bk_{size}_{number}",
            account=f"acc_{size}_{number}",
            vehicle=replace(raw.vehicle, plate=f"{size}{raw.vehicle.plate}", vin=f"{size}{raw.vehicle.vin}"),
            checkpoint=checkpoint,
            status=Status.CONFIRMED,
            pool=Pool.PRIMARY,
            day=day,
            position=position,
            slot_start=start,
            slot_end=start + timedelta(hours=1),
            hold_expires_at=None,
            number=f"B-{size}-{number}",
            deposit=DepositState.HELD,
            confirmed_at=confirmed_at,
        )
        place = Place(checkpoint, day, position, booking.class_, PlaceState.SOLD, secondary=False, sales=1, version=1, booking=booking.id)
        deposit = booking.due.deposit if booking.due else 0
        locks = (VehicleLock(key, booking.id, checkpoint, 1) for key in lock_keys(booking.vehicle, toward=booking.toward))
        store.commit(
            Write(booking), Write(place), Write(Wallet(booking.account, held=deposit, version=1)), *(Write(lock) for lock in locks)
        )


def arrive(size: int, hour: int) -> None:
    """
    Let three of four bookings of an hour be where a gateway saw them enter, so that no step looks for them any more.
    """
    store, checkpoints = wiring.store(), len(wiring.law().checkpoints)
    for number in range(size):
        if number % NO_SHOW and number // checkpoints % HOURS == hour:
            seen = store.bookings.get(f"bk_{size}_{number}")
            if seen is not None and seen.status is Status.CALLED:
                entered = replace(seen, status=Status.ADMITTED, version=seen.version + 1, admitted_at=seen.slot_start)
                store.commit(Write(entered, seen.version))


def run_all(steps: dict[str, Any], spent: dict[str, float], engine: Engine) -> None:
    """
    Run every step until nothing is left of its chunk, adding each one's CPU seconds.
    """
    for name, handler in steps.items():
        before = cpu(engine)
        while handler(None, None).get("more"):
            pass
        spent[name] = spent.get(name, 0) + cpu(engine) - before


def cpu(engine: Engine) -> float:
    """
    Give the CPU seconds of this process and of the engine.
    """
    ticks = Path(f"/proc/{engine.pid}/stat").read_text().rpartition(") ")[2].split()
    return time.process_time() + (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def measure(size: int, put: Callable[[datetime], None], engine: Engine, *, day: date) -> float:
    """
    Take one day of bookings through all steps and print what each cost: milliseconds a booking in all.
    """
    start = wiring.rules_on(wiring.clock().wall()).midnight(day)
    put(start - AHEAD)
    seed(size, day)
    names = [name for name in STEPS if Path(f"functions/{name}").is_dir()]
    steps = {name: importlib.import_module(f"functions.{name}.handler").handler for name in names}
    spent: dict[str, float] = {}
    for hour in range(-26, HOURS + 1):
        put(start + timedelta(hours=hour, minutes=1))
        run_all(steps, spent, engine)
        arrive(size, hour)
    put(start + timedelta(days=2))
    run_all(steps, spent, engine)
    each = {name: seconds / size * 1000 for name, seconds in spent.items()}
    whole = sum(each.values())
    print(
        f"{size:6d} bookings: {whole:5.2f} ms a booking (target ≤ {TARGET_MS:.0f})  " + "  ".join(f"{n} {ms:.2f}" for n, ms in each.items())
    )
    return whole


def main() -> None:
    """
    Measure each size and compare.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.steps", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    sizes = parser.parse_args().sizes
    with tempfile.TemporaryDirectory() as name, Engine(state=None) as engine, wired(engine, Path(name)) as put:
        day = wiring.clock().wall().date() + timedelta(days=4)
        found = [measure(size, put, engine, day=day + timedelta(days=10 * index)) for index, size in enumerate(sizes)]
    print(f"largest ÷ smallest: {max(found) / min(found):.2f} (target ≤ {MOST_UNEVEN})")


if __name__ == "__main__":
    main()
