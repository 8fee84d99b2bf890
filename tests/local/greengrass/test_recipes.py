import json

import pytest

from local.greengrass import recipes
from local.greengrass.authorization import MQTT_PROXY, PUBSUB, covers, permissions
from local.greengrass.components import deploy
from local.greengrass.configuration import HostConfiguration, UnableToConfigureError, load


class TestMerge:
    def test_lays_a_deployment_over_defaults(self):
        """
        Objects are merged key by key; lists and scalars are replaced; neither input changes.
        """
        base, change = {"a": {"x": 1, "y": [1]}, "b": 2}, {"a": {"y": [2], "z": 3}, "c": 4}

        assert {"a": {"x": 1, "y": [2], "z": 3}, "b": 2, "c": 4} == recipes.merge(base, change)
        assert {"a": {"x": 1, "y": [1]}, "b": 2} == base


class TestInterpolate:
    def test_replaces_known_variables_everywhere(self):
        """
        Variables are replaced in nested strings; unknown ones and policy variables stay.
        """
        value = {"a": ["queue/{iot:thingName}/journal", "{unknown:one}"], "b": 1}

        assert {"a": ["queue/gw-a/journal", "{unknown:one}"], "b": 1} == recipes.interpolate(value, {"iot:thingName": "gw-a"})


class TestRecipe:
    def test_names_its_file_when_it_cannot_be_read(self, tmp_path):
        """
        A recipe of another format, without a manifest, or that is no JSON is refused with its path.
        """
        for text in (
            "{",
            "{}",
            json.dumps({"RecipeFormatVersion": "1999-01-01"}),
            json.dumps({"RecipeFormatVersion": "2020-01-25", "Manifests": []}),
        ):
            (tmp_path / "recipe.json").write_text(text)
            with pytest.raises(recipes.UnableToReadRecipeError, match=r"recipe\.json"):
                recipes.read(tmp_path / "recipe.json")

    def test_runs_from_the_repository(self, tmp_path):
        """
        The unpacked archive that a deployment would have is this repository on one machine.
        """
        document = {
            "RecipeFormatVersion": "2020-01-25",
            "ComponentName": "c",
            "ComponentVersion": "1.0.0",
            "Manifests": [
                {
                    "Lifecycle": {
                        "Setenv": {"A": "1"},
                        "Run": {"Script": "python3 {artifacts:decompressedPath}/gateway/x.py", "Setenv": {"B": "2"}},
                    },
                    "Artifacts": [{"Uri": "s3://bucket/gateway.zip", "Unarchive": "ZIP"}],
                }
            ],
        }
        (tmp_path / "recipe.json").write_text(json.dumps(document))
        recipe = recipes.read(tmp_path / "recipe.json")

        assert f"python3 {tmp_path}/x.py" == recipes.in_place(recipe.script, recipe=recipe, root=tmp_path, variables={})
        assert {"A": "1", "B": "2"} == recipe.environment


class TestCovers:
    @pytest.mark.parametrize(
        ("pattern", "topic", "expected"),
        [
            ("reader/entry-1/report", "reader/entry-1/report", True),
            ("reader/entry-1/report", "reader/exit-1/report", False),
            ("reader/*", "reader/a/b", True),
            ("*/report", "reader/a/report", True),
            ("*", "anything", True),
            ("reader/+/report", "reader/a/report", True),
            ("reader.a", "reader/a", False),
        ],
    )
    def test_follows_greengrass(self, pattern, topic, expected):
        """
        A resource is a topic, an MQTT filter, or a text with `*`.
        """
        assert expected is covers(pattern, topic)


class TestPermissions:
    def test_refuse_what_is_not_listed(self):
        """
        Service, operation and topic must all be listed together.
        """
        granted = permissions({PUBSUB: {"one": {"operations": ["aws.greengrass#PublishToTopic"], "resources": ["t"]}}})

        assert granted.allow(service=PUBSUB, operation="aws.greengrass#PublishToTopic", resource="t")
        assert not granted.allow(service=PUBSUB, operation="aws.greengrass#PublishToTopic", resource="u")
        assert not granted.allow(service=PUBSUB, operation="aws.greengrass#SubscribeToTopic", resource="t")
        assert not granted.allow(service=MQTT_PROXY, operation="aws.greengrass#PublishToTopic", resource="t")


class TestConfiguration:
    def test_names_the_wrong_field(self, tmp_path):
        """
        A configuration file that is absent, no JSON or incomplete is refused by name.
        """
        with pytest.raises(UnableToConfigureError, match=r"absent\.json"):
            load(tmp_path / "absent.json")
        (tmp_path / "half.json").write_text('{"checkpoint": "alpha"}')
        with pytest.raises(UnableToConfigureError, match="control_port"):
            load(tmp_path / "half.json")

    def test_reaches_components_with_the_sites_facts(self, site):
        """
        Defaults, then what the site is, then the deployment's own; `{iot:thingName}` replaced.
        """
        key = site.state_dir / "key.json"
        told = site.model_copy(update={"configuration": {"tiny": {"barrier": {"hold_seconds": 3}}}, "admissions_key_file": key})

        configuration = deploy("tiny", site=HostConfiguration.model_validate(told.model_dump())).configuration

        assert {"hold_seconds": 3, "travel_seconds": 1} == configuration["barrier"]
        assert [{"id": "entry-1", "kind": "entry"}, {"id": "exit-1", "kind": "exit"}] == configuration["lanes"]
        assert ("alpha", "gw-alpha", str(key)) == (
            configuration["checkpoint"],
            configuration["thing"],
            configuration["admissions_key_file"],
        )
        assert "queue/gw-alpha/commands" in configuration["accessControl"][MQTT_PROXY]["test.Tiny:mqttproxy:1"]["resources"]
