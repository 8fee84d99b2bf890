"""
The gate component: everything that happens comes into one inbox and is handled one by one, barriers are looked at in between.
"""

import logging
import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from chalicelib.contracts import topics
from chalicelib.contracts.admissions import AdmissionsPart
from chalicelib.contracts.commands import Command
from chalicelib.contracts.messages import UnableToParseError, from_json
from chalicelib.contracts.passages import Acknowledgement, BarrierState, DeviceHealth, GateDecision, PhotoGranted, ReaderReport
from iot.gate.admissions_store import UnableToAcceptListError
from iot.gate.barriers import SEE_THROUGH_SECONDS, Barriers
from iot.gate.health import Health
from iot.gate.orders import CommandDesk
from iot.gate.passages import PassageDesk, UnknownLaneError
from iot.gate.records import Records
from iot.gate.shadow import LISTENED, desired_token, shadow
from iot.gate.uplink import Uplink
from iot.kit.link import Handler, Link, UnableToPublishError

LOGGER = logging.getLogger(__name__)

DRAIN_REQUEST: Final = "gate/drain/request"
DRAIN_REPORT: Final = "gate/drain/report"
HEALTH_TOPICS: Final = ("reader/health", "board/health")
POLL_SECONDS: Final = 0.25
POLL_BUSY_SECONDS: Final = 0.02
PROBE_SECONDS: Final = 1.5
DRAIN_SECONDS: Final = 10.0
TIDY_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class DrainRequest:
    """
    Who waits for an empty journal gives the reports that answer him a name.
    """

    id: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """
    A drain request under way: its flush, how long it is reported to, and what was told last.
    """

    request: str
    flush: int
    until: float
    told: int | None = None


Routes = dict[str, Callable[[bytes], None]]


