import json

import pytest

from chalicelib.gateways.photos import DECIDED, HELD, PASSED
from infra import rights
from infra.gateways import statements
from local.ministack import policy, uplink
from tests.infra.wired import ports_of

pytestmark = pytest.mark.xdist_group("infra")
DATA = ("dynamodb:", "s3:", "sqs:", "secretsmanager:", "iot:", "kms:", "lambda:")


def allowed(resources):
    """
    Every statement that allows something to a role, with the role's policy: what is too long for one, the CDK lays into another beside it.
    """
    for name, made in {**resources("AWS::IAM::Policy"), **resources("AWS::IAM::ManagedPolicy")}.items():
        for statement in made["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            yield name, statement


def as_list(value):
    return value if isinstance(value, list) else [value]


class TestRoles:
    def test_no_data_action_is_allowed_on_everything(self, resources):
        """
        Whatever reads or changes data names what it is about.
        """
        for name, statement in allowed(resources):
            touches = [action for action in as_list(statement["Action"]) if action.startswith(DATA)]
            assert not touches or "*" not in as_list(statement["Resource"]), (name, statement)

    def test_no_action_is_a_wildcard_but_those_of_keys(self, resources):
        """
        Actions are listed one by one; `kms:GenerateDataKey*` and `kms:ReEncrypt*` are families that AWS names so.
        """
        actions = {action for _, statement in allowed(resources) for action in as_list(statement["Action"])}

        assert {"kms:GenerateDataKey*", "kms:ReEncrypt*"} >= {action for action in actions if "*" in action}

    def test_nobody_scans_and_nobody_manages_tables(self, resources):
        """
        No request and no step reads a whole table or changes one.
        """
        actions = {
            action for _, statement in allowed(resources) for action in as_list(statement["Action"]) if action.startswith("dynamodb:")
        }

        assert {*rights.READ, *rights.WRITE, "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"} >= actions

    def test_no_managed_policy_is_attached(self, resources):
        """
        A function may do what is listed for it and nothing that AWS lists for everybody.
        """
        assert all("ManagedPolicyArns" not in role for role in resources("AWS::IAM::Role").values())

    def test_each_function_reaches_its_tables_only(self, resources, template):
        """
        The tables in a function's policy are those of its rights.
        """
        tables = {
            name: made["Properties"]["TableName"].removeprefix("queue-test-")
            for name, made in template["Resources"].items()
            if made["Type"] == "AWS::DynamoDB::Table"
        }
        for step, given in rights.STEPS.items():
            reached, written = set(), set()
            for name, statement in allowed(resources):
                if name.startswith(f"Steps{step.replace('_', '')}Role") and any(
                    action in rights.READ + rights.WRITE for action in as_list(statement["Action"])
                ):
                    named = {tables[found] for found in tables if f'"{found}"' in json.dumps(statement["Resource"])}
                    reached |= named
                    written |= named if "dynamodb:PutItem" in as_list(statement["Action"]) else set()
            assert set(given.tables_read) == reached, step
            assert set(given.tables_written) == written, step


class TestBuckets:
    @pytest.mark.rule("D31")
    def test_photographs_are_private_encrypted_and_forgotten(self, resources):
        """
        No public access, TLS only; gone after 180 days, copies for a complaint a term of complaints after its decision, and not before (D31).
        """
        (bucket,) = resources("AWS::S3::Bucket").values()
        (policy,) = resources("AWS::S3::BucketPolicy").values()

        assert all(bucket["PublicAccessBlockConfiguration"].values())
        rules = bucket["LifecycleConfiguration"]["Rules"]
        assert {PASSED: 180, DECIDED: 90} == {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
        denied = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Deny"]
        assert any(each["Condition"].get("Bool", {}).get("aws:SecureTransport") == "false" for each in denied)

    @pytest.mark.rule("D31")
    def test_photographs_are_changed_by_those_alone_who_must(self, resources):
        """
        Gateways' uploads are let in by one step, copies are made and let go by another; nobody deletes a photograph itself.
        """
        may = {}
        for name, statement in allowed(resources):
            text = json.dumps(statement["Resource"])
            for prefix in (PASSED, HELD, DECIDED):
                if f"/{prefix}*" in text:
                    actions = {each.removeprefix("s3:") for each in as_list(statement["Action"]) if each != "s3:GetObject"}
                    may.setdefault(prefix, set()).update((name.split("Role")[0], action) for action in actions)

        assert {("Stepsreceiveuplink", "PutObject")} == may[PASSED]
        assert {("Stepssweepoutbox", "PutObject"), ("Stepssweepoutbox", "DeleteObject")} == may[HELD]
        assert {("Stepssweepoutbox", "PutObject")} == may[DECIDED]


class TestGatewayPolicy:
    def test_is_the_one_that_the_local_broker_enforces(self):
        """
        What a gateway may do is tried on one machine against a real broker, by the same policy.
        """
        local = json.loads(policy.gateway(region="eu-central-1", account="000000000000"))

        assert local["Statement"] == list(statements("arn:aws:iot:eu-central-1:000000000000"))

    def test_rules_select_as_the_local_ones_do(self, resources):
        """
        What reaches the queue has the same shape in both places.
        """
        chosen = []

        class Recorder:
            def create_topic_rule(self, *, ruleName, topicRulePayload):  # noqa: N803 - boto3's names
                chosen.append((topicRulePayload["sql"], topicRulePayload["awsIotSqlVersion"]))

            def list_topic_rules(self):
                return {}

            def create_role(self, **_):
                return {"Role": {"Arn": "role"}}

            def put_role_policy(self, **_):
                return {}

        uplink.ensure_rules(Recorder(), Recorder(), queue="queue")
        deployed = [made["TopicRulePayload"] for made in resources("AWS::IoT::TopicRule").values()]

        assert sorted(chosen) == sorted((rule["Sql"], rule["AwsIotSqlVersion"]) for rule in deployed)


class TestWiring:
    WITHOUT_NEED = {"sweep_outbox": {"requests"}}  # noqa: RUF012 - a constant
    """Ports that a step's use cases hold for other callers: delivering a command asks for no earlier answer."""

    @pytest.mark.parametrize("step", sorted(rights.STEPS))
    def test_a_step_may_read_what_its_use_cases_are_wired_to(self, step):
        """
        A port given to a use case without the right to its tables would fail in the cloud alone.
        """
        wired = ports_of(step) - self.WITHOUT_NEED.get(step, set())

        assert bool(wired) == bool(rights.STEPS[step].reads)
        assert wired <= rights.STEPS[step].reads
