"""
moto's interpreter of the States language, with its Lambda replaced by our handlers in this process.
"""

import importlib
import io
import json
import time
import zipfile
from contextlib import contextmanager

import boto3
from moto import mock_aws
from moto.awslambda_simple.models import LambdaSimpleBackend

from infra.workflows import definition, steps_of

REGION = "eu-central-1"
MOST_SECONDS = 60
FAST = {"IntervalSeconds": 1, "BackoffRate": 1}
"""Retries as many as written, without their waits: how often matters here, how long does not."""


class Interpreter:
    """
    Runs a state machine of ours over handlers: those of `functions/`, or stand-ins by name.
    """

    def __init__(self, monkeypatch, stand_ins=None):
        self.calls = []
        self._stand_ins = stand_ins or {}
        monkeypatch.setattr(LambdaSimpleBackend, "invoke", lambda _, name, *rest: self._invoke(name, *rest))

    def _invoke(self, name, _qualifier, body, _headers, response_headers):
        step = name.rpartition(":")[2]
        self.calls.append(step)
        handler = self._stand_ins.get(step) or importlib.import_module(f"functions.{step}.handler").handler
        try:
            return json.dumps(handler(json.loads(body or "{}"), None)).encode()
        except Exception as error:
            response_headers["x-amz-function-error"] = "Unhandled"
            return json.dumps({"errorType": type(error).__name__, "errorMessage": str(error)}).encode()

    def run(self, name):
        """
        Run a state machine to its end: status, output, error.
        """
        with cloud():
            client = boto3.client("stepfunctions", region_name=REGION)
            text = json.dumps(quickened(definition(name)))
            for step in steps_of(name):
                text = text.replace(f"${{{step}}}", deployed(step))
            role = "arn:aws:iam::123456789012:role/steps"
            machine = client.create_state_machine(name=name, definition=text, roleArn=role)["stateMachineArn"]
            execution = client.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
            end = time.monotonic() + MOST_SECONDS
            while time.monotonic() < end:
                seen = client.describe_execution(executionArn=execution)
                if seen["status"] != "RUNNING":
                    return seen["status"], json.loads(seen.get("output") or "{}"), seen.get("error")
                time.sleep(0.02)
        raise TimeoutError(name)


@contextmanager
def cloud():
    """
    A cloud that executes state machines; what is asked of other addresses, as the engine is, goes through.
    """
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}):
        yield


def deployed(step):
    """
    Register a function of a step's name: its ARN.
    """
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handler.py", "")
    iam = boto3.client("iam", region_name=REGION)
    try:
        role = iam.get_role(RoleName="steps")["Role"]["Arn"]
    except iam.exceptions.NoSuchEntityException:
        role = iam.create_role(RoleName="steps", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    made = boto3.client("lambda", region_name=REGION).create_function(
        FunctionName=step, Runtime="python3.12", Role=role, Handler="handler.handler", Code={"ZipFile": code.getvalue()}
    )
    return made["FunctionArn"]


def quickened(machine):
    """
    The same machine with waits between tries as short as the interpreter knows them.
    """
    for state in machine["States"].values():
        for retry in state.get("Retry", []):
            retry.update({"IntervalSeconds": 1, "MaxAttempts": retry["MaxAttempts"], "BackoffRate": 1, "MaxDelaySeconds": 1})
    return machine
