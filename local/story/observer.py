"""
An ear at the broker: hears what gateways and cloud tell each other, over mutual TLS, and may say nothing.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
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
        self._connection = mqtt_connection_builder.mtls_from_path(
            endpoint=mqtt_facts["host"],
            port=mqtt_facts["port"],
            ca_filepath=mqtt_facts["ca"],
            cert_filepath=mqtt_facts["observer"]["cert"],
            pri_key_filepath=mqtt_facts["observer"]["key"],
            client_id=f"observer-{secrets.token_hex(4)}",
            clean_session=True,
            keep_alive_secs=30,
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

    def close(self) -> None:
        """
        Hang up.
        """
        self._connection.disconnect().result(5)

    def _hear(self, topic: str, payload: bytes, **_: Any) -> None:
        with self._news:
            self._heard.append((topic, json.loads(payload)))
            self._news.notify_all()
