import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from requests import Session

from local.ministack import account
from local.ministack.provision import provision

READING = {"text": "777 авс-02", "country": "KZ", "confidence": 0.93, "char_confidences": [0.9] * 10}
BACK_WITHIN_S = 5
DECISION = {"action": "open", "reason": "MATCH", "booking_number": "NZH-261203-14-07", "by": "gateway"}


def pid(gateway):
    return gateway.status()["components"][0]["pid"]


def runs(process):
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False


class TestFrame:
    def test_is_answered_with_the_gates_decision(self, gateway):
        """
        The picture reaches the camera's spool whole, and the decision about this very frame comes back.
        """
        answer = gateway.post("/lanes/entry-1/frame", b"\xff" * 90)

        assert 200 == answer.status_code
        assert {"readings": [{"text": "777ABC02", "country": "KZ", "confidence": 0.9}], "decision": DECISION} == answer.json()

    def test_gets_its_own_answer_among_many(self, gateway):
        """
        Twelve pictures at once: each caller gets the reading of his.
        """
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda size: gateway.post("/lanes/entry-1/frame", b"\xff" * size).json(), range(20, 32)))

        assert [size / 100 for size in range(20, 32)] == [answer["readings"][0]["confidence"] for answer in answers]

    @pytest.mark.slow
    def test_without_a_decision_is_a_gateway_timeout(self, gateway):
        """
        A lane whose gate does not decide gives a problem after ten seconds.
        """
        answer = gateway.post("/lanes/exit-1/frame", b"\xff")

        assert (504, "NO_DECISION", "application/problem+json") == (
            answer.status_code,
            answer.json()["code"],
            answer.headers["Content-Type"],
        )


class TestReading:
    def test_is_normalized_and_decided(self, gateway):
        """
        Separators and Cyrillic look-alikes are spelled as the gate compares them (D9).
        """
        answer = gateway.post("/lanes/entry-1/reading", READING).json()

        assert ["777ABC02"] == [reading["text"] for reading in answer["readings"]]
        assert DECISION == answer["decision"]

    @pytest.mark.parametrize(
        ("path", "body", "status", "code"),
        [
            ("/lanes/nowhere/reading", READING, 404, "UNKNOWN_LANE"),
            ("/lanes/nowhere/frame", b"\xff", 404, "UNKNOWN_LANE"),
            ("/lanes/entry-1/reading", b"{", 400, "MALFORMED"),
            ("/lanes/entry-1/reading", [], 422, "INVALID"),
            ("/lanes/entry-1/reading", {"country": "KZ", "confidence": 1}, 422, "INVALID"),
            ("/lanes/entry-1/reading", {**READING, "confidence": 7}, 422, "INVALID"),
            ("/lanes/entry-1/reading", {**READING, "char_confidences": [0.5]}, 422, "INVALID"),
            ("/network", {"connected": "no"}, 422, "INVALID"),
            ("/elsewhere", {}, 404, "NOT_FOUND"),
        ],
    )
    def test_that_cannot_be_used_is_a_problem(self, gateway, path, body, status, code):
        """
        Bad input is told as problem+json with a stable code.
        """
        answer = gateway.post(path, body)

        assert (status, code, "application/problem+json") == (answer.status_code, answer.json()["code"], answer.headers["Content-Type"])

    def test_takes_a_few_milliseconds_on_a_kept_connection(self, gateway):
        """
        The control port adds no delay of its own, which all would show: of twenty readings the quickest stay under 20 ms.
        """
        spans = []
        with Session() as session:
            for _ in range(20):
                began = time.perf_counter()
                assert session.post(f"{gateway.url}/lanes/entry-1/reading", json=READING, timeout=5).ok
                spans.append(time.perf_counter() - began)

        assert sorted(spans)[2] < 0.020


