"""
A day of bookings over all checkpoints for `bench.steps`: wired to an engine, seeded in bulk, three of four seen to enter and to leave.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from bench.store import held
from chalicelib import wiring
from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.money import DepositState, Wallet
from chalicelib.domain.places import Place, PlaceState, Pool
from chalicelib.domain.plans import Position
from chalicelib.domain.records import GatewayState
from chalicelib.domain.registers import Answer, CheckResult, Question
from chalicelib.domain.vehicles import VehicleLock, lock_keys
from chalicelib.usecases.ports import Committed, PersonRecord, Write
from chalicelib.wiring import users
from local.engines.engine import Engine
from local.supervisor.secrets import ensure_secrets

NO_SHOW: Final = 4
"""Every fourth vehicle does not come."""
HOURS: Final = 24
MOST_ROWS: Final = 90
AN_HOUR: Final = timedelta(hours=1)
A_MONTH: Final = timedelta(days=30)


class AtOnce:
    """
    Registers that all answer at once and have nothing against anybody: their time and ours on the way to them is `bench.verification`'s.
    """

    def ask(self, questions: Sequence[Question]) -> Sequence[Answer]:
        """
        Answer.
        """
        return [Answer(each.source, each.subject, CheckResult.PASSED) for each in questions]


@contextmanager
def wired(engine: Engine, folder: Path) -> Iterator[Callable[[datetime], None]]:
    """
    Wire everything to an engine, with registers that answer at once and a clock that can be put anywhere.
    """
    clock = folder / "clock.json"
    nowhere = "https://127.0.0.1:1"
    named = {"SECRETS": f"file:{ensure_secrets(folder)}", "DYNAMODB_ENDPOINT": engine.url, "CLOCK_FILE": str(clock)}
    named |= {"REGION": "eu-central-1", "TABLE_PREFIX": "bench-", "ISSUER": nowhere, "AUDIENCE": "bench", "PHOTOS_BUCKET": "bench"}
    named |= dict.fromkeys(("RELAY_URL", "SMS_URL", "PUSH_URL"), nowhere) | {"FIRST_DAY": "2026-01-01"}
    os.environ.update({f"QUEUE_{name}": value for name, value in named.items()})
    users.registers = AtOnce  # type: ignore[attr-defined]  # where the use cases look it up

    def put(moment: datetime) -> None:
        # in UTC: the difference of two local moments of one zone is one of clock faces
        clock.write_text(json.dumps({"offset_seconds": (moment.astimezone(UTC) - wiring.clock().wall()).total_seconds()}))

    put(wiring.clock().wall())
    wiring.store().create_tables()
    wiring.people().create_tables()
    yield put


def seed(size: int, day: date) -> None:
    """
    Write a day's confirmed bookings over all checkpoints and hours, each with its people and what its end would touch; every gateway has reported.
    """
    confirmed_at = wiring.clock().now()
    for checkpoint in wiring.law().checkpoints:
        seen = wiring.store().passages.gateway(checkpoint)
        upto = confirmed_at + A_MONTH
        heard = replace(seen, version=seen.version + 1, reported_upto=upto, last_seen=confirmed_at) if seen.version else None
        wiring.store().commit(Write(heard or GatewayState(checkpoint, 1, reported_upto=upto, last_seen=confirmed_at), seen.version))
    bookings = list(bookings_of(size, day, confirmed_at))
    known = [person for booking in bookings for person in (booking.owner.person, *(driver.person for driver in booking.drivers))]
    wiring.people().put([PersonRecord(person, "driver", {"iin": "880101300123", "name": "A B"}) for person in known])
    commit_all([_rows(booking) for booking in bookings])


def bookings_of(size: int, day: date, confirmed_at: datetime) -> Iterator[Booking]:
    """
    Make a day's bookings: one after the other over the checkpoints, hour by hour; what was confirmed of each holds until its trip.
    """
    rules, checkpoints = wiring.rules_on(wiring.clock().now()), list(wiring.law().checkpoints)
    for number in range(size):
        order, raw = number // len(checkpoints), held(number)
        start = rules.midnight(day) + timedelta(hours=order % HOURS)
        yield replace(
            raw,
            id=f"bk_{size}_{number}",
            account=f"acc_{size}_{number}",
            vehicle=replace(raw.vehicle, plate=f"{size}{raw.vehicle.plate}", vin=f"{size}{raw.vehicle.vin}"),
            owner=replace(raw.owner, person=f"per_{size}_{number}_owner"),
            drivers=tuple(replace(driver, person=f"per_{size}_{number}_driver") for driver in raw.drivers),
            checks=tuple(replace(answer, valid_until=day) for answer in raw.checks),
            checkpoint=checkpoints[number % len(checkpoints)],
            status=Status.CONFIRMED,
            pool=Pool.PRIMARY,
            day=day,
            position=Position(order % HOURS, order // HOURS + 1),
            slot_start=start,
            slot_end=start + AN_HOUR,
            hold_expires_at=None,
            number=f"B-{size}-{number}",
            deposit=DepositState.HELD,
            confirmed_at=confirmed_at,
            verified_at=confirmed_at - AN_HOUR,
        )


def _rows(booking: Booking) -> Sequence[Write]:
    assert booking.day is not None
    assert booking.position is not None
    place = Place(
        booking.checkpoint, booking.day, booking.position, booking.class_, PlaceState.SOLD, secondary=False, sales=1, version=1,
        booking=booking.id,
    )  # fmt: skip
    wallet = Wallet(booking.account, held=booking.due.deposit if booking.due else 0, version=1)
    locks = (VehicleLock(key, booking.id, booking.checkpoint, 1) for key in lock_keys(booking.vehicle, toward=booking.toward))
    return [Write(booking), Write(place), Write(wallet), *(Write(lock) for lock in locks)]


def arrive(size: int, hour: int) -> None:
    """
    Let three of four called bookings of an hour be where a gateway saw them enter, and those of the hour before where it saw them leave: what
    gateways report is no step, and costs what `bench.front` shows.
    """
    came = _called_of(size, hour, Status.CALLED)
    gone = _called_of(size, hour - 1, Status.ADMITTED)
    entered = [(seen, replace(seen, status=Status.ADMITTED, admitted_at=seen.slot_start)) for seen in came]
    left = [(seen, replace(seen, status=Status.CROSSED, crossed_at=seen.slot_end, ended_at=seen.slot_end)) for seen in gone]
    commit_all([[Write(replace(after, version=seen.version + 1), seen.version)] for seen, after in (*entered, *left)])


def _called_of(size: int, hour: int, status: Status) -> Sequence[Booking]:
    checkpoints = len(wiring.law().checkpoints)
    numbers = [number for number in range(size) if number % NO_SHOW and number // checkpoints % HOURS == hour]
    return [one for one in wiring.store().bookings.get_many([f"bk_{size}_{number}" for number in numbers]) if one.status is status]


def commit_all(each: Sequence[Sequence[Write]]) -> None:
    """
    Commit what belongs together in as few transactions as take it.
    """
    rows = len(each[0]) if each else 1
    for start in range(0, len(each), MOST_ROWS // rows):
        assert wiring.store().commit(*(write for writes in each[start : start + MOST_ROWS // rows] for write in writes)) == Committed()
