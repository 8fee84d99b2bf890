"""
The steps: one Lambda for each folder of `functions/`, run by a schedule, by the outbox's stream or by the gateways' queue.
"""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import rights
from infra.cadence import Cadence
from infra.functions import Surroundings

MEMORY: Final = 512
SECONDS: Final = 60
"""Steps work in bounded chunks; what is left waits for the next run."""
LONGER: Final[Mapping[str, int]] = {"reconcile_bank": 900, "reconcile_provider": 900}
"""A day of twenty thousand payments is compared movement by movement; what is left goes on from its bookmark the next night. The bank's books
take the ledger's balance as of now: every posting since the last settled day, a second time where something is unexplained."""
STREAM_TRIES: Final = 3
UPLINK_BATCH: Final = 10


CADENCES: Final[Mapping[str, Cadence]] = {
    "apply_measures": Cadence(minutes=1),
    "count_crossings": Cadence(hours="0", minute=45),
    "annul_no_shows": Cadence(minutes=1),
    "call_forward": Cadence(minutes=1),
    "count_flow": Cadence(minutes=5),
    "heal_payments": Cadence(minutes=5),
    "follow_figures": Cadence(hours="6,12,18", minute=15),
    "lapse_suspended": Cadence(minutes=1),
    "recheck_bookings": Cadence(minutes=1),
    "reconcile_bank": Cadence(hours="10", minute=0),
    "reconcile_provider": Cadence(hours="1", minute=20),
    "refresh_admissions": Cadence(hours="6,12,18", minute=15),
    "call_ready": Cadence(minutes=1),
    "confirm_crossings": Cadence(minutes=5),
    "remind": Cadence(minutes=1),
    "sweep_outbox": Cadence(minutes=1),
    "tidy_holds": Cadence(minutes=1),
    "verify_bookings": Cadence(minutes=1),
    "watch_settlements": Cadence(hours="15", minute=30),
}
"""Every step but the gateways' entrance, which its queue runs, and those that only a state machine runs (`infra/workflows`).
What figures decided for today move is followed before the lists are signed anew."""


class Steps(Construct):  # type: ignore[misc]  # the types of the CDK are not followed
    """
    All steps with what wakes them.
    """

    def __init__(self, scope: Construct, id_: str, *, around: Surroundings, uplink: sqs.IQueue) -> None:
        super().__init__(scope, id_)
        self.functions = {name: self._function(name, around) for name in rights.STEPS}
        for name, cadence in CADENCES.items():
            self._schedule(name, cadence)
        self._follow_outbox(around)
        entrance = sources.SqsEventSource(
            uplink, batch_size=UPLINK_BATCH, report_batch_item_failures=True, max_batching_window=Duration.seconds(0)
        )
        self.functions["receive_uplink"].add_event_source(entrance)

    def failures(self) -> Mapping[str, cloudwatch.Metric]:
        """
        Give each step's count of failed runs.
        """
        return {name: function.metric_errors(period=Duration.minutes(5)) for name, function in self.functions.items()}

    def _function(self, name: str, around: Surroundings) -> lambda_.Function:
        seconds = LONGER.get(name, SECONDS)
        return around.function(
            self, name, handler=f"functions.{name}.handler.handler", memory=MEMORY, seconds=seconds, rights=rights.STEPS[name]
        )

    def _schedule(self, name: str, cadence: Cadence) -> None:
        # a run that was missed or failed is not worth repeating late: the next one does the same work
        target = targets.LambdaInvoke(self.functions[name], retry_attempts=1, max_event_age=Duration.minutes(1))
        scheduler.Schedule(self, f"{name}Schedule", schedule=cadence.expression(), target=target)

    def _follow_outbox(self, around: Surroundings) -> None:
        sweep = self.functions["sweep_outbox"]
        role = sweep.role
        if not isinstance(role, iam.Role):
            raise TypeError("the sweep has no role of ours")
        around.tables.grant_stream(role)
        lambda_.EventSourceMapping(
            self,
            "OutboxStream",
            target=sweep,
            event_source_arn=around.tables.outbox_stream,
            starting_position=lambda_.StartingPosition.LATEST,
            batch_size=100,
            max_batching_window=Duration.seconds(1),
            retry_attempts=STREAM_TRIES,  # what the stream could not deliver, the scheduled sweep does
            filters=[{"pattern": '{"eventName":["INSERT"]}'}],
        )