class TestDrain:
    def test_asks_until_nothing_is_left(self, gateway, connected):
        """
        The gate is asked again until it holds nothing.
        """
        (connected.state_dir / "tiny" / "pending").write_text("3")

        assert {"pending": 0} == gateway.post("/drain", b"").json()

    def test_says_what_is_left_while_cut_off(self, gateway, connected):
        """
        With the network cut on purpose there is nothing to wait for.
        """
        gateway.post("/network", {"connected": False})
        (connected.state_dir / "tiny" / "pending").write_text("3")
        began = time.monotonic()

        assert {"pending": 3} == gateway.post("/drain", b"").json()
        assert time.monotonic() - began < 2
        assert {"connected": True} == gateway.post("/network", {"connected": True}).json()


class TestNetwork:
    def test_stays_cut_across_a_crash_of_the_host(self, gateway):
        """
        A cut is a fact about the site: the restarted host does not connect until it is let.
        """
        assert {"connected": False} == gateway.post("/network", {"connected": False}).json()
        gateway.kill()
        gateway.start(connected=False)
        time.sleep(1)

        assert not gateway.status()["connected"]
        assert {"connected": True} == gateway.post("/network", {"connected": True}).json()

    def test_comes_back_by_itself_when_the_broker_was_killed(self, gateway, engine, cloud):
        """
        MiniStack dies and is provisioned again from our files: the gateway is connected within 5 s of the kill, commands go through to the component.
        """
        began = time.monotonic()
        engine.kill()
        engine.start()
        provision(endpoint=engine.endpoint, gateways=["alpha", "beta"], directory=cloud.ca.parent)
        gateway.until(lambda status: status["connected"])
        took = time.monotonic() - began
        sqs = account.client("sqs", endpoint=engine.endpoint)

        account.client("iot-data", endpoint=engine.endpoint).publish(topic="queue/gw-alpha/commands", qos=1, payload=b'{"id":"c"}')

        bodies = sqs.receive_message(QueueUrl=cloud.queue_url, WaitTimeSeconds=5).get("Messages", [])
        assert [{"topic": "queue/gw-alpha/heartbeat", "payload": {"id": "c"}}] == [json.loads(body["Body"]) for body in bodies]
        assert took < 5


class TestComponent:
    def test_is_back_soon_after_a_kill(self, gateway):
        """
        SIGKILL of a component: another process runs it within five seconds, and a frame shown meanwhile is decided.
        """
        killed = pid(gateway)
        began = time.monotonic()
        os.kill(killed, 9)

        gateway.until(lambda status: status["components"][0]["pid"] not in {None, killed})

        assert time.monotonic() - began < BACK_WITHIN_S
        assert DECISION == gateway.post("/lanes/entry-1/reading", READING).json()["decision"]

    def test_comes_back_however_often_it_dies(self, gateway):
        """
        Back-off is bounded: after six deaths in a row it is still back within the bound.
        """
        for _ in range(6):
            killed = pid(gateway)
            os.kill(killed, 9)
            gateway.until(lambda status, killed=killed: status["components"][0]["pid"] not in {None, killed}, seconds=2)

        gateway.until(lambda status: status["components"][0]["state"] == "RUNNING")


class TestHost:
    def test_leaves_no_component_behind_when_it_is_killed(self, gateway):
        """
        SIGKILL of the host takes its components along; the next host serves as before.
        """
        component = pid(gateway)

        gateway.kill()
        deadline = time.monotonic() + 2
        while runs(component) and time.monotonic() < deadline:
            time.sleep(0.02)
        left = runs(component)
        gateway.start()

        assert not left
        assert DECISION == gateway.post("/lanes/entry-1/frame", b"\xff" * 90).json()["decision"]

    def test_ends_with_everything_it_started(self, gateway):
        """
        SIGTERM ends host and components cleanly.
        """
        component = pid(gateway)

        gateway.stop()
        left = runs(component)
        gateway.start()

        assert not left

    def test_is_alone_on_its_state(self, gateway, connected):
        """
        A second host on the same state folder says so and ends.
        """
        second = subprocess.run(
            [sys.executable, "-m", "local.greengrass", "--config", str(connected.state_dir / "host.json")],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )

        assert 1 == second.returncode
        assert "another host" in second.stderr
