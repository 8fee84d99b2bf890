"""
A component's one link: to other components over local topics and to the cloud over IoT Core, both through the nucleus (Greengrass IPC).

Only configuration, publish/subscribe and the IoT Core MQTT proxy are used: the open runtimes differ in everything else.
"""

import json
import logging
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, Protocol

from awsiot.eventstreamrpc import LifecycleHandler
from awsiot.greengrasscoreipc import connect
from awsiot.greengrasscoreipc.clientv2 import GreengrassCoreIPCClientV2
from awsiot.greengrasscoreipc.model import (
    QOS,
    IoTCoreMessage,
    JsonMessage,
    PublishMessage,
    ReportedLifecycleState,
    SubscriptionResponseMessage,
)

from chalicelib.contracts.messages import to_document

LOGGER = logging.getLogger(__name__)

Handler = Callable[[str, bytes], None]
"""Called with topic and payload, one message at a time, in the order of arrival; it must return soon."""

PUBLISH_TIMEOUT_SECONDS = 4.0
ANSWER_TIMEOUT_SECONDS = 10.0
LINK_LOST_EXIT_CODE = 75
"""EX_TEMPFAIL: the nucleus starts the component again, and with it a fresh link."""


class LinkError(Exception):
    """
    The link did not do what it was asked.
    """


class UnableToPublishError(LinkError):
    """
    A message was not taken in time.
    """


class UnableToSubscribeError(LinkError):
    """
    A topic cannot be listened to (not allowed, or the cloud is away).
    """


class Link(Protocol):
    """
    What a component needs from its runtime. Messages are contract dataclasses or JSON documents; payloads arrive as JSON bytes.
    """

    def configuration(self) -> Mapping[str, Any]:
        """
        The component's configuration, recipe defaults merged with the deployment's.
        """
        ...

    def publish(self, *, topic: str, message: Any) -> None:
        """
        Tell the other components of this device; `UnableToPublishError` when the nucleus does not take it.
        """
        ...

    def subscribe(self, *, topic: str, handler: Handler) -> None:
        """
        Listen to a local topic; `UnableToSubscribeError`.
        """
        ...

    def publish_to_cloud(self, *, topic: str, message: Any) -> None:
        """
        Tell the cloud (QoS 1); `UnableToPublishError` when it was not taken within a few seconds.
        """
        ...

    def subscribe_to_cloud(self, *, topic: str, handler: Handler) -> None:
        """
        Listen to a topic of IoT Core (QoS 1); `UnableToSubscribeError`.
        """
        ...

    def ready(self) -> None:
        """
        Tell the nucleus that the component listens and works.
        """
        ...


def lost(reason: Exception | None) -> None:
    """
    End the process when the nucleus went away: it restarts the component, which is the simplest reconnection there is.
    """
    LOGGER.error("link to the nucleus lost: %s", reason)
    logging.shutdown()
    os._exit(LINK_LOST_EXIT_CODE)


class _Lifecycle(LifecycleHandler):  # type: ignore[misc]  # the SDK is untyped
    def __init__(self, on_lost: Callable[[Exception | None], None]) -> None:
        super().__init__()
        self._on_lost = on_lost
        self.closing = False

    def on_disconnect(self, reason: Exception | None) -> None:
        if not self.closing:
            self._on_lost(reason)


class IpcLink:
    """
    The link over Greengrass IPC. One worker runs every handler, so that messages keep their order.
    """

    def __init__(self, *, on_lost: Callable[[Exception | None], None] = lost) -> None:
        self._lifecycle = _Lifecycle(on_lost)
        self._client = GreengrassCoreIPCClientV2(
            client=connect(lifecycle_handler=self._lifecycle),
            executor=ThreadPoolExecutor(max_workers=1, thread_name_prefix="link"),
        )

    def configuration(self) -> Mapping[str, Any]:
        """
        Everything the nucleus holds for this component; an empty one is `{}`.
        """
        value = self._client.get_configuration_async(key_path=[]).result(ANSWER_TIMEOUT_SECONDS).value
        return value if isinstance(value, dict) else {}

    def publish(self, *, topic: str, message: Any) -> None:
        """
        As a JSON message on a local topic.
        """
        packed = PublishMessage(json_message=JsonMessage(message=to_document(message)))
        _taken(self._client.publish_to_topic_async(topic=topic, publish_message=packed), topic=topic)

    def subscribe(self, *, topic: str, handler: Handler) -> None:
        """
        JSON and binary messages alike.
        """

        def on_event(event: SubscriptionResponseMessage) -> None:
            handler(topic, _local_payload(event))

        _subscribed(
            self._client.subscribe_to_topic_async(topic=topic, on_stream_event=on_event, on_stream_error=_stream_error)[0], topic=topic
        )

    def publish_to_cloud(self, *, topic: str, message: Any) -> None:
        """
        By the nucleus' MQTT proxy. Some nuclei answer once *spooled*: only our own acknowledgement says stored.
        """
        payload = json.dumps(to_document(message), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        _taken(self._client.publish_to_iot_core_async(topic_name=topic, qos=QOS.AT_LEAST_ONCE, payload=payload), topic=topic)

    def subscribe_to_cloud(self, *, topic: str, handler: Handler) -> None:
        """
        By the nucleus' MQTT proxy, which subscribes anew after each cut.
        """

        def on_event(event: IoTCoreMessage) -> None:
            if event.message is not None:
                handler(topic, event.message.payload or b"")

        answer = self._client.subscribe_to_iot_core_async(
            topic_name=topic, qos=QOS.AT_LEAST_ONCE, on_stream_event=on_event, on_stream_error=_stream_error
        )[0]
        _subscribed(answer, topic=topic)

    def ready(self) -> None:
        """
        Tell the nucleus that the component listens and works. A nucleus that does not ask for it may refuse: nothing hangs on it.
        """
        try:
            self._client.update_state_async(state=ReportedLifecycleState.RUNNING).result(ANSWER_TIMEOUT_SECONDS)
        except Exception as error:  # the SDK raises its own shapes, awscrt's errors and RuntimeError
            LOGGER.info("state not taken: %s", type(error).__name__)

    def close(self) -> None:
        """
        Close the socket without counting that as a loss.
        """
        self._lifecycle.closing = True
        self._client.close()


def _local_payload(event: SubscriptionResponseMessage) -> bytes:
    """
    Give JSON bytes, whether the sender chose a JSON or a binary message.
    """
    if event.json_message is not None:
        return json.dumps(event.json_message.message, ensure_ascii=False).encode()
    return bytes(event.binary_message.message) if event.binary_message is not None else b""


def _stream_error(error: Exception) -> bool:
    LOGGER.error("subscription failed: %s", error)
    return True


def _taken(answer: Any, *, topic: str) -> None:
    try:
        answer.result(PUBLISH_TIMEOUT_SECONDS)
    except FutureTimeoutError as error:
        raise UnableToPublishError(f"{topic}: not taken within {PUBLISH_TIMEOUT_SECONDS} s") from error
    except Exception as error:  # the SDK raises its own shapes, awscrt's errors and RuntimeError
        raise UnableToPublishError(f"{topic}: {type(error).__name__}") from error


def _subscribed(answer: Any, *, topic: str) -> None:
    try:
        answer.result(ANSWER_TIMEOUT_SECONDS)
    except Exception as error:  # as above
        raise UnableToSubscribeError(f"{topic}: {type(error).__name__}") from error
