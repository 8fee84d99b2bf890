"""
A lane seen from outside: pictures put before its camera, readings as if from its reader, and the gate's word on them.
"""

import asyncio
import base64
import json
import uuid
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Any, Final

from chalicelib.contracts import messages, topics
from chalicelib.contracts.passages import GateDecision, ReaderReport, Reading
from chalicelib.contracts.plates import normalize
from iot.kit.clock import Clock
from local.greengrass.bus import Bus, Document, Subscription, matches

DECISION_SECONDS: Final = 10.0
HOST: Final = "host"


class UnknownLaneError(LookupError):
    """
    The checkpoint has no such lane.
    """


class NoDecisionError(TimeoutError):
    """
    The gate did not decide about a frame in time.
    """


class Lanes:
    """
    All lanes of the checkpoint. Frames get an id of their own; the gate's decision bears it.

    A gate that is killed with a report in hand gets it again when it is back, as a camera shows a truck that still stands there.
    The frame's id is the same, so the gate decides it once.
    """

    def __init__(self, ids: tuple[str, ...], *, bus: Bus, spool: Path, clock: Clock) -> None:
        self._ids = ids
        self._bus = bus
        self._spool = spool
        self._clock = clock
        self._waiting: dict[str, asyncio.Future[GateDecision]] = {}
        self._reports: dict[str, tuple[str, Document]] = {}
        for lane in ids:
            (spool / lane).mkdir(parents=True, exist_ok=True)
            bus.subscribe(Subscription(filter=topics.local_decision(lane), owner=HOST, deliver=self._decided))
            bus.subscribe(Subscription(filter=topics.local_reading(lane), owner=HOST, deliver=self._reported))
        bus.watch(self._came)

    async def frame(self, lane: str, image: bytes) -> GateDecision:
        """
        Put a picture into the camera's spool, by atomic rename as cameras that push by FTP do, and wait for the decision.
        """
        self._check(lane)
        frame = uuid.uuid4().hex
        picture = self._spool / lane / f"{frame}.jpg"

        async def show() -> None:
            # A gate that is being restarted would miss the reader's report.
            await self._bus.until_heard(topics.local_reading(lane), besides=HOST)
            await asyncio.to_thread(_place, picture, image)

        try:
            return await self._decision(frame, show())
        finally:
            # Whoever asked has gone: a barrier must not open for this picture later.
            await asyncio.to_thread(picture.unlink, missing_ok=True)

    async def reading(self, lane: str, readings: tuple[Reading, ...]) -> GateDecision:
        """
        Publish readings as if from the lane's reader and wait for the decision.
        """
        self._check(lane)
        report = ReaderReport(frame=uuid.uuid4().hex, lane=lane, at=self._clock.now(), readings=readings)
        topic = topics.local_reading(lane)

        async def publish() -> None:
            await self._bus.until_heard(topic, besides=HOST)
            self._bus.publish(topic, {"jsonMessage": {"message": messages.to_document(report)}}, by=HOST)

        return await self._decision(report.frame, publish())

    async def _decision(self, frame: str, act: Awaitable[None]) -> GateDecision:
        decided: asyncio.Future[GateDecision] = asyncio.get_running_loop().create_future()
        self._waiting[frame] = decided
        try:
            async with asyncio.timeout(DECISION_SECONDS):
                await act
                return await decided
        except TimeoutError as error:
            raise NoDecisionError(f"the gate did not decide about frame {frame}") from error
        finally:
            del self._waiting[frame]
            self._reports.pop(frame, None)

    def _reported(self, topic: str, document: Document) -> None:
        report = content(document)
        if isinstance(report, dict) and report.get("frame") in self._waiting:
            self._reports[report["frame"]] = topic, document

    def _came(self, listener: Subscription) -> None:
        """
        Repeat what nobody decided, once the newcomer has its answer.
        """
        for topic, document in self._reports.values():
            if listener.owner != HOST and matches(listener.filter, topic):
                asyncio.get_running_loop().call_soon(listener.deliver, topic, document)

    def _decided(self, _: str, document: Document) -> None:
        try:
            decision = messages.from_document(GateDecision, content(document))
        except messages.UnableToParseError:
            return
        waiting = self._waiting.get(decision.frame)
        if waiting is not None and not waiting.done():
            waiting.set_result(decision)

    def _check(self, lane: str) -> None:
        if lane not in self._ids:
            raise UnknownLaneError(lane)


def _place(picture: Path, image: bytes) -> None:
    draft = picture.with_name(f".{picture.stem}.draft")
    draft.write_bytes(image)
    draft.rename(picture)


def content(document: Document) -> Any:
    """
    Read the JSON that a local message carries, sent as JSON or as bytes; None where it carries none.
    """
    if "jsonMessage" in document:
        return document["jsonMessage"].get("message")
    try:
        return json.loads(base64.b64decode(document["binaryMessage"]["message"]))
    except (KeyError, ValueError):
        return None


def parse_reading(document: Mapping[str, Any]) -> Reading:
    """
    Read `{text, country, confidence, char_confidences?}`; `UnableToParseError` names the wrong field. Confidences of separators go with them.
    """
    reading = messages.from_document(Reading, dict(document))
    confidences = reading.char_confidences
    if len(confidences) == len(reading.text):
        confidences = tuple(one for letter, one in zip(reading.text, confidences, strict=True) if normalize(letter))
    text = normalize(reading.text)
    if confidences and len(confidences) != len(text):
        raise messages.UnableToParseError("Reading.char_confidences: one per character of text is expected")
    if not all(0 <= one <= 1 for one in (reading.confidence, *confidences)):
        raise messages.UnableToParseError("Reading.confidence: 0 to 1 is expected")
    return Reading(text=text, country=reading.country, confidence=reading.confidence, char_confidences=confidences)
