"""
`python -m bench.store [--seconds S] [--memory]`: commits of eight items as taking a place makes them, and what one costs the client.
"""

import argparse
import itertools
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.money import Due
from chalicelib.domain.places import Place, PlaceState
from chalicelib.domain.plans import PlaceClass, Position
from chalicelib.domain.records import Event, HoldCount, OutboxMessage, RequestRecord, Task
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.schedule import NextStep, Step
from chalicelib.domain.vehicles import Cargo, Category, Party, Vehicle, VehicleLock
from chalicelib.store.database import StoreSettings
from chalicelib.store.store import Store
from chalicelib.usecases.ports import Committed, Write
from local.engines.engine import Engine

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=ZoneInfo("Asia/Almaty"))
DAY = date(2026, 12, 3)
HERE = "nur-zholy"
CPU_TARGET_MS = 6.0


def waits(booking: Booking) -> NextStep | None:
    """
    Let every booking wait for its hold to lapse, so that the sparse index is written.
    """
    return NextStep(Step.TIDY, booking.hold_expires_at or NOW)


def held(number: int) -> Booking:
    """
    One booking that has just taken its place.
    """
    plate = f"{number:06d}"
    return Booking(
        id=f"bk_{number}",
        version=1,
        account=f"acc_{number}",
        status=Status.HELD,
        class_=PlaceClass.GENERAL,
        checkpoint=HERE,
        toward="CN",
        created_at=NOW,
        vehicle=Vehicle("KZ", plate, f"XTA{plate}", Category.TRUCK, "curtain"),
        owner=Party("per_1", resident=True),
        drivers=(Party("per_2", resident=True),),
        authorized_drivers=1,
        cargo=Cargo("general"),
        checks=tuple(Answer(str(source), "user", CheckResult.PASSED, DAY, "OK", 20) for source in range(1, 15)),
        day=DAY,
        position=Position(number // 999, number % 999 + 1),
        slot_start=NOW,
        slot_end=NOW + timedelta(hours=1),
        hold_expires_at=NOW + timedelta(minutes=10),
        due=Due(432500, 8650000, 0, 9082500),
    )


def taking(number: int) -> tuple[Write, ...]:
    """
    What taking a place writes: eight items.
    """
    booking = held(number)
    position = Position(number // 999, number % 999 + 1)
    until = NOW + timedelta(minutes=10)
    place = Place(HERE, DAY, position, PlaceClass.GENERAL, PlaceState.HELD, secondary=False, sales=0, version=1, booking=booking.id)
    event = Event(f"{HERE}.{DAY}.{booking.id}.000001", booking.id, 1, HERE, DAY, "held", NOW, "user", "22")
    return (
        Write(place),
        Write(booking),
        Write(VehicleLock(f"CN#plate#{booking.vehicle.plate_key}", booking.id, HERE, 1, until)),
        Write(VehicleLock(f"CN#vin#{booking.vehicle.vin_key}", booking.id, HERE, 1, until)),
        Write(HoldCount(f"account#{booking.account}", DAY, 0, booking.id, until, paying=False, version=1)),
        Write(event),
        Write(OutboxMessage(f"load.{booking.id}", Task.LOAD, booking.id, 1, NOW, NOW, {"booking": booking.id})),
        Write(RequestRecord(f"{booking.account}#POST#k{number}", "ab" * 32, 200, booking.id, "{}", NOW)),
    )


def measure(store: Store, numbers: Iterator[int], *, threads: int, seconds: float) -> None:
    """
    Commit from several threads for a while and print the rate and the client's CPU time per commit.
    """
    done = [0] * threads
    end = time.perf_counter() + seconds

    def work(worker: int) -> None:
        while time.perf_counter() < end:
            assert store.commit(*taking(next(numbers))) == Committed()
            done[worker] += 1

    cpu, start = time.process_time(), time.perf_counter()
    crew = [threading.Thread(target=work, args=(worker,)) for worker in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    count = sum(done)
    print(
        f"{threads:3d} threads: {count / wall:6.0f} commits/s, {cpu / count * 1000:5.2f} ms client CPU per commit (target ≤ {CPU_TARGET_MS})"
    )


def measured(name: str, act: Callable[[], object], *, times: int) -> None:
    """
    Time one act alone.
    """
    cpu, start = time.process_time(), time.perf_counter()
    for _ in range(times):
        act()
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(f"{name}: {wall / times * 1000:.2f} ms, {cpu / times * 1000:.2f} ms client CPU")


def main() -> None:
    """
    Start an engine, measure, and stop it.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.store", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--memory", action="store_true", help="engine in memory instead of on disk")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, Engine(state=None if asked.memory else Path(directory)) as engine:
        settings = StoreSettings("bench-", "eu-central-1", engine.url, "local", "local")
        store = Store(settings, next_step=waits)
        store.create_tables()
        numbers = itertools.count()
        print(f"engine {'in memory' if asked.memory else 'on disk'}, {datetime.now(UTC):%Y-%m-%d}")
        for threads in (1, 4, 16):
            measure(store, numbers, threads=threads, seconds=asked.seconds)
        measured("read a booking", lambda: store.bookings.get("bk_0"), times=200)
        measured("read a day's touched places", lambda: store.places.touched(HERE, DAY, consistent=True), times=5)
        print(f"{len(store.places.touched(HERE, DAY, consistent=True))} places were touched")


if __name__ == "__main__":
    main()
