"""
What the operator writes down once: every address and figure of a deployment is a value in Parameter Store that the stack resolves, no function reads.
"""

import pytest

from chalicelib import settings
from infra.deployment import PARAMETERS
from tests.infra import seeds

pytestmark = pytest.mark.xdist_group("infra")
ELSEWHERE = {"QUEUE_PHOTOS_BUCKET": "photos", "QUEUE_SECRETS": "s", "QUEUE_TABLE_PREFIX": "p-", "QUEUE_AUDIENCE": "a", "AWS_REGION": "r"}
"""What the stack says by itself."""


class TestParameters:
    def test_are_asked_for_by_the_template_under_the_deployments_name(self, template):
        """
        Each is a parameter of CloudFormation's own kind for Parameter Store, with its full name as default: pages' and messenger's address, too.
        """
        asked = {
            each["Default"]: each["Type"] for each in template["Parameters"].values() if str(each.get("Default", "")).startswith("/queue/")
        }

        assert {f"/queue/test/{last}" for last in PARAMETERS.values()} == set(asked)
        assert {"/queue/test/pages-url", "/queue/test/messenger-url"} <= set(asked)
        assert {"AWS::SSM::Parameter::Value<String>"} == set(asked.values())

    def test_reach_every_function_as_its_settings(self, resources):
        """
        Every function has each of them by reference, and no other source of an address.
        """
        for name, made in resources("AWS::Lambda::Function").items():
            known = made["Environment"]["Variables"]
            assert all("Ref" in known[variable] for variable in PARAMETERS), name

    def test_are_read_by_no_function(self, template):
        """
        No role may touch Parameter Store: what a function needs of it lies in its environment.
        """
        made = (each for each in template["Resources"].values() if each["Type"] in {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"})
        actions = {
            action
            for policy in made
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        }

        assert not [action for action in actions if action.startswith("ssm:")]

    def test_make_whole_settings(self):
        """
        With the values that a deployment is tried with, the pages and the messenger are where the operator says, not where a default would be.
        """
        said = {variable: seeds.PARAMETERS[last] for variable, last in PARAMETERS.items()}

        read = settings.read({**ELSEWHERE, **said, "QUEUE_MESSENGER_URL": "https://m.test"})

        assert ("https://q.test", "https://m.test") == (read.pages_url, read.messenger_url)
        assert set(seeds.PARAMETERS) == set(PARAMETERS.values())
