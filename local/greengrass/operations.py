"""
What a component may ask of the host over IPC: local topics, the IoT Core proxy, its configuration, its state. Each asked of its recipe first.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from local.greengrass import authorization, ipc
from local.greengrass.authorization import MODEL, MQTT_PROXY, PUBSUB
from local.greengrass.bus import Bus, Document, Subscription, TooManySubscriptionsError
from local.greengrass.ipc import RefusedError, Stream
from local.greengrass.keeper import Keeper
from local.greengrass.uplink import Listener, UnableToDeliverError, Uplink

Request = Mapping[str, Any]
Answer = tuple[str, Mapping[str, Any]]

LARGEST_CLOUD_MESSAGE_BYTES: Final = 128 * 1024
"""IoT Core's own limit of an MQTT payload."""


class ComponentOperations(ipc.Operations):
    """
    The operations of one component.
    """

    def __init__(self, keeper: Keeper, *, bus: Bus, uplink: Uplink) -> None:
        self._keeper = keeper
        self._component = keeper.component
        self._bus = bus
        self._uplink = uplink
        self._answers: dict[str, Callable[[Request, Stream], Awaitable[Answer]]] = {
            "SubscribeToTopic": self._subscribe_to_topic,
            "PublishToTopic": self._publish_to_topic,
            "SubscribeToIoTCore": self._subscribe_to_iot_core,
            "PublishToIoTCore": self._publish_to_iot_core,
            "GetConfiguration": self._get_configuration,
            "UpdateState": self._update_state,
        }

    async def answer(self, operation: str, request: Request, stream: Stream) -> Answer:
        """
        Carry out an operation; what this host does not offer is a `ServiceError`, wrong arguments an `InvalidArgumentsError`.
        """
        answer = self._answers.get(operation)
        if answer is None:
            raise RefusedError("ServiceError", f"{operation} is not offered here")
        try:
            return await answer(request, stream)
        except (KeyError, TypeError, AttributeError, binascii.Error) as error:
            raise RefusedError("InvalidArgumentsError", f"{operation}: {error!r}") from error
        except (UnableToDeliverError, TooManySubscriptionsError) as error:
            raise RefusedError("ServiceError", str(error)) from error

    async def _subscribe_to_topic(self, request: Request, stream: Stream) -> Answer:
        topic = request["topic"]
        self._permit(PUBSUB, "SubscribeToTopic", topic)
        subscription = Subscription(
            filter=topic,
            owner=self._component.folder,
            deliver=lambda at, document: stream.send("SubscriptionResponseMessage", _with_context(document, at)),
            deaf_to_itself=request.get("receiveMode") == "RECEIVE_MESSAGES_FROM_OTHERS",
        )
        self._bus.subscribe(subscription)

        async def close() -> None:
            self._bus.unsubscribe(subscription)

        stream.close = close
        return "SubscribeToTopicResponse", {"topicName": topic}

    async def _publish_to_topic(self, request: Request, _: Stream) -> Answer:
        topic, message = request["topic"], request["publishMessage"]
        self._permit(PUBSUB, "PublishToTopic", topic)
        self._bus.publish(topic, {kind: dict(body) for kind, body in message.items() if body is not None}, by=self._component.folder)
        return "PublishToTopicResponse", {}

    async def _subscribe_to_iot_core(self, request: Request, stream: Stream) -> Answer:
        pattern = request["topicName"]
        self._permit(MQTT_PROXY, "SubscribeToIoTCore", pattern)
        listener = Listener(filter=pattern, deliver=lambda topic, payload: stream.send("IoTCoreMessage", _cloud_message(topic, payload)))

        async def close() -> None:
            await self._uplink.unsubscribe(listener)

        stream.close = close
        try:
            await self._uplink.subscribe(listener)
        except UnableToDeliverError:
            stream.close = None
            await self._uplink.unsubscribe(listener)
            raise
        return "SubscribeToIoTCoreResponse", {}

    async def _publish_to_iot_core(self, request: Request, _: Stream) -> Answer:
        topic, payload = request["topicName"], base64.b64decode(request.get("payload") or "", validate=True)
        self._permit(MQTT_PROXY, "PublishToIoTCore", topic)
        if len(payload) > LARGEST_CLOUD_MESSAGE_BYTES:
            raise RefusedError("InvalidArgumentsError", f"{len(payload)} bytes are more than IoT Core takes")
        await self._uplink.publish(topic, payload, qos=int(request.get("qos") or 0))
        return "PublishToIoTCoreResponse", {}

    async def _get_configuration(self, request: Request, _: Stream) -> Answer:
        path = list(request.get("keyPath") or [])
        value: Any = self._component.configuration
        for key in path:
            if not isinstance(value, Mapping) or key not in value:
                raise RefusedError("ResourceNotFoundError", f"no configuration at {path}", resourceType="configuration", resourceName=key)
            value = value[key]
        name = request.get("componentName") or self._component.recipe.name
        if name != self._component.recipe.name:
            raise RefusedError("ResourceNotFoundError", f"{name} is another component", resourceType="component", resourceName=name)
        return "GetConfigurationResponse", {
            "componentName": name,
            "value": value if isinstance(value, Mapping) else {path[-1]: value},
        }

    async def _update_state(self, request: Request, _: Stream) -> Answer:
        self._keeper.reported_state = str(request["state"])
        return "UpdateStateResponse", {}

    def _permit(self, service: str, operation: str, resource: str) -> None:
        allowed = self._component.permissions.allow(service=service, operation=authorization.MODEL + operation, resource=resource)
        if not allowed:
            raise RefusedError(
                "UnauthorizedError", f"{self._component.recipe.name} is not authorized to perform {MODEL}{operation} on {resource}"
            )


def _with_context(document: Document, topic: str) -> Document:
    return {kind: {**body, "context": {"topic": topic}} for kind, body in document.items()}


def _cloud_message(topic: str, payload: bytes) -> Mapping[str, Any]:
    return {"message": {"topicName": topic, "payload": base64.b64encode(payload).decode("ascii")}}
