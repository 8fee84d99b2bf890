import json
from pathlib import Path

import pytest

from chalicelib.api import routes
from chalicelib.api.operation import OPERATIONS
from chalicelib.domain.records import Task
from infra import rights, workflows
from infra.package import ROOT
from infra.steps import CADENCES
from infra.tables import rows
from local.runner.agenda import DAILY, MORNINGS, NIGHTLY

pytestmark = pytest.mark.xdist_group("infra")
PREFIX = "queue-test-"


def folders():
    return {path.parent.name for path in Path(ROOT / "functions").glob("*/handler.py")}


class TestSteps:
    def test_every_folder_has_its_lambda_and_rights(self, resources):
        """
        Each folder of functions/ is deployed with its own handler, beside the API's.
        """
        handlers = {made["Handler"] for made in resources("AWS::Lambda::Function").values()}

        assert {f"functions.{name}.handler.handler" for name in folders()} | {"app.app"} == handlers
        assert folders() == set(rights.STEPS)

    def test_each_is_run_by_a_schedule_or_by_the_gateways_queue(self, resources):
        """
        No step is deployed and then never run.
        """
        ordered = {step for name in workflows.CADENCES for step in workflows.steps_of(name)}

        assert folders() - {"receive_uplink"} == set(CADENCES) | ordered
        assert len(CADENCES) + len(workflows.CADENCES) == len(resources("AWS::Scheduler::Schedule"))

    def test_the_days_work_has_one_order_everywhere(self, resources):
        """
        The state machines' states follow one another as the local agenda runs the steps, and may call these steps alone.
        """
        assert [daily.name for daily in NIGHTLY] == list(workflows.steps_of("nightly"))
        assert [daily.name for daily in MORNINGS] == list(workflows.steps_of("daily"))
        assert {"nightly", "daily"} == {path.name.partition(".")[0] for path in workflows.FOLDER.glob("*.asl.json")}
        assert len(workflows.CADENCES) == len(resources("AWS::StepFunctions::StateMachine"))

    def test_the_gateways_queue_takes_partial_failures_and_parks_poison(self, resources):
        """
        One record that fails comes again alone, and after ten tries lies in the dead-letter queue.
        """
        (mapping,) = [each for each in resources("AWS::Lambda::EventSourceMapping").values() if "FunctionResponseTypes" in each]
        redrives = [each["RedrivePolicy"] for each in resources("AWS::SQS::Queue").values() if "RedrivePolicy" in each]

        assert ["ReportBatchItemFailures"] == mapping["FunctionResponseTypes"]
        assert [10] == [redrive["maxReceiveCount"] for redrive in redrives]

    def test_steps_have_the_schedule_of_the_local_agenda(self):
        """
        One machine and the cloud run daily work at the same minutes of the day.
        """
        local = sorted((daily.name, daily.minutes) for daily in DAILY)
        alone = [(name, cadence) for name, cadence in CADENCES.items() if cadence.hours]
        ordered = [(step, cadence) for name, cadence in workflows.CADENCES.items() for step in workflows.steps_of(name)]
        cloud = sorted((name, int(hour) * 60 + cadence.minute) for name, cadence in (*alone, *ordered) for hour in cadence.hours.split(","))

        assert local == cloud


class TestTables:
    def test_keys_equal_the_stores(self, resources):
        """
        Every table of the store is deployed, with its keys and its indexes' keys.
        """
        deployed = {made["TableName"]: made for made in resources("AWS::DynamoDB::Table").values()}

        for row in rows(PREFIX):
            made, schema = deployed.pop(row.Meta.table_name), row._get_schema()
            assert _keys(schema["key_schema"]) == _keys(made["KeySchema"]), row
            indexes = {index["IndexName"]: _keys(index["KeySchema"]) for index in made.get("GlobalSecondaryIndexes", [])}
            assert {index["index_name"]: _keys(index["key_schema"]) for index in schema["global_secondary_indexes"]} == indexes
        assert {} == deployed

    def test_everything_kept_survives_mistakes(self, resources, template):
        """
        Point-in-time recovery, deletion protection, our key, and no table goes with its stack.
        """
        tables = {name: made for name, made in template["Resources"].items() if made["Type"] == "AWS::DynamoDB::Table"}

        assert all(made["DeletionPolicy"] == "Retain" for made in tables.values())
        for made in resources("AWS::DynamoDB::Table").values():
            assert made["DeletionProtectionEnabled"]
            assert made["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
            assert made["SSESpecification"]["SSEEnabled"]

    def test_only_the_outbox_has_a_stream(self, resources):
        """
        A stream costs throughput, so there is one.
        """
        streamed = [made["TableName"] for made in resources("AWS::DynamoDB::Table").values() if "StreamSpecification" in made]

        assert [f"{PREFIX}outbox"] == streamed

    def test_every_table_is_behind_a_port(self):
        """
        Rights are given by port, and every table is behind just one.
        """
        known = sorted(table for tables in rights.PORTS.values() for table in tables)

        assert sorted(row.Meta.table_name.removeprefix(PREFIX) for row in rows(PREFIX)) == known


class TestApi:
    def test_every_operation_is_routed_to_the_one_function(self, resources):
        """
        The deployed API has the routes of the declarations; a method that a path lacks reaches the function too, which answers 405.
        """
        (rest,) = resources("AWS::ApiGateway::RestApi").values()
        paths = rest["Body"]["paths"]

        routes.load_all()
        for method, path in OPERATIONS:
            assert paths[path][method.lower()]["x-amazon-apigateway-integration"]["type"] == "aws_proxy", path
        assert all("x-amazon-apigateway-any-method" in methods for methods in paths.values())

    def test_what_api_gateway_answers_itself_is_a_problem(self, resources):
        """
        Unknown paths, floods and failures come as problem+json, with the status of the local front.
        """
        (rest,) = resources("AWS::ApiGateway::RestApi").values()
        answers = rest["Body"]["x-amazon-apigateway-gateway-responses"]
        statuses = {kind: answer["statusCode"] for kind, answer in answers.items()}

        assert statuses["MISSING_AUTHENTICATION_TOKEN"] == "404"
        assert statuses["THROTTLED"] == "429"
        assert statuses["INTEGRATION_TIMEOUT"] == "503"
        for answer in answers.values():
            assert answer["responseParameters"]["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
            assert int(answer["statusCode"]) == json.loads(answer["responseTemplates"]["application/json"])["status"]

    def test_a_request_ends_before_api_gateway_gives_up(self, resources):
        """
        Every request ends within 20 s; API Gateway waits 29.
        """
        assert resources("AWS::Lambda::Function")["APIHandler"]["Timeout"] <= 20


class TestAlarms:
    def test_every_kind_of_parked_message_is_alarmed(self, resources):
        """
        A message that was given up wakes somebody, whatever its task.
        """
        parked = [each for each in resources("AWS::CloudWatch::Alarm").values() if each.get("MetricName") == "ParkedMessages"]
        tasks = {dimension["Value"] for each in parked for dimension in each["Dimensions"] if dimension["Name"] == "task"}

        assert {task.value for task in Task} == tasks
        assert all(each["AlarmActions"] for each in parked)


def _keys(schema):
    return sorted((key["AttributeName"], key["KeyType"]) for key in schema)
