import ipaddress
import json
import socket
import ssl
import stat
import time
from pathlib import Path

import pytest
import requests

from chalicelib.contracts import topics
from local.ministack import account, policy
from local.ministack.provision import provision
from tests.local.ministack.device import Device

ALPHA, BETA = topics.thing("alpha"), topics.thing("beta")
REFUSED = 135


@pytest.fixture
def connect(engine, cloud):
    devices = []

    def connect(checkpoint, client_id=None):
        credentials = cloud.certificates[checkpoint]
        device = Device(port=engine.mqtt_port, ca=cloud.ca, credentials=credentials, client_id=client_id or topics.thing(checkpoint))
        devices.append(device)
        return device

    yield connect
    for device in devices:
        device.stop()


def received(engine, cloud, *, seconds=5):
    sqs = account.client("sqs", endpoint=engine.endpoint)
    messages = sqs.receive_message(QueueUrl=cloud.queue_url, WaitTimeSeconds=seconds, MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=cloud.queue_url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in messages]


class TestPolicy:
    @pytest.mark.parametrize("topic", [*topics.from_device(policy.THING), *topics.to_device(policy.THING)])
    def test_lists_each_topic_of_the_contract(self, topic):
        """
        Every topic of the contract is in the policy, and no resource holds a wildcard.
        """
        document = json.loads(policy.gateway(region="r", account="a"))
        resources = [item for statement in document["Statement"] for item in _listed(statement["Resource"])]

        assert f"arn:aws:iot:r:a:topic/{topic}" in resources
        assert not [item for item in resources if item.endswith(("/*", "/#", "/+"))]


class TestListeners:
    def test_are_on_loopback_alone(self, engine, cloud):
        """
        Neither the HTTP nor the MQTT port can be reached from another machine.
        """
        bound = {port: address for address, port in _listening() if port in {engine.port, engine.mqtt_port}}

        assert {engine.port: "127.0.0.1", engine.mqtt_port: "127.0.0.1"} == bound


class TestProvision:
    def test_changes_nothing_when_repeated(self, engine, cloud):
        """
        A second run finds all there: the same queues and the same certificates.
        """
        before = {path: path.read_text() for path in cloud.ca.parent.iterdir()}

        again = provision(endpoint=engine.endpoint, gateways=["alpha", "beta"], directory=cloud.ca.parent)

        assert cloud == again
        assert before == {path: path.read_text() for path in cloud.ca.parent.iterdir()}

    def test_keeps_private_keys_to_their_owner(self, cloud):
        """
        Nobody else on the machine can read a gateway's key.
        """
        assert 0o600 == stat.S_IMODE(cloud.certificates["alpha"].key.stat().st_mode)


class TestRules:
    @pytest.mark.parametrize("name", ["journal", "heartbeat", "admissions-wanted", "photo-wanted"])
    def test_bring_a_gateway_message_into_the_queue(self, engine, cloud, connect, name):
        """
        What a gateway publishes arrives unchanged under `payload`, with its topic.
        """
        device, payload = connect("alpha"), {"journal": "j", "entries": [{"at": "2026-12-03T14:00:00+05:00", "text": "京A"}], "n": 0.5}
        assert device.up.wait(5)

        device.publish(f"queue/{ALPHA}/{name}", json.dumps(payload).encode())

        assert [{"topic": f"queue/{ALPHA}/{name}", "payload": payload}] == received(engine, cloud)


class TestDownlink:
    def test_reaches_the_gateway_it_is_for(self, engine, connect):
        """
        A command published through the data API arrives at its own gateway, not at another.
        """
        alpha, beta = connect("alpha"), connect("beta")
        for device, thing in ((alpha, ALPHA), (beta, BETA)):
            assert device.up.wait(5)
            device.subscribe(topics.commands(thing))

        account.client("iot-data", endpoint=engine.endpoint).publish(topic=topics.commands(ALPHA), qos=1, payload=b'{"id":"c"}')

        assert (topics.commands(ALPHA), b'{"id":"c"}') == alpha.inbox.get(timeout=5)
        assert beta.inbox.empty()

    def test_tells_a_change_of_the_shadow(self, engine, connect):
        """
        What the cloud desires comes as a delta of the named shadow.
        """
        device, shadow = connect("alpha"), f"$aws/things/{ALPHA}/shadow/name/{topics.SHADOW_NAME}"
        assert device.up.wait(5)
        device.subscribe(f"{shadow}/update/delta")
        wish = {"admissions": {"version": 7, "token": "t"}}

        account.client("iot-data", endpoint=engine.endpoint).update_thing_shadow(
            thingName=ALPHA, shadowName=topics.SHADOW_NAME, payload=json.dumps({"state": {"desired": wish}})
        )

        topic, delta = device.inbox.get(timeout=5)
        assert (f"{shadow}/update/delta", wish) == (topic, json.loads(delta)["state"])


