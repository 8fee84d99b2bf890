"""
The nightly and daily order of steps as Amazon States Language: one state machine a file, its schedule, and its rights to call the steps.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.cadence import Cadence

FOLDER: Final = Path(__file__).parent
CADENCES: Final[Mapping[str, Cadence]] = {"nightly": Cadence(hours="0", minute=15), "daily": Cadence(hours="9", minute=0)}
"""When each runs: after the day's close (D29), and when people come to work."""


def definition(name: str) -> dict[str, Any]:
    """
    Read a state machine; its tasks name their steps as `${open_days}`.
    """
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.asl.json").read_text())
    return found


def steps_of(name: str) -> Sequence[str]:
    """
    List a state machine's steps in the order of its states.
    """
    tasks = (state for state in definition(name)["States"].values() if state["Type"] == "Task")
    return [task["Parameters"]["FunctionName"].strip("${}") for task in tasks]


class Workflows(Construct):  # type: ignore[misc]  # the types of the CDK are not followed
    """
    Every state machine with its schedule.
    """

    def __init__(self, scope: Construct, id_: str, *, functions: Mapping[str, lambda_.Function]) -> None:
        super().__init__(scope, id_)
        self.machines = {name: self._machine(name, functions) for name in CADENCES}

    def failures(self) -> Mapping[str, cloudwatch.Metric]:
        """
        Give each machine's count of failed runs.
        """
        return {name: machine.metric_failed(period=Duration.minutes(5)) for name, machine in self.machines.items()}

    def _machine(self, name: str, functions: Mapping[str, lambda_.Function]) -> sfn.StateMachine:
        machine = sfn.StateMachine(
            self,
            name.title(),
            definition_body=sfn.DefinitionBody.from_string(json.dumps(definition(name))),
            definition_substitutions={step: functions[step].function_arn for step in steps_of(name)},
            logs=sfn.LogOptions(
                destination=logs.LogGroup(self, f"{name}Logs", retention=logs.RetentionDays.THREE_MONTHS), level=sfn.LogLevel.ERROR
            ),
            tracing_enabled=True,
        )
        for step in steps_of(name):
            functions[step].grant_invoke(machine)
        target = targets.StepFunctionsStartExecution(machine, retry_attempts=3)
        scheduler.Schedule(self, f"{name}Schedule", schedule=CADENCES[name].expression(), target=target)
        return machine
