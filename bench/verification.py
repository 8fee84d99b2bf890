"""
`python -m bench.verification [--seconds S] [--rounds N]`: a whole verification while every register takes S seconds, as a ratio to one register's time.

Everything is real: the relay's process with mutual TLS, the engine, the personal data store, the use case that writes the verdict.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from bench.store import held, waits
from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.vehicles import Party
from chalicelib.gateways.registries import RelayCertificates, RelayRegisters
from chalicelib.gateways.registries.relay import REGISTERS
from chalicelib.gateways.system import SystemClock
from chalicelib.jurisdictions import jurisdiction
from chalicelib.store.database import StoreSettings
from chalicelib.store.personal_data import PersonalData
from chalicelib.store.store import Store
from chalicelib.usecases.ask_registers import AskRegisters
from chalicelib.usecases.gather_proofs import GatherProofs
from chalicelib.usecases.ports import PersonRecord, Write
from chalicelib.usecases.verify_booking import VerifyBooking
from local.engines.engine import Engine

DRIVERS = 4
TARGET_SECONDS = 3.0
PERSON = {"iin": "880101300123", "phone": "+77011234567", "name": "A"}


@contextmanager
def relay(state: Path, *, seconds: float) -> Iterator[RelayRegisters]:
    """
    Run the registers' process, every one of them slow.
    """
    command = [sys.executable, "-m", "local.registers", "--port", "0", "--outbox-port", "0", "--state", str(state)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address, control = (re.findall(r"https?://\S+", process.stdout.readline())[0] for _ in range(2))
        for source in REGISTERS:
            httpx.put(f"{control}/registries/{source}", json={"mode": "slow", "seconds": seconds}).raise_for_status()
        folder = state / "certificates"
        certificates = RelayCertificates(folder / "authority.pem", folder / "client.pem", folder / "client.key")
        yield RelayRegisters(base_url=address, certificates=certificates)
    finally:
        process.terminate()
        process.wait()


def application(number: int) -> Booking:
    """
    One resident with four drivers, who is asked about everywhere.
    """
    driver = tuple(Party("per_1", resident=True) for _ in range(DRIVERS))
    made = replace(held(number), id=f"bk_{number}", status=Status.VERIFYING, drivers=driver, checks=(), created_at=datetime.now(UTC))
    return replace(made, hold_expires_at=None, due=None, user=Party("per_1", resident=True))


def main() -> None:
    """
    Verify some applications one after the other, print the slowest against one register.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=5)
    known = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, relay(Path(folder), seconds=known.seconds) as registers, Engine() as engine:
        settings = StoreSettings("b-", "eu-central-1", engine.url, access_key_id="local", secret_access_key="local")  # noqa: S106 - the engine asks for any
        store, people = Store(settings, next_step=waits), PersonalData(settings)
        store.create_tables()
        people.create_tables()
        people.put([PersonRecord("per_1", "owner", PERSON)])
        verify = VerifyBooking(
            committer=store,
            bookings=store.bookings,
            accounts=store.accounts,
            clock=SystemClock(),
            rules_on=lambda now: jurisdiction().rules_on(now.date()),
            proofs=GatherProofs(store.consents, provider=lambda: None),  # type: ignore[arg-type,return-value]  # no session is opened here
            ask=AskRegisters(people=people, registers=lambda: registers),
            sources=lambda: list(jurisdiction().verification_sources()),
            inapplicable=lambda *_: False,
        )
        took, answers = [], []
        for number in range(known.rounds):
            store.commit(Write(application(number)))
            started = time.perf_counter()
            verify(booking=f"bk_{number}")
            took.append(time.perf_counter() - started)
            done = store.bookings.get(f"bk_{number}")
            assert done is not None
            assert done.status is Status.VERIFIED, done
            answers = [answer for answer in done.checks if answer.asked_ms]
    slowest = max(took)
    print(f"{len(answers)} questions, each register {known.seconds:.2f} s: median {statistics.median(took):.2f} s, slowest {slowest:.2f} s")
    print(f"slowest run / one register: {slowest / known.seconds:.2f}   target <= {TARGET_SECONDS / known.seconds:.2f}")
    assert slowest <= TARGET_SECONDS * known.seconds, "slower than promised"


if __name__ == "__main__":
    main()
