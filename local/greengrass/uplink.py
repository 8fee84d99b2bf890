"""
The gateway's one connection to IoT Core: MQTT 5 over mutual TLS, the thing's name as client id, back by itself after any cut.
"""

import asyncio
import concurrent.futures
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from awscrt import mqtt5
from awscrt.exceptions import AwsCrtError
from awsiot import mqtt5_client_builder

from local.greengrass.bus import matches
from local.greengrass.configuration import Broker

ANSWER_SECONDS: Final = 5.0
FIRST_RECONNECT_MS: Final = 200
LONGEST_RECONNECT_MS: Final = 1000
KEEP_ALIVE_SECONDS: Final = 15
REFUSED_FROM: Final = 128
"""MQTT 5 reason codes from here on are refusals."""

logger = logging.getLogger(__name__)


class UnableToDeliverError(RuntimeError):
    """
    IoT Core is away, did not answer in time, or refused. Whoever sent keeps the message.
    """


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """
    Who wants messages of a cloud topic filter: called with topic and payload.
    """

    filter: str
    deliver: Callable[[str, bytes], None]


class Uplink:
    """
    Publish and subscribe at IoT Core. Nothing is kept while it is away: publishing then fails at once, as components keep their own outbox.

    Sessions are clean and filters subscribed anew at each connection, because the broker may have forgotten them.
    """

    def __init__(self, broker: Broker, *, thing: str) -> None:
        self.connected = asyncio.Event()
        self.wanted = False
        self._loop = asyncio.get_running_loop()
        self._listeners: list[Listener] = []
        self._told: set[str] = set()
        self._stopped = asyncio.Event()
        self._resubscribing: asyncio.Task[None] | None = None
        # Held for the life of the host: the runtime crashes when a client is collected with callbacks under way.
        self._client = mqtt5_client_builder.mtls_from_path(
            endpoint=broker.host,
            port=broker.port,
            ca_filepath=str(broker.ca),
            cert_filepath=str(broker.cert),
            pri_key_filepath=str(broker.key),
            client_id=thing,
            session_behavior=mqtt5.ClientSessionBehaviorType.CLEAN,
            offline_queue_behavior=mqtt5.ClientOperationQueueBehaviorType.FAIL_ALL_ON_DISCONNECT,
            min_reconnect_delay_ms=FIRST_RECONNECT_MS,
            max_reconnect_delay_ms=LONGEST_RECONNECT_MS,
            connack_timeout_ms=3000,
            ping_timeout_ms=3000,
            ack_timeout_sec=int(ANSWER_SECONDS),
            keep_alive_interval_sec=KEEP_ALIVE_SECONDS,
            on_publish_received=self._received,
            on_lifecycle_connection_success=lambda _: self._soon(self._came),
            on_lifecycle_disconnection=lambda event: self._soon(self._went, str(event.exception)),
            on_lifecycle_stopped=lambda _: self._soon(self._stopped.set),
        )

    def start(self) -> None:
        """
        Connect, and stay connected from now on.
        """
        if not self.wanted:
            self.wanted = True
            self._stopped.clear()
            self._client.start()

    async def stop(self) -> None:
        """
        Cut the connection and do not come back until `start`.
        """
        if self.wanted:
            self.wanted = False
            self.connected.clear()
            self._client.stop()
            await asyncio.wait_for(self._stopped.wait(), ANSWER_SECONDS)

    async def publish(self, topic: str, payload: bytes, *, qos: int) -> None:
        """
        Hand a message to IoT Core and wait for its word (QoS 1) or its departure (QoS 0); else `UnableToDeliverError`.
        """
        if not self.connected.is_set():
            raise UnableToDeliverError("IoT Core is not connected")
        packet = mqtt5.PublishPacket(topic=topic, payload=payload, qos=mqtt5.QoS(qos))
        done = await self._answer(self._client.publish(packet), what=f"publish to {topic}")
        if done.puback is not None and done.puback.reason_code >= REFUSED_FROM:
            raise UnableToDeliverError(f"publish to {topic}: {done.puback.reason_code!r}")

    async def subscribe(self, listener: Listener) -> None:
        """
        Listen to a filter; returns once the broker knows, or at once while it is away (it will be told).
        """
        self._listeners.append(listener)
        if self.connected.is_set() and listener.filter not in self._told:
            await self._tell(listener.filter)

    async def unsubscribe(self, listener: Listener) -> None:
        """
        Stop listening; the broker is told when nobody else wants the filter.
        """
        if listener in self._listeners:
            self._listeners.remove(listener)
        if self.connected.is_set() and not any(other.filter == listener.filter for other in self._listeners):
            self._told.discard(listener.filter)
            packet = mqtt5.UnsubscribePacket(topic_filters=[listener.filter])
            try:
                await self._answer(self._client.unsubscribe(packet), what=f"unsubscribe from {listener.filter}")
            except UnableToDeliverError as error:  # the broker forgets it with the session
                logger.info("%s", error)

    async def _tell(self, pattern: str) -> None:
        """
        Subscribe at the broker; a filter that it refuses is not asked for again on this connection.
        """
        self._told.add(pattern)
        packet = mqtt5.SubscribePacket(subscriptions=[mqtt5.Subscription(topic_filter=pattern, qos=mqtt5.QoS.AT_LEAST_ONCE)])
        answer = await self._answer(self._client.subscribe(packet), what=f"subscribe to {pattern}")
        if answer.reason_codes and answer.reason_codes[0] >= REFUSED_FROM:
            raise UnableToDeliverError(f"subscribe to {pattern}: {answer.reason_codes[0]!r}")

    async def _answer(self, future: "concurrent.futures.Future[Any]", *, what: str) -> Any:
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), ANSWER_SECONDS)
        except (AwsCrtError, TimeoutError, concurrent.futures.CancelledError) as error:
            raise UnableToDeliverError(f"{what}: {error or 'no answer'}") from error

    def _soon(self, call: Callable[..., object], *arguments: object) -> None:
        """
        Go from the MQTT client's thread to ours; a closed loop means that the host has ended.
        """
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *arguments)

    def _received(self, event: mqtt5.PublishReceivedData) -> None:
        packet = event.publish_packet
        self._soon(self._deliver, packet.topic, packet.payload or b"")

    def _deliver(self, topic: str, payload: bytes) -> None:
        for listener in [item for item in self._listeners if matches(item.filter, topic)]:
            listener.deliver(topic, payload)

    def _came(self) -> None:
        self._resubscribing = self._loop.create_task(self._resubscribe())

    async def _resubscribe(self) -> None:
        """
        Be connected only once every filter is in place: an answer to the first message must find its listener.
        """
        self._told.clear()
        while missing := {listener.filter for listener in self._listeners} - self._told:
            try:
                await self._tell(min(missing))
            except UnableToDeliverError as error:
                logger.warning("%s", error)
        if self.wanted:
            self.connected.set()
            logger.info("connected to IoT Core")

    def _went(self, reason: str) -> None:
        if self._resubscribing is not None:
            self._resubscribing.cancel()
        self.connected.clear()
        logger.info("cut off from IoT Core: %s", reason)