class Gate:
    """
    Handles the site's and the cloud's messages on one thread. `grants` receives permissions to upload photographs.
    """

    def __init__(
        self,
        *,
        records: Records,
        link: Link,
        health: Health,
        uplink: Uplink,
        barriers: Callable[[Callable[[], None]], Barriers],
        grants: Callable[[PhotoGranted], None],
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._records, self._link, self._health, self._uplink = records, link, health, uplink
        self._grants, self._monotonic, self._wall = grants, monotonic, wall
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._passages = PassageDesk(records=records, wall=wall)
        self._commands = CommandDesk(records=records, wall=wall)
        self._barriers = barriers(self._changed)
        self._drain: Waiting | None = None
        self._tidied = monotonic()

    def local_routes(self) -> Routes:
        """
        The local topics it listens to.
        """
        routes: Routes = {topics.local_reading(lane): self.on_report for lane in self._records.settings.lanes}
        routes[DRAIN_REQUEST] = self.on_drain_request
        return routes | dict.fromkeys(HEALTH_TOPICS, self.on_health)

    def cloud_routes(self) -> Routes:
        """
        The cloud's topics it listens to.
        """
        thing = self._records.settings.thing
        return {
            topics.acknowledgement(thing): self.on_acknowledgement,
            topics.admissions(thing): self.on_admissions_part,
            topics.commands(thing): self.on_command,
            topics.photo_granted(thing): self.on_photo_granted,
            **{shadow(thing, verb): self.on_shadow for verb in LISTENED},
        }

    def inbox(self, route: Callable[[bytes], None]) -> Handler:
        """
        A link's handler that leaves the message to the gate's own thread.
        """
        return lambda _topic, payload: self._inbox.put(partial(self._guarded, route, payload))

    def start(self) -> None:
        """
        After a crash or the first time: tell again what was just decided, and see ordered openings through.
        """
        for told in self._passages.decided_since(self._wall() - SEE_THROUGH_SECONDS):
            self._tell(told)
        self._barriers.see_through()
        self._passages.refresh()

    def turn(self) -> None:
        """
        Handle what comes next, or nothing for a moment; then look at the barriers.
        """
        try:
            busy = self._barriers.moving or self._drain is not None
            self._inbox.get(timeout=POLL_BUSY_SECONDS if busy else POLL_SECONDS)()
        except queue.Empty:
            self._tidy()
        self._barriers.poll()
        self._report_drain()

    def on_report(self, payload: bytes) -> None:
        """
        One frame read: decide, tell the site, move the barrier, in this order.
        """
        report = from_json(ReaderReport, payload)
        works = self._barriers.state(report.lane) is not BarrierState.FAULTED
        outcome = self._passages.pass_frame(report, connected=self._connected_for(report), barrier_works=works)
        self._health.frame_seen(lane=report.lane, at=outcome.told.at)
        self._tell(outcome.told)
        if outcome.opening is not None:
            self._barriers.open(outcome.opening)
        self._uplink.wake()

    def on_command(self, payload: bytes) -> None:
        """
        An officer's order.
        """
        command = from_json(Command, payload)
        answer = self._commands.accept(command)
        LOGGER.info("command %s: %s", command.id, answer.result)
        if answer.opening is not None:
            self._passages.refresh()
            self._barriers.open(answer.opening)
        if answer.close:
            self._barriers.close(lane=command.lane, cause=command.id)
        self._uplink.wake()

    def on_acknowledgement(self, payload: bytes) -> None:
        """
        The cloud has committed part of the journal.
        """
        if self._records.journal.acknowledge(from_json(Acknowledgement, payload)):
            self._uplink.wake()

    def on_admissions_part(self, payload: bytes) -> None:
        """
        Part of a list; a complete newer one is in force from here on.
        """
        part = from_json(AdmissionsPart, payload)
        if self._records.store.take(part):
            self._passages.refresh()
            self._uplink.report_in_force(part.token)

    def on_shadow(self, payload: bytes) -> None:
        """
        The shadow may name a newer list than ours; its parts are asked for.
        """
        token = desired_token(payload)
        if token is not None:
            self._records.store.hear_of(token)
            self._uplink.wake()

    def on_photo_granted(self, payload: bytes) -> None:
        """
        Where a photograph may be put.
        """
        self._grants(from_json(PhotoGranted, payload))

    def on_health(self, payload: bytes) -> None:
        """
        Another component's word on its device.
        """
        self._health.reported(from_json(DeviceHealth, payload), moment=self._monotonic())

    def on_drain_request(self, payload: bytes) -> None:
        """
        Somebody waits for an empty journal: everything is sent now, and reports say how much is left until nothing is.
        """
        self._drain = Waiting(
            request=from_json(DrainRequest, payload).id, flush=self._uplink.flush(), until=self._monotonic() + DRAIN_SECONDS
        )

    def _report_drain(self) -> None:
        """
        Report each time fewer entries are left, but not before the flush was tried.
        """
        waiting = self._drain
        if waiting is None or not self._uplink.flushed(waiting.flush):
            return
        pending = self._records.journal.position().pending
        if pending != waiting.told:
            self._publish(DRAIN_REPORT, {"id": waiting.request, "pending": pending})
        over = pending == 0 or self._monotonic() >= waiting.until
        self._drain = None if over else replace(waiting, told=pending)

    def _connected_for(self, report: ReaderReport) -> bool:
        """
        Whether the cloud hears us: found out this very moment, but only where the decision hangs on it (D24).
        """
        works = self._barriers.state(report.lane) is not BarrierState.FAULTED
        cut_off, connected = (self._passages.verdict(report, connected=word, barrier_works=works) for word in (False, True))
        return cut_off.decision == connected.decision or self._uplink.probe(timeout=PROBE_SECONDS)

    def _changed(self) -> None:
        self._passages.refresh()
        self._uplink.wake()

    def _tell(self, told: GateDecision) -> None:
        self._publish(topics.local_decision(told.lane), told)

    def _publish(self, topic: str, message: Any) -> None:
        try:
            self._link.publish(topic=topic, message=message)
        except UnableToPublishError as error:
            LOGGER.warning("the site was not told: %s", error)

    def _guarded(self, route: Callable[[bytes], None], payload: bytes) -> None:
        """
        What is not a message, or not one to believe, is logged and dropped. Any other fault ends the process: it restarts from its records.
        """
        try:
            route(payload)
        except (UnableToParseError, UnableToAcceptListError, UnknownLaneError) as error:
            LOGGER.warning("message dropped: %s: %s", type(error).__name__, error)

    def _tidy(self) -> None:
        if self._monotonic() - self._tidied >= TIDY_SECONDS:
            self._tidied = self._monotonic()
            self._records.marks.forget(now=self._records.clock.now())
            self._passages.refresh()
