"""
A gateway reduced to its MQTT connection.
"""

import queue
import threading

from awscrt import mqtt5
from awsiot import mqtt5_client_builder


class Device:
    """
    Connects with a checkpoint's credentials; the client id may be another's, to be refused.
    """

    def __init__(self, *, port, ca, credentials, client_id):
        self.up = threading.Event()
        self.refused = threading.Event()
        self.inbox = queue.Queue()
        self._stopped = threading.Event()
        self._client = mqtt5_client_builder.mtls_from_path(
            endpoint="127.0.0.1",
            port=port,
            ca_filepath=str(ca),
            cert_filepath=str(credentials.cert),
            pri_key_filepath=str(credentials.key),
            client_id=client_id,
            min_reconnect_delay_ms=200,
            max_reconnect_delay_ms=500,
            offline_queue_behavior=mqtt5.ClientOperationQueueBehaviorType.FAIL_ALL_ON_DISCONNECT,
            on_lifecycle_connection_success=lambda _: self.up.set(),
            on_lifecycle_connection_failure=lambda _: self.refused.set(),
            on_lifecycle_disconnection=lambda _: self.up.clear(),
            on_lifecycle_stopped=lambda _: self._stopped.set(),
            on_publish_received=lambda event: self.inbox.put((event.publish_packet.topic, event.publish_packet.payload)),
        )
        self._client.start()

    def subscribe(self, topic):
        """
        The broker's reason code; 128 and above are refusals.
        """
        packet = mqtt5.SubscribePacket(subscriptions=[mqtt5.Subscription(topic_filter=topic, qos=mqtt5.QoS.AT_LEAST_ONCE)])
        return int(self._client.subscribe(packet).result(5).reason_codes[0])

    def publish(self, topic, payload):
        """
        The broker's reason code for a message at QoS 1.
        """
        packet = mqtt5.PublishPacket(topic=topic, payload=payload, qos=mqtt5.QoS.AT_LEAST_ONCE)
        return int(self._client.publish(packet).result(5).puback.reason_code)

    def stop(self):
        """
        Disconnect for good.
        """
        self._client.stop()
        assert self._stopped.wait(5)
