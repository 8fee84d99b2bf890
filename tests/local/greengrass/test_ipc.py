import json
import queue
import socket
import time

import pytest
from awsiot.greengrasscoreipc.model import (
    QOS,
    BinaryMessage,
    InvalidArgumentsError,
    JsonMessage,
    PublishMessage,
    ReceiveMode,
    ResourceNotFoundError,
    ServiceError,
    UnauthorizedError,
)

from local.greengrass.host import socket_path
from local.ministack import account


def message(document):
    return PublishMessage(json_message=JsonMessage(message=document))


def listen(client, topic, **options):
    inbox = queue.Queue()
    _, stream = client.subscribe_to_topic(topic=topic, on_stream_event=inbox.put, **options)
    return inbox, stream


class TestLocalTopics:
    def test_carry_json_between_components(self, link):
        """
        A JSON message arrives with its topic, as the SDK's own client sees it.
        """
        inbox, _ = listen(link(), "site/heard")

        link().publish_to_topic(topic="site/heard", publish_message=message({"plate": "777ABC02", "n": 1}))

        event = inbox.get(timeout=2).json_message
        assert ({"plate": "777ABC02", "n": 1}, "site/heard") == (event.message, event.context.topic)

    def test_carry_bytes(self, link):
        """
        A binary message arrives byte for byte.
        """
        inbox, _ = listen(link(), "site/heard")

        link().publish_to_topic(topic="site/heard", publish_message=PublishMessage(binary_message=BinaryMessage(message=b"\x00\xff")))

        assert b"\x00\xff" == inbox.get(timeout=2).binary_message.message

    def test_keep_their_order(self, link):
        """
        Two hundred messages published at once arrive in order.
        """
        inbox, _ = listen(link(), "site/heard")
        client = link()

        for answer in [client.publish_to_topic_async(topic="site/heard", publish_message=message({"n": n})) for n in range(200)]:
            answer.result(5)

        assert list(range(200)) == [inbox.get(timeout=2).json_message.message["n"] for _ in range(200)]

    def test_take_less_than_ten_milliseconds(self, link):
        """
        The median way from one component to another is short against a camera's 40 ms frame.
        """
        client, spans = link(), []
        inbox, _ = listen(link(), "site/heard")

        for n in range(50):
            began = time.perf_counter()
            client.publish_to_topic(topic="site/heard", publish_message=message({"n": n}))
            inbox.get(timeout=2)
            spans.append(time.perf_counter() - began)

        assert sorted(spans)[25] < 0.010

    def test_spare_a_component_its_own_words_when_asked(self, link):
        """
        `RECEIVE_MESSAGES_FROM_OTHERS` leaves out what the same component publishes.
        """
        client = link()
        deaf, _ = listen(client, "site/heard", receive_mode=ReceiveMode.RECEIVE_MESSAGES_FROM_OTHERS)
        every, _ = listen(client, "site/heard")

        client.publish_to_topic(topic="site/heard", publish_message=message({}))

        every.get(timeout=2)
        assert deaf.empty()

    def test_end_when_the_component_closes_its_stream(self, link, nucleus):
        """
        After `close` nothing more is delivered and the host has forgotten the listener.
        """
        client = link()
        _, stream = listen(client, "site/other")
        assert nucleus.host.bus.is_heard("site/other")

        stream.close().result(5)

        deadline = time.monotonic() + 2
        while nucleus.host.bus.is_heard("site/other") and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not nucleus.host.bus.is_heard("site/other")

    def test_end_when_the_component_goes(self, link, nucleus):
        """
        A closed connection takes its subscriptions along.
        """
        client = link()
        listen(client, "site/other")

        client.close()

        deadline = time.monotonic() + 2
        while nucleus.host.bus.is_heard("site/other") and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not nucleus.host.bus.is_heard("site/other")


class TestAuthorization:
    def test_refuses_local_topics_that_the_recipe_does_not_list(self, link):
        """
        Neither publishing nor subscribing works on an unlisted topic, nor by a wildcard over listed ones.
        """
        client = link()

        with pytest.raises(UnauthorizedError):
            client.publish_to_topic(topic="gate/entry-1/decision", publish_message=message({}))
        with pytest.raises(UnauthorizedError):
            listen(client, "site/#")

    def test_refuses_cloud_topics_that_the_recipe_does_not_list(self, link):
        """
        The IoT Core proxy is held to the recipe as well.
        """
        client = link()

        with pytest.raises(UnauthorizedError):
            client.publish_to_iot_core(topic_name="queue/gw-alpha/heartbeat", qos=QOS.AT_LEAST_ONCE, payload=b"{}")
        with pytest.raises(UnauthorizedError):
            client.subscribe_to_iot_core(topic_name="queue/gw-alpha/board", qos=QOS.AT_LEAST_ONCE, on_stream_event=print)

    def test_refuses_a_wrong_token(self, link):
        """
        A process without a component's token is not let in.
        """
        with pytest.raises(Exception, match=r"(?i)connect|access|auth|denied"):
            link(token="guessed")


