"""
A link without a nucleus: remembers what was said, delivers what the test says, and can be cut.
"""

import json
import threading

from chalicelib.contracts.messages import to_document, to_json
from iot.kit.link import UnableToPublishError, UnableToSubscribeError


class FakeLink:
    """
    Keeps the `Link` protocol. `cut` refuses everything to the cloud, as a nucleus does that has lost its broker.
    """

    def __init__(self, configuration=None):
        self.cut = False
        self.site = []
        self.cloud = []
        self.is_ready = False
        self._configuration = configuration or {}
        self._handlers = {}
        self._said = threading.Condition()

    def configuration(self):
        """
        What the test gave.
        """
        return self._configuration

    def publish(self, *, topic, message):
        """
        Remembered in `site`.
        """
        self._keep(self.site, topic, message)

    def publish_to_cloud(self, *, topic, message):
        """
        Remembered in `cloud`, unless cut.
        """
        if self.cut:
            raise UnableToPublishError(f"{topic}: cut")
        self._keep(self.cloud, topic, message)

    def subscribe(self, *, topic, handler):
        """
        `deliver` calls it.
        """
        self._handlers.setdefault(topic, []).append(handler)

    def subscribe_to_cloud(self, *, topic, handler):
        """
        The same, unless cut.
        """
        if self.cut:
            raise UnableToSubscribeError(f"{topic}: cut")
        self.subscribe(topic=topic, handler=handler)

    def ready(self):
        """
        Noted.
        """
        self.is_ready = True

    def deliver(self, topic, message):
        """
        Say something to the component: a contract message, a document or bytes.
        """
        payload = message if isinstance(message, bytes) else to_json(message).encode()
        for handler in self._handlers.get(topic, []):
            handler(topic, payload)

    def on(self, topic, *, side="cloud"):
        """
        The documents said on a topic, in order.
        """
        with self._said:
            return [message for said, message in getattr(self, side) if said == topic]

    def wait_for(self, holds, *, seconds=5):
        """
        Wait until something said makes `holds` true.
        """
        with self._said:
            assert self._said.wait_for(holds, seconds), "it was never said"

    def _keep(self, kept, topic, message):
        with self._said:
            kept.append((topic, json.loads(json.dumps(to_document(message)))))
            self._said.notify_all()
