"""
From a photograph in the camera's folder to the order to the barrier, the cloud cut off: `python -m bench.barrier [--trucks 100] [--folder DIR]`.

The reader and the gate run as the processes that are deployed, on the local component host; nobody answers where the cloud should be.
Every second truck has not been called by the cloud: the gate has to find out first that it is alone (D24).
"""

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from bench.plates.expected import LISTED, strangers
from bench.plates.figures import percentile
from bench.plates.folder import labeled
from chalicelib.contracts import topics
from chalicelib.contracts.admissions import PART_CHARACTERS, Admission, AdmissionsManifest, AdmissionsPart, AdmissionStatus
from chalicelib.contracts.messages import to_document, to_json
from chalicelib.contracts.passages import Action, BarrierState
from iot.gate.likelihood import Plate
from iot.gate.records import open_records
from iot.gate.settings import parse
from iot.kit.clock import BusinessClock, wall_now
from local.greengrass.bus import Document, Subscription
from local.greengrass.configuration import HostConfiguration
from local.greengrass.host import Host, lock
from local.greengrass.lanes import HOST, content
from local.pictures import draw_truck

WANTED_MS: Final = 600
CHECKPOINT: Final = "bench"
LANE: Final = "entry-1"
DEAD_PORT: Final = 9
"""Discard: nobody listens there."""
PATIENCE_SECONDS: Final = 20.0
BARRIER: Final = {"travel_seconds": 0.02, "hold_seconds": 0.05}
"""The boom is out of the way at once: what is measured ends with the order to it."""


@dataclass(frozen=True, slots=True)
class Truck:
    """
    A vehicle and its photograph.
    """

    plate: Plate
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Way:
    """
    Seconds from a photograph's appearance to its reading, to the decision and to the barrier's order, and the CPU seconds of reader and gate meanwhile.
    """

    read: float
    decided: float
    ordered: float
    spent: float


class Site:
    """
    A gateway whose lane can be shown pictures; notes when each thing was told on its local topics.
    """

    def __init__(self, host: Host, *, spool: Path) -> None:
        self._host, self._folder = host, spool / LANE
        self._told: asyncio.Queue[tuple[str, float, Any]] = asyncio.Queue()
        for topic in (topics.local_reading(LANE), topics.local_decision(LANE), topics.local_barrier(LANE)):
            host.bus.subscribe(Subscription(filter=topic, owner=HOST, deliver=self._hear))

    def _hear(self, topic: str, document: Document) -> None:
        self._told.put_nowait((topic, time.monotonic(), content(document)))

    async def ready(self) -> None:
        """
        Return once the gate listens to the reader.
        """
        await self._host.bus.until_heard(topics.local_reading(LANE), besides=HOST)

    async def show(self, jpeg: bytes, *, name: str) -> Way | str:
        """
        What a photograph's way took from its appearance; or why the barrier stayed shut.
        """
        draft = self._folder / f".{name}.draft"
        draft.write_bytes(jpeg)
        began, spent = time.monotonic(), self._spent()
        draft.rename(self._folder / f"{name}.jpg")
        read = decided = began
        while True:
            topic, moment, message = await asyncio.wait_for(self._told.get(), PATIENCE_SECONDS)
            if topic == topics.local_reading(LANE):
                read = moment
            elif topic == topics.local_decision(LANE):
                decided = moment
                if message["decision"]["action"] != Action.OPEN:
                    return str(message["decision"]["reason"])
            elif message["state"] == BarrierState.OPENING:
                return Way(read - began, decided - began, moment - began, self._spent() - spent)

    def _spent(self) -> float:
        """
        CPU seconds that the components have used so far.
        """
        files = (Path(f"/proc/{keeper.pid}/task") for keeper in self._host.keepers if keeper.pid)
        return sum(int((task / "schedstat").read_text().split()[0]) for file in files for task in file.iterdir()) / 1e9

    async def closed(self) -> None:
        """
        Return once the boom is down again.
        """
        while True:
            topic, _, message = await asyncio.wait_for(self._told.get(), PATIENCE_SECONDS)
            if topic == topics.local_barrier(LANE) and message["state"] == BarrierState.CLOSED:
                return


