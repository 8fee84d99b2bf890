"""
The gate's talk to the cloud, in a thread of its own: journal, heartbeats, the wish for admissions. What waits here never delays a decision.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.contracts import topics
from chalicelib.contracts.admissions import AdmissionsWanted
from chalicelib.contracts.passages import Heartbeat
from iot.gate.connection import Connection
from iot.gate.health import Health
from iot.gate.records import Records
from iot.gate.shadow import shadow
from iot.kit.link import Link, UnableToPublishError
from iot.kit.outbox import Outbox

LOGGER = logging.getLogger(__name__)

HEARTBEAT_SECONDS: Final = 5.0
PROBE_SECONDS: Final = 1.0
"""While cut off, a heartbeat each second finds out when that ends."""
WANTED_SECONDS: Final = 10.0
FLUSH_SECONDS: Final = 1.0
"""Who waits for an empty journal asks many times a second; what is under way is not sent again for each."""
LEAP: Final = timedelta(seconds=30)
"""Business time that moved further than this since the last heartbeat was moved by hand: say so at once (D18)."""


class Uplink:
    """
    One `turn` sends all that is due. `wake` has it take a turn at once; `probe` finds out whether the cloud hears us right now.
    """

    def __init__(
        self, *, link: Link, records: Records, health: Health, connection: Connection, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._link = link
        self._records = records
        self._thing = records.settings.thing
        self._health = health
        self.connection = connection
        self._monotonic = monotonic
        self._outbox = Outbox(journal=records.journal, publish=self._publish_batch)
        self._awake = threading.Event()
        self._answers = threading.Condition()
        self._asked = self._answered = 0
        self._beat_at: float | None = None
        self._beat_told: datetime | None = None
        self._wanted_at: float | None = None
        self._restored = 0
        self._flush = False
        self._flushed_at = -FLUSH_SECONDS
        self._in_force: str | None = None

    def wake(self) -> None:
        """
        Take a turn now.
        """
        self._awake.set()

    def flush(self) -> int:
        """
        Send everything unacknowledged and a heartbeat after it; gives a number to ask `flushed` by. Impatient repetition resends nothing.
        """
        with self._answers:
            self._flush = True
            self._asked += 1
            self._awake.set()
            return self._asked

    def flushed(self, number: int) -> bool:
        """
        Whether the turn of that flush is over, successfully or not.
        """
        return self._answered >= number

    def report_in_force(self, token: str) -> None:
        """
        Tell the shadow which manifest's list is in force, so that it has no difference left to announce.
        """
        self._in_force = token
        self.wake()

    def probe(self, *, timeout: float) -> bool:
        """
        Send a heartbeat now, wait for what becomes of it, and tell whether the cloud hears us; no answer in time is a no.
        """
        with self._answers:
            self._asked += 1
            question = self._asked
            self._awake.set()
            answered = self._answers.wait_for(lambda: self._answered >= question, timeout)
        return answered and self.connection.up(now=self._monotonic())

    def run(self, *, stopped: threading.Event | None = None) -> None:
        """
        Take turns until stopped (by default for ever: a daemon thread's work).
        """
        while stopped is None or not stopped.is_set():
            self._awake.wait(timeout=PROBE_SECONDS)
            self._awake.clear()
            self.turn()

    def turn(self) -> None:
        """
        Send what is due. A message not taken ends the turn: the rest follows when the cloud is back.
        """
        with self._answers:
            flush, self._flush = self._flush, False
            question, asked = self._asked, self._asked > self._answered
        try:
            self._take_turn(flush=flush, ask=asked)
        except UnableToPublishError as error:
            self.connection.failed()
            LOGGER.info("cut off: %s", error)
        with self._answers:
            self._answered = question
            self._answers.notify_all()

    def _take_turn(self, *, flush: bool, ask: bool) -> None:
        now = self._monotonic()
        if ask or not self.connection.up(now=now):
            self._beat(now=now)
        restored = self.connection.times_restored != self._restored
        if restored:
            self._restored = self.connection.times_restored
            self._wanted_at = None
        if restored or (flush and now - self._flushed_at >= FLUSH_SECONDS):
            self._outbox.rewind()
            self._flushed_at = now
        self._outbox.send(now=now)
        self.connection.unanswered(seconds=self._outbox.unanswered_for(now=now))
        if flush or self._beat_due(now=now):
            self._beat(now=now)
        self._want_admissions(now=now)
        self._report_in_force()
        for wanted in self._records.photos.due():
            self._publish(topics.photo_wanted(self._thing), wanted)

    def _beat_due(self, *, now: float) -> bool:
        leapt = self._beat_told is None or self._records.clock.now() - self._beat_told > LEAP
        return leapt or self._beat_at is None or now - self._beat_at >= HEARTBEAT_SECONDS

    def _beat(self, *, now: float) -> None:
        """
        Say that we live. Time and sequence are taken under the lock that journal entries are written under, so that nothing slips between.
        """
        devices = self._health.devices(moment=now)
        with self._records.database.reading():
            moment = self._records.clock.now()
            last = self._records.journal.position().last
        beat = Heartbeat(
            journal=self._records.journal.id,
            last_sequence=last,
            at=moment,
            admissions_version=self._records.store.current.version,
            devices=devices,
        )
        self._publish(topics.heartbeat(self._thing), beat)
        self._beat_at, self._beat_told = now, moment

    def _want_admissions(self, *, now: float) -> None:
        """
        Ask after every (re)connection, then again while the list is missing, over, or known to be older than the manifest.
        """
        current = self._records.store.current
        lacking = self._records.store.behind or current.valid_until is None or self._records.clock.now() >= current.valid_until
        if self._wanted_at is None:
            self._publish(shadow(self._thing, "get"), {})
        if self._wanted_at is None or (lacking and now - self._wanted_at >= WANTED_SECONDS):
            self._publish(topics.admissions_wanted(self._thing), AdmissionsWanted(have=current.version))
            self._wanted_at = now

    def _report_in_force(self) -> None:
        token = self._in_force
        if token is not None:
            self._publish(shadow(self._thing, "update"), {"state": {"reported": {"admissions": {"token": token}}}})
            self._in_force = None if self._in_force == token else self._in_force

    def _publish_batch(self, document: dict[str, Any]) -> None:
        self._publish(topics.journal(self._thing), document)

    def _publish(self, topic: str, message: Any) -> None:
        self._link.publish_to_cloud(topic=topic, message=message)
        self.connection.taken(now=self._monotonic())
