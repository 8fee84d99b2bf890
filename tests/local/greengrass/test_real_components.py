import json
import os

import pytest

from iot.kit import signatures
from tests.local.greengrass.conftest import configuration
from tests.local.greengrass.gateway import Gateway

LANES = ({"id": "wa-in", "kind": "waiting_area_entry"}, {"id": "entry-1", "kind": "entry"}, {"id": "exit-1", "kind": "exit"})
ANY_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "alg": signatures.ALGORITHM,
}


@pytest.fixture(scope="module")
def gateway(connected, tmp_path_factory):
    directory = tmp_path_factory.mktemp("real")
    fields = json.loads(configuration(directory, mqtt=connected.mqtt.model_dump()).model_dump_json(exclude={"components_dir"}))
    fields |= {"lanes": LANES, "components": ["plate_reader", "gate", "board"], "admissions_key": ANY_KEY}
    (directory / "host.json").write_text(json.dumps(fields))
    gateway = Gateway(directory / "host.json", port=fields["control_port"])
    gateway.start()
    yield gateway
    gateway.stop()


@pytest.mark.slow
class TestRealComponents:
    def test_read_and_decide_unchanged(self, gateway):
        """
        What would be deployed runs here as it is: no picture is told as such, and without a list nobody is let in.
        """
        picture = gateway.post("/lanes/entry-1/frame", b"no picture").json()
        reading = gateway.post("/lanes/entry-1/reading", {"text": "777ABC02", "country": "KZ", "confidence": 0.9}).json()

        assert ("stay", "NOT_A_PICTURE") == (picture["decision"]["action"], picture["decision"]["reason"])
        assert ("stay", "NO_LIST") == (reading["decision"]["action"], reading["decision"]["reason"])

    @pytest.mark.parametrize("name", ["plate_reader", "gate", "board"])
    def test_come_back_from_a_kill_and_serve(self, gateway, name):
        """
        Any of them killed: back within 5 s, and the frame shown meanwhile is decided.
        """
        killed = next(part["pid"] for part in gateway.status()["components"] if part["name"] == name)
        os.kill(killed, 9)

        assert gateway.post("/lanes/entry-1/frame", b"no picture").json()["decision"]["reason"] == "NOT_A_PICTURE"
        gateway.until(lambda status: all(part["pid"] not in {None, killed} for part in status["components"]), seconds=5)