def main() -> None:
    """
    Show every truck, print what came of it, fail over the wanted time.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trucks", type=int, default=100, help="how many are drawn")
    parser.add_argument("--folder", type=Path, help="labeled photographs to show instead, as for bench.plates")
    given = parser.parse_args()
    trucks = photographed(given.folder) if given.folder else drawn(given.trucks)
    with tempfile.TemporaryDirectory() as folder:
        ways, shut = asyncio.run(measure(trucks, state=Path(folder)))
    print(
        f"{len(trucks)} photographs, {LISTED} vehicles expected, cloud cut off, load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    print(f"{len(ways)} times open, {sum(shut.values())} shut: {shut or 'none'}")
    for title, values in (
        ("read", [way.read for way in ways]),
        ("decided", [way.decided for way in ways]),
        ("barrier ordered", [way.ordered for way in ways]),
        ("CPU of both", [way.spent for way in ways]),
    ):
        milliseconds = [1000 * value for value in values]
        print(f"{title:16} median {percentile(milliseconds, 0.5):4.0f} ms, p99 {percentile(milliseconds, 0.99):4.0f} ms")
    slowest = 1000 * percentile([way.ordered for way in ways], 0.99)
    assert slowest <= WANTED_MS, f"{slowest:.0f} ms of at most {WANTED_MS}"


async def measure(trucks: Sequence[Truck], *, state: Path) -> tuple[list[Way], dict[str, int]]:
    """
    The ways of all that were let in, and how many stayed shut for which reason.
    """
    ways: list[Way] = []
    shut: dict[str, int] = {}
    async with site(trucks, state=state) as gateway:
        await gateway.ready()
        await gateway.show(draw_truck(plate="001ZZZ01", seed=0), name="warm-up")
        for number, truck in enumerate(trucks):
            answer = await gateway.show(truck.jpeg, name=f"frame-{number}")
            if isinstance(answer, str):
                shut[answer] = shut.get(answer, 0) + 1
            else:
                ways.append(answer)
                await gateway.closed()
    return ways, shut


def drawn(count: int) -> list[Truck]:
    """
    Trucks of Kazakhstan, drawn by seed.
    """
    chance = random.Random(7)
    texts = {
        f"{chance.randint(1, 999):03d}{''.join(chance.choices('ABCEHKMNPRSTXYZ', k=3))}{chance.randint(1, 20):02d}" for _ in range(count)
    }
    return [Truck(Plate("KZ", text), draw_truck(plate=text, seed=seed)) for seed, text in enumerate(sorted(texts))]


def photographed(folder: Path) -> list[Truck]:
    """
    The labeled photographs of a folder.
    """
    return [Truck(Plate(photo.country, photo.text), (folder / photo.file).read_bytes()) for photo in labeled(folder)]


@contextlib.asynccontextmanager
async def site(trucks: Sequence[Truck], *, state: Path) -> AsyncIterator[Site]:
    """
    A gateway with one entry lane that expects these trucks and others, and hears no cloud.
    """
    private = ec.generate_private_key(ec.SECP256R1())
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(private.public_key())) | {"kid": "bench", "alg": "ES256"}
    configuration = HostConfiguration.model_validate(
        {
            "checkpoint": CHECKPOINT,
            "thing": topics.thing(CHECKPOINT),
            "state_dir": state / "host",
            "spool_dir": state / "spool",
            "photos_dir": state / "photos",
            "control_port": 0,
            "mqtt": {"port": DEAD_PORT} | credentials(folder=state),
            "lanes": [{"id": LANE, "kind": "entry"}],
            "components": ["plate_reader", "gate"],
            "configuration": {"gate": {"barrier": BARRIER}},
            "admissions_key": {"keys": [jwk]},
        }
    )
    put_in_force(trucks, site_of=configuration.site("gate"), key=private)
    with lock(configuration.state_dir):
        host = Host(configuration)
        gateway = Site(host, spool=configuration.spool_dir)
        async with host.running():
            yield gateway


def put_in_force(trucks: Sequence[Truck], *, site_of: dict[str, Any], key: ec.EllipticCurvePrivateKey) -> None:
    """
    Sign a list as the cloud does, and let the gate's own records take it.
    """
    now = wall_now()
    others = strangers(max(0, LISTED - len(trucks)), chance=random.Random(1))
    plates = [*(truck.plate for truck in trucks), *others]
    text = json.dumps(to_document([admission(plate, number=at, now=now) for at, plate in enumerate(plates)]), ensure_ascii=False)
    slices = [text[at : at + PART_CHARACTERS] for at in range(0, len(text), PART_CHARACTERS)]
    manifest = AdmissionsManifest(
        checkpoint=CHECKPOINT,
        version=1,
        parts=len(slices),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        valid_from=now,
        valid_until=now + timedelta(hours=72),
    )
    token = jwt.PyJWS().encode(to_json(manifest).encode(), key, algorithm="ES256", headers={"typ": "admissions+jwt", "kid": "bench"})
    records = open_records(settings=parse(site_of), clock=BusinessClock(offset_file=None))
    for index, one in enumerate(slices):
        records.store.take(AdmissionsPart(version=1, index=index, parts=len(slices), text=one, token=token))
    records.database.close()


def admission(plate: Plate, *, number: int, now: datetime) -> Admission:
    """
    A vehicle whose interval begins in ten minutes; one of two was called by the cloud, the other's lead has only begun.
    """
    start, called = now + timedelta(minutes=10), number % 2 == 0
    return Admission(
        booking=f"b-{number}",
        version=1,
        number=f"BNC-{number}",
        plate=plate.text,
        country=plate.country,
        status=AdmissionStatus.CALLED if called else AdmissionStatus.CONFIRMED,
        class_="general",
        slot_start=start,
        slot_end=start + timedelta(hours=1),
        opens_at=start - timedelta(minutes=30),
        call_due_at=start - timedelta(minutes=90),
        expires_at=start + timedelta(hours=2),
        called_at=start - timedelta(minutes=90) if called else None,
        arrived_at=start - timedelta(minutes=60),
    )


def credentials(*, folder: Path) -> dict[str, Path]:
    """
    PEM files for a connection that will never be made.
    """
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, CHECKPOINT)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
    cert, private = folder / "gateway.pem", folder / "gateway.key"
    cert.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = serialization.PrivateFormat.TraditionalOpenSSL
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, plain, serialization.NoEncryption()))
    return {"ca": cert, "cert": cert, "key": private}


if __name__ == "__main__":
    main()
