"""
What wakes somebody: messages parked, what gateways said lying unread, functions that fail, the API failing its callers.
"""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from chalicelib.domain.records import Task
from infra.api import Api
from infra.gateways import Gateways
from infra.steps import Steps
from infra.workflows import Workflows

NAMESPACE: Final = "queue"
"""Namespace and service of `chalicelib.observability`'s metrics."""
PERIOD: Final = Duration.minutes(5)
COUNTED: Final = {
    "OverdueComplaints": "a complaint was not decided in five working days (§6-2)",
    "LateSettlements": "a day's money is not on its way to the budget, and its last business day is today or over (§24)",
    "UnpayableDays": "a day begins whose money no business day can bring to the budget in time (§24, D29)",
    "OverdueBankDifferences": "the bank's statements and the ledger differ, or a line or transfer is open, for longer than is usual (D30)",
    "RegionsWithoutRequisites": "a region's budget is owed money and its bank details are not set (D27)",
}
"""What the steps of the day count, and what it means where it is more than none."""
UNREAD_SECONDS: Final = 300


class Alarms(Construct):  # type: ignore[misc]  # the types of the CDK are not followed
    """
    Alarms into one topic, to which the operator subscribes.
    """

    def __init__(
        self, scope: Construct, id_: str, *, key: kms.IKey, api: Api, steps: Steps, workflows: Workflows, gateways: Gateways
    ) -> None:
        super().__init__(scope, id_)
        self.topic = sns.Topic(self, "Topic", master_key=key)
        self._action = actions.SnsAction(self.topic)
        for task in Task:
            self._above(f"Parked{task.value.title().replace('_', '')}", _parked(task), 0, "an outbox message failed ten times")
        dead = gateways.dead_letters.metric_approximate_number_of_messages_visible(period=PERIOD)
        self._above("DeadLetters", dead, 0, "what a gateway said could not be taken in")
        age = gateways.uplink.metric_approximate_age_of_oldest_message(period=PERIOD)
        self._above("UplinkUnread", age, UNREAD_SECONDS, "what gateways say is not taken in")
        for name, errors in steps.failures().items():
            self._above(f"Fails{name.title().replace('_', '')}", errors, 2, f"the step {name} fails")
        for name, failed in workflows.failures().items():
            self._above(f"Fails{name.title()}", failed, 0, f"the {name} order of steps fails")
        for name, meaning in COUNTED.items():
            self._above(name, _said(name, "Maximum"), 0, meaning)
        self._above("ProviderSilent", _said("ProviderSilent", "Minimum"), 0, "the payment provider does not answer")
        self._above("NewDifferences", _said("NewDifferences", "Sum"), 0, "the payment provider and the ledger do not agree (D30)")
        self._above("FeesUnknownSoon", _said("FeesUnknownSoon", "Maximum"), 0, "the fees of a coming month are not decreed yet (§25, D27)")
        self._above("ApiFails", api.function.metric_errors(period=PERIOD), 0, "the API's function fails")

    def _above(self, name: str, metric: cloudwatch.IMetric, threshold: int, meaning: str) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=meaning,
        )
        alarm.add_alarm_action(self._action)


def _parked(task: Task) -> cloudwatch.Metric:
    dimensions = {"service": NAMESPACE, "task": task.value}
    return cloudwatch.Metric(namespace=NAMESPACE, metric_name="ParkedMessages", dimensions_map=dimensions, statistic="Sum", period=PERIOD)


def _said(name: str, statistic: str) -> cloudwatch.Metric:
    dimensions = {"service": NAMESPACE}
    return cloudwatch.Metric(namespace=NAMESPACE, metric_name=name, dimensions_map=dimensions, statistic=statistic, period=PERIOD)
