"""
The gate component's process: wires the parts, listens, and turns until it is killed. It may be killed at any moment.
"""

import logging
import queue
import time
from functools import partial

from chalicelib.contracts.passages import PhotoGranted
from iot.gate.barriers import Barriers, simulated_motors
from iot.gate.component import Gate
from iot.gate.connection import Connection
from iot.gate.health import Health
from iot.gate.photos import UnableToUploadError
from iot.gate.records import Records, open_records
from iot.gate.settings import parse
from iot.gate.uplink import Uplink
from iot.kit.clock import BusinessClock, wall_now
from iot.kit.link import IpcLink, Link
from iot.kit.process import log_to_stdout, on_own_thread
from iot.kit.subscriptions import subscribe_to_cloud

LOGGER = logging.getLogger(__name__)

BUDGET_CHECK_SECONDS = 60.0


def main() -> None:
    """
    Run the gate.
    """
    log_to_stdout()
    link = IpcLink()
    settings = parse(link.configuration())
    clock = BusinessClock(offset_file=settings.clock_file)
    records = open_records(settings=settings, clock=clock)
    position = records.journal.position()
    LOGGER.info(
        "journal %s at %d, %d unacknowledged; list %d", records.journal.id, position.last, position.pending, records.store.current.version
    )
    run(link=link, records=records)


def run(*, link: Link, records: Records) -> None:
    """
    Start the threads (uplink, photographs, subscriptions) and be the gate's own.
    """
    health = Health(settings=records.settings, now=records.clock.now())
    uplink = Uplink(link=link, records=records, health=health, connection=Connection())
    grants: queue.SimpleQueue[PhotoGranted] = queue.SimpleQueue()
    motors = simulated_motors(records.settings)
    gate = Gate(
        records=records,
        link=link,
        health=health,
        uplink=uplink,
        barriers=lambda changed: Barriers(records=records, link=link, health=health, motors=motors, on_change=changed),
        grants=grants.put,
    )
    gate.start()
    for topic, route in gate.local_routes().items():
        link.subscribe(topic=topic, handler=gate.inbox(route))
    link.ready()
    listening = {topic: gate.inbox(route) for topic, route in gate.cloud_routes().items()}
    talk = partial(on_own_thread, "uplink", uplink.run)  # listen before asking: an answer must find its listener
    on_own_thread("subscriptions", partial(subscribe_to_cloud, link=link, handlers=listening, then=talk))
    on_own_thread("photos", partial(_upload, records, grants))
    while True:
        gate.turn()


def _upload(records: Records, grants: "queue.SimpleQueue[PhotoGranted]") -> None:
    """
    Put granted photographs one after another, and look after the disk.
    """
    checked = time.monotonic()
    while True:
        try:
            records.photos.fulfil(grants.get(timeout=BUDGET_CHECK_SECONDS), now=wall_now())
        except queue.Empty:
            pass
        except UnableToUploadError as error:
            LOGGER.warning("photograph not taken, offered again later: %s", error)
        if time.monotonic() - checked >= BUDGET_CHECK_SECONDS:
            checked = time.monotonic()
            lost = records.photos.keep_within(records.settings.photo_budget_bytes)
            if lost:
                LOGGER.error("disk budget: %d photographs deleted unsent", lost)


if __name__ == "__main__":
    main()
