"""
An ear at the broker: hears what gateways and cloud tell each other, over mutual TLS, and may say nothing.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from awscrt import mqtt
from awsiot import mqtt_connection_builder

from chalicelib.contracts import topics
from local.story.door import UnseenError


class Observer:
    """
    All queue messages of one gateway since it began to listen.
    """

    def __init__(self, *, mqtt_facts: Mapping[str, Any], checkpoint: str) -> None:
        self._heard: list[tuple[str, Any]] = []
        self._news = threading.Condition()
        self.interruptions = 0
        self._connection = mqtt_connection_builder.mtls_from_path(
            endpoint=mqtt_facts["host"],
            port=mqtt_facts["port"],
            ca_filepath=mqtt_facts["ca"],
            cert_filepath=mqtt_facts["observer"]["cert"],
            pri_key_filepath=mqtt_facts["observer"]["key"],
            client_id=f"observer-{secrets.token_hex(4)}",
            clean_session=True,
            keep_alive_secs=30,
            reconnect_min_timeout_secs=1,
            reconnect_max_timeout_secs=2,
            on_connection_interrupted=self._interrupted,
            on_connection_resumed=self._resumed,
        )
        self._connection.connect().result(10)
        thing = topics.thing(checkpoint)
        for topic in (*topics.from_device(thing), *topics.to_device(thing)):
            self._connection.subscribe(topic, mqtt.QoS.AT_LEAST_ONCE, callback=self._hear)[0].result(10)

    def wait(self, seen: Callable[[str, Any], Any], *, what: str, seconds: float = 20) -> Any:
        """
        Wait for a message that `seen(topic, message)` finds something in: what it found.
        """
        until = time.monotonic() + seconds
        with self._news:
            while True:
                found = next((result for topic, message in self._heard if (result := seen(topic, message))), None)
                if found:
                    return found
                if not self._news.wait(until - time.monotonic()):
                    raise UnseenError(f"not heard on MQTT: {what}")

    def heard(self, kind: str) -> list[Any]:
        """
        List the messages of a kind (the topic's last word) in the order they came; the broker may have brought one twice.
        """
        with self._news:
            return [message for topic, message in self._heard if topic.endswith(f"/{kind}")]

    def close(self) -> None:
        """
        Hang up.
        """
        self._connection.disconnect().result(5)

    def _hear(self, topic: str, payload: bytes, **_: Any) -> None:
        with self._news:
            self._heard.append((topic, json.loads(payload)))
            self._news.notify_all()

    def _interrupted(self, **_: Any) -> None:
        self.interruptions += 1

    def _resumed(self, session_present: bool, **_: Any) -> None:  # noqa: FBT001 - the client's own signature
        if not session_present:
            self._connection.resubscribe_existing_topics()  # a broker that was killed has forgotten who listened


def barrier_moves(batch: Any, *, lane: str) -> list[str]:
    """
    List the states that a journal batch says a lane's barrier came into.
    """
    return [entry["barrier"]["state"] for entry in batch["entries"] if entry["kind"] == "barrier" and entry["lane"] == lane]


def stood_open(heartbeat: Any, *, lane: str, moment: datetime) -> bool:
    """
    Tell whether a heartbeat says that a lane's barrier was open at some time after a moment.
    """
    return datetime.fromisoformat(heartbeat["at"]) >= moment and any(device["state"] == "open" for device in _barriers(heartbeat, lane))


def moved_since(heartbeat: Any, *, lane: str, moment: datetime) -> bool:
    """
    Tell whether a heartbeat says that a lane's barrier came into its present state after a moment.
    """
    return any(datetime.fromisoformat(device["since"]) >= moment for device in _barriers(heartbeat, lane))


def _barriers(heartbeat: Any, lane: str) -> list[Any]:
    return [device for device in heartbeat.get("devices", []) if device["kind"] == "barrier" and device.get("lane") == lane]
