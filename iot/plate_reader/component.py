"""
The component: every picture that a lane's camera leaves in its spool folder becomes one `ReaderReport` on the lane's local topic.

A picture leaves the spool only after its report was taken: a crash at any point reads it again.
"""

import logging
import math
import os
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from chalicelib.contracts.passages import DeviceHealth, ReaderReport, Reading
from chalicelib.contracts.topics import local_reading
from iot.kit.clock import Clock
from iot.kit.link import Link, UnableToPublishError
from iot.plate_reader.geometry import Picture
from iot.plate_reader.images import MOST_BYTES, NotAPictureError, Photograph, decode, photograph
from iot.plate_reader.reading import PlateReading, read
from iot.plate_reader.settings import ReaderSettings
from iot.plate_reader.spool import Spool, SpoolFile

LOGGER = logging.getLogger(__name__)

NOT_A_PICTURE: Final = "NOT_A_PICTURE"
HEALTH_TOPIC: Final = "reader/health"
HEALTH_SECONDS: Final = 5.0
IDLE_SECONDS: Final = 0.01
RETRY_SECONDS: Final = 0.5


class PlateReader:
    """
    Reads the lanes in turn, one picture each, so that no lane waits for another's heap.
    """

    def __init__(
        self, *, settings: ReaderSettings, link: Link, clock: Clock, read_picture: Callable[[Picture], list[PlateReading]] = read
    ) -> None:
        self._settings = settings
        self._link = link
        self._clock = clock
        self._read = read_picture
        self._since = clock.now()
        self._spools = {
            lane: Spool(folder=settings.spool_dir / lane, attempts=settings.data_dir / "attempts" / lane) for lane in settings.lanes
        }

    def run(self, stopped: threading.Event) -> None:
        """
        Read until told to stop.
        """
        told = -math.inf
        while not stopped.is_set():
            if time.monotonic() - told >= HEALTH_SECONDS:
                told = time.monotonic()
                self.tell_health()
            if not self.turn():
                stopped.wait(IDLE_SECONDS)

    def tell_health(self) -> None:
        """
        Tell the gate that the reader lives; the gate counts it as silent when this stays away (§8, §13).
        """
        health = DeviceHealth(device="plate-reader", kind="plate_reader", lane="", ok=True, state="reading", since=self._since)
        try:
            self._link.publish(topic=HEALTH_TOPIC, message=health)
        except UnableToPublishError as error:
            LOGGER.warning("health not told: %s", error)

    def turn(self) -> int:
        """
        Report the first waiting picture of each lane; how many there were.
        """
        waiting = [(lane, file) for lane, spool in self._spools.items() if (file := spool.first())]
        for lane, file in waiting:
            self._handle(lane, file)
        return len(waiting)

    def _handle(self, lane: str, file: SpoolFile) -> None:
        spool = self._spools[lane]
        report = self._report(lane, file, allowed=spool.begin(file))
        try:
            self._link.publish(topic=local_reading(lane), message=report)
        except UnableToPublishError as error:
            LOGGER.warning("frame %s of %s waits: %s", file.frame, lane, error)
            spool.again(file)
            time.sleep(RETRY_SECONDS)
            return
        spool.done(file)

    def _report(self, lane: str, file: SpoolFile, *, allowed: bool) -> ReaderReport:
        at = self._clock.now() - timedelta(seconds=max(0.0, time.time() - file.taken_at))
        try:
            if not allowed:
                raise NotAPictureError("reading it ended the reader before")
            data = _bytes(file)
            picture = decode(data)
            kept = self._keep(photograph(data, picture))
        except NotAPictureError as error:
            LOGGER.warning("frame %s of %s is no picture: %s", file.frame, lane, error)
            return ReaderReport(frame=file.frame, lane=lane, at=at, readings=(), error=NOT_A_PICTURE)
        return ReaderReport(frame=file.frame, lane=lane, at=at, readings=self._readings(lane, file, picture), photo=kept)

    def _readings(self, lane: str, file: SpoolFile, picture: Picture) -> tuple[Reading, ...]:
        began = time.monotonic()
        try:
            found = self._read(picture)
        except Exception:  # whatever a picture does to the networks, the lane goes on: the officer sees an unreadable plate
            LOGGER.exception("frame %s of %s could not be read", file.frame, lane)
            return ()
        LOGGER.info("frame %s of %s: %d readings in %.0f ms", file.frame, lane, len(found), (time.monotonic() - began) * 1000)
        return tuple(_reading(item) for item in found)

    def _keep(self, photo: Photograph) -> str | None:
        """
        Store a photograph under its hash. A full disk must not stop the gate: then the passage has no photograph.
        """
        try:
            store(photo, folder=self._settings.photos_dir)
        except OSError as error:
            LOGGER.error("photograph not kept: %s", error)  # noqa: TRY400 - a full disk needs no traceback
            return None
        return photo.sha256


def store(photo: Photograph, *, folder: Path) -> Path:
    """
    Write a photograph as `<sha256>.jpg`, whole or not at all; one that is there already stays.
    """
    path = folder / f"{photo.sha256}.jpg"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=folder, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(photo.jpeg)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return path


def _bytes(file: SpoolFile) -> bytes:
    if not file.regular or not 0 < file.size <= MOST_BYTES:
        raise NotAPictureError(f"{file.size} bytes" if file.regular else "not a regular file")
    try:
        return file.path.read_bytes()
    except OSError as error:
        raise NotAPictureError(f"unreadable: {type(error).__name__}") from error


def _reading(item: PlateReading) -> Reading:
    return Reading(text=item.text, country=item.country, confidence=item.confidence, char_confidences=item.char_confidences)
