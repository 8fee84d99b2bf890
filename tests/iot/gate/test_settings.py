import json
from pathlib import Path

import pytest

from chalicelib.contracts import topics
from iot.board.settings import UnableToConfigureError as UnableToConfigureBoardError
from iot.board.settings import parse as parse_board
from iot.gate.settings import UnableToConfigureError, parse
from tests.iot.gate.rig import LANES, SIGNER, THING, configuration

IOT = Path(__file__).resolve().parents[3] / "iot"


class TestParse:
    def test_reads_the_site(self, tmp_path):
        """
        A waiting area is a lane that leads into one; barriers stand at the checkpoint's own lanes.
        """
        settings = parse(configuration(tmp_path, barrier={"hold_seconds": 7}))
        assert (True, ("entry-1", "exit-1")) == (settings.has_waiting_area, settings.barrier_lanes)
        assert (7.0, 1.5) == (settings.barrier.hold, settings.barrier.travel)
        without = parse(configuration(tmp_path, lanes=[{"id": "entry-1", "kind": "entry"}]))
        assert not without.has_waiting_area

    def test_reads_the_key_from_a_file_and_the_thing_from_the_nucleus(self, tmp_path, monkeypatch):
        """
        As deployed and as on one machine.
        """
        (tmp_path / "keys.json").write_text(json.dumps(SIGNER.keys))
        given = configuration(tmp_path, admissions_key_file=str(tmp_path / "keys.json"))
        for key in ("admissions_key", "thing", "checkpoint"):
            del given[key]
        monkeypatch.setenv("AWS_IOT_THING_NAME", THING)
        settings = parse(given)
        assert (THING, "nur-zholy", SIGNER.keys) == (settings.thing, settings.checkpoint, settings.admissions_keys)

    @pytest.mark.parametrize(
        "changes",
        [
            {"lanes": []},
            {"lanes": [{"id": "x", "kind": "window"}]},
            {"lanes": None},
            {"admissions_key": None},
            {"admissions_key": None, "admissions_key_file": "/nowhere"},
            {"thing": ""},
            {"barrier": {"hold_seconds": "long"}},
        ],
    )
    def test_refuses_what_a_gate_cannot_work_with(self, tmp_path, changes, monkeypatch):
        """
        At start, not at the first truck.
        """
        monkeypatch.delenv("AWS_IOT_THING_NAME", raising=False)
        with pytest.raises(UnableToConfigureError):
            parse(configuration(tmp_path, **changes))

    def test_of_a_board_refuses_alike(self, tmp_path):
        """
        Lanes and thing are all it needs.
        """
        assert "nur-zholy" == parse_board(configuration(tmp_path)).checkpoint
        with pytest.raises(UnableToConfigureBoardError):
            parse_board(configuration(tmp_path, lanes=None))


class TestRecipe:
    @pytest.mark.parametrize("component", ["gate", "board"])
    def test_lists_topics_one_by_one(self, component):
        """
        No wildcard gives a component more than it needs.
        """
        recipe = json.loads((IOT / component / "recipe.json").read_text())
        resources = [one for policies in access(recipe).values() for policy in policies.values() for one in policy["resources"]]
        assert [] == [one for one in resources if set("*#+") & set(one)]
        assert (f"kz.queue.{component}", "2020-01-25") == (recipe["ComponentName"], recipe["RecipeFormatVersion"])
        assert f"python3 -m iot.{component}" == recipe["Manifests"][0]["Lifecycle"]["Run"]["Script"]

    def test_of_the_gate_allows_just_what_it_uses(self):
        """
        Every topic of the contract that the gate speaks or hears, and no other of the cloud's.
        """
        resources = granted("gate")
        thing = "{iot:thingName}"
        heard = {one for one in topics.to_device(thing) if one != topics.board(thing)}
        assert set(topics.from_device(thing)) | heard <= resources["aws.greengrass.ipc.mqttproxy"]
        assert 4 == len(resources["aws.greengrass.ipc.mqttproxy"] - set(topics.from_device(thing)) - heard)
        for lane, kind in LANES.items():
            assert {topics.local_reading(lane), topics.local_decision(lane)} <= resources["aws.greengrass.ipc.pubsub"]
            assert (topics.local_barrier(lane) in resources["aws.greengrass.ipc.pubsub"]) == (kind in {"entry", "exit"})

    def test_of_the_board_allows_it_to_say_nothing_to_the_cloud(self):
        """
        It only listens there.
        """
        assert {topics.board("{iot:thingName}")} == granted("board")["aws.greengrass.ipc.mqttproxy"]


def access(recipe):
    return recipe["ComponentConfiguration"]["DefaultConfiguration"]["accessControl"]


def granted(component):
    recipe = json.loads((IOT / component / "recipe.json").read_text())
    return {service: {one for policy in policies.values() for one in policy["resources"]} for service, policies in access(recipe).items()}