class TestConfiguration:
    def test_is_given_whole_and_by_path(self, link):
        """
        The root, an object and a leaf (under its own name), as the nucleus answers.
        """
        client = link()

        assert "gw-alpha" == client.get_configuration(key_path=[]).value["thing"]
        assert {"hold_seconds": 10} == client.get_configuration(key_path=["barrier"]).value
        assert {"hold_seconds": 10} == client.get_configuration(key_path=["barrier", "hold_seconds"]).value
        assert "test.Probe" == client.get_configuration(key_path=[]).component_name

    def test_names_what_is_not_there(self, link):
        """
        An absent key and another component's configuration are not found.
        """
        client = link()

        with pytest.raises(ResourceNotFoundError):
            client.get_configuration(key_path=["nope"])
        with pytest.raises(ResourceNotFoundError):
            client.get_configuration(component_name="test.Tiny", key_path=[])


class TestOperations:
    def test_that_are_not_offered_say_so(self, link):
        """
        An operation beyond this host ends with an error, not with silence.
        """
        with pytest.raises(ServiceError):
            link().list_components()

    def test_with_wrong_arguments_say_so(self, link):
        """
        A message too large for IoT Core is refused before it is sent.
        """
        with pytest.raises(InvalidArgumentsError):
            link().publish_to_iot_core(topic_name="queue/gw-alpha/journal", qos=QOS.AT_LEAST_ONCE, payload=b"x" * 200_000)

    def test_report_a_components_state(self, link, nucleus):
        """
        What a component says of itself is in the host's status.
        """
        link().update_state(state="RUNNING")

        assert "RUNNING" == nucleus.host.status()["components"][0]["state"]


class TestSocket:
    def test_survives_a_damaged_message(self, link, nucleus):
        """
        Garbage ends the connection that sent it and no other.
        """
        client = link()
        with socket.socket(socket.AF_UNIX) as broken:
            broken.connect(str(socket_path(nucleus.site.state_dir)))
            broken.sendall(b"\x00" * 64)
            assert b"" == broken.recv(10)

        assert client.get_configuration(key_path=["thing"]).value == {"thing": "gw-alpha"}


class TestCloudTopics:
    def test_reach_the_cloud_and_come_back(self, link, engine, cloud):
        """
        A journal goes through the proxy to the queue behind the rule; a command comes down to the component.
        """
        client, inbox = link(), queue.Queue()
        client.subscribe_to_iot_core(topic_name="queue/gw-alpha/commands", qos=QOS.AT_LEAST_ONCE, on_stream_event=inbox.put)

        client.publish_to_iot_core(topic_name="queue/gw-alpha/journal", qos=QOS.AT_LEAST_ONCE, payload=b'{"journal":"j"}')
        account.client("iot-data", endpoint=engine.endpoint).publish(topic="queue/gw-alpha/commands", qos=1, payload=b'{"id":"c"}')

        event = inbox.get(timeout=5).message
        assert ("queue/gw-alpha/commands", b'{"id":"c"}') == (event.topic_name, event.payload)
        sqs = account.client("sqs", endpoint=engine.endpoint)
        bodies = sqs.receive_message(QueueUrl=cloud.queue_url, WaitTimeSeconds=5, MaxNumberOfMessages=10)["Messages"]
        assert {"topic": "queue/gw-alpha/journal", "payload": {"journal": "j"}} in [json.loads(body["Body"]) for body in bodies]

    def test_of_another_gateway_are_refused_by_the_broker(self, link):
        """
        T16: even a recipe that lists another gateway's topics does not get through: the certificate decides.
        """
        client = link()

        with pytest.raises(ServiceError):
            client.publish_to_iot_core(topic_name="queue/gw-beta/journal", qos=QOS.AT_LEAST_ONCE, payload=b"{}")
        with pytest.raises(ServiceError):
            client.subscribe_to_iot_core(topic_name="queue/gw-beta/commands", qos=QOS.AT_LEAST_ONCE, on_stream_event=print)

    def test_fail_at_once_while_the_cloud_is_away(self, link, nucleus, engine):
        """
        Cut off, a publish is an error within a moment, never a success that was only spooled; subscriptions are in place again after the cut.
        """
        client, inbox = link(), queue.Queue()
        client.subscribe_to_iot_core(topic_name="queue/gw-alpha/commands", qos=QOS.AT_LEAST_ONCE, on_stream_event=inbox.put)
        nucleus.run(nucleus.host.network.set(connected=False))
        began = time.monotonic()

        with pytest.raises(ServiceError):
            client.publish_to_iot_core(topic_name="queue/gw-alpha/journal", qos=QOS.AT_LEAST_ONCE, payload=b"{}")

        assert time.monotonic() - began < 1
        assert nucleus.run(nucleus.host.network.set(connected=True))
        account.client("iot-data", endpoint=engine.endpoint).publish(topic="queue/gw-alpha/commands", qos=1, payload=b"again")
        assert b"again" == inbox.get(timeout=5).message.payload


class TestRestart:
    def test_tells_components_and_takes_them_back(self, link, nucleus):
        """
        When the host goes its clients notice; when it is back a new connection works.
        """
        client = link()
        nucleus.stop()
        assert client.lost.wait(5)

        nucleus.start()

        assert {"thing": "gw-alpha"} == link().get_configuration(key_path=["thing"]).value