class TestDeviceIdentity:
    def test_does_not_speak_for_another_gateway(self, engine, cloud, connect):
        """
        T16: certificate A publishing on B's topic is refused, and nothing reaches the queue.
        """
        device = connect("alpha")
        assert device.up.wait(5)

        code = device.publish(topics.journal(BETA), b'{"journal":"forged","entries":[]}')

        assert REFUSED == code
        assert [] == received(engine, cloud, seconds=1)

    def test_does_not_listen_to_another_gateway(self, connect):
        """
        T16: certificate A may not subscribe to B's commands.
        """
        device = connect("alpha")
        assert device.up.wait(5)

        assert REFUSED == device.subscribe(topics.commands(BETA))

    def test_does_not_take_another_gateways_name(self, connect):
        """
        T16: certificate A with B's client id does not connect.
        """
        device = connect("alpha", client_id=BETA)

        assert device.refused.wait(5)
        assert not device.up.is_set()


class TestStranger:
    def test_without_a_certificate_is_not_let_in(self, engine, cloud):
        """
        T16: the broker demands a certificate; encryption alone is not enough.
        """
        trusting = ssl.create_default_context(cafile=str(cloud.ca))
        connect = bytes.fromhex("100d00044d51545404020000000161")  # MQTT 3.1.1, clean session, client id "a"

        with socket.create_connection(("127.0.0.1", engine.mqtt_port), timeout=5) as plain:
            answer = _ask(trusting, plain, connect)

        assert b"" == answer

    def test_may_not_speak_mqtt_over_a_web_socket(self, engine):
        """
        The second way in, which MiniStack serves to anyone, is closed.
        """
        headers = {
            "Host": "x.iot.eu-central-1.amazonaws.com",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Protocol": "mqtt",
        }

        assert 403 == requests.get(f"{engine.endpoint}/mqtt", headers=headers, timeout=5).status_code


class TestObserver:
    def test_hears_gateways_and_cannot_speak(self, engine, cloud):
        """
        The observer's certificate subscribes to everything of the queue; what it publishes is refused.
        """
        observer = Device(port=engine.mqtt_port, ca=cloud.ca, credentials=cloud.observer, client_id="observer-test")
        try:
            assert observer.up.wait(5)
            assert observer.subscribe("queue/#") < REFUSED
            account.client("iot-data", endpoint=engine.endpoint).publish(topic=topics.board(BETA), qos=1, payload=b"{}")

            assert (topics.board(BETA), b"{}") == observer.inbox.get(timeout=5)
            assert REFUSED == observer.publish(topics.commands(ALPHA), b"{}")
        finally:
            observer.stop()


class TestPhotographs:
    def test_go_by_presigned_addresses(self, engine, cloud):
        """
        A photograph is put and fetched by a presigned URL; another content type, a changed signature and none are refused.
        """
        s3 = account.client("s3", endpoint=engine.endpoint)
        place = {"Bucket": cloud.photos, "Key": "alpha/1.jpg"}
        put = s3.generate_presigned_url("put_object", Params={**place, "ContentType": "image/jpeg"}, ExpiresIn=60)
        get = s3.generate_presigned_url("get_object", Params=place, ExpiresIn=60)

        assert 403 == requests.put(put, data=b"x", headers={"Content-Type": "text/html"}, timeout=5).status_code
        assert 200 == requests.put(put, data=b"\xff\xd8", headers={"Content-Type": "image/jpeg"}, timeout=5).status_code
        assert b"\xff\xd8" == requests.get(get, timeout=5).content
        assert 403 == requests.get(get.replace("Signature=", "Signature=0"), timeout=5).status_code
        assert 403 == requests.get(f"{engine.endpoint}/{cloud.photos}/alpha/1.jpg", timeout=5).status_code


class TestCrash:
    def test_is_mended_from_our_files_within_five_seconds(self, engine, cloud, connect):
        """
        After SIGKILL the broker has the same authority, gateways come back by themselves with their certificates, rules work, photographs are still there.
        """
        device, s3 = connect("alpha"), account.client("s3", endpoint=engine.endpoint)
        s3.put_object(Bucket=cloud.photos, Key="kept.jpg", Body=b"kept")
        assert device.up.wait(5)
        authority = cloud.ca.read_text()
        engine.kill()
        began = time.monotonic()

        engine.start()
        provision(endpoint=engine.endpoint, gateways=["alpha", "beta"], directory=cloud.ca.parent)
        took = time.monotonic() - began

        assert took < 5
        assert authority == cloud.ca.read_text()
        assert device.up.wait(5)
        assert 0 == device.publish(topics.heartbeat(ALPHA), b'{"n":1}')
        assert [{"topic": topics.heartbeat(ALPHA), "payload": {"n": 1}}] == received(engine, cloud)
        assert b"kept" == s3.get_object(Bucket=cloud.photos, Key="kept.jpg")["Body"].read()


def _listed(resource):
    return [resource] if isinstance(resource, str) else resource


def _listening():
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        address, port = fields[1].split(":")
        if fields[3] == "0A":
            yield str(ipaddress.IPv4Address(bytes.fromhex(address)[::-1])), int(port, 16)


def _ask(trusting, plain, message):
    try:
        with trusting.wrap_socket(plain, server_hostname="127.0.0.1") as line:
            line.sendall(message)
            return line.recv(16)
    except (ssl.SSLError, ConnectionError):
        return b""
