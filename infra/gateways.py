"""
Where gateways meet the cloud: their IoT policy, the rules that put what they say into one queue, the bucket of their photographs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from aws_cdk import Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_iot as iot
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chalicelib.contracts import topics
from chalicelib.gateways.photos import DECIDED, PASSED
from infra.deployment import Deployment
from infra.steps import SECONDS

THING: Final = "${iot:Connection.Thing.ThingName}"
SHADOW_REQUESTS: Final = ("get", "update")
SHADOW_ANSWERS: Final = ("get/accepted", "get/rejected", "update/accepted", "update/rejected", "update/delta", "update/documents")
SQL_VERSION: Final = "2016-03-23"
TRIES: Final = 10
"""A message that failed this often is parked in the dead-letter queue, and alarmed."""
KEPT: Final = Duration.days(14)
VISIBILITY: Final = Duration.seconds(6 * SECONDS)
"""Six times the function's timeout, as Lambda asks of a queue it polls."""


def statements(prefix: str) -> Sequence[dict[str, Any]]:
    """
    Write what a gateway's certificate may do: its own client id, its own topics one by one, its own shadow (T16). `prefix`: ARN up to the resource.
    """
    publishes = [*topics.from_device(THING), *(_shadow(verb) for verb in SHADOW_REQUESTS)]
    listens = [*topics.to_device(THING), *(_shadow(verb) for verb in SHADOW_ANSWERS)]
    attached = {"Bool": {"iot:Connection.Thing.IsAttached": "true"}}
    return [
        {"Effect": "Allow", "Action": "iot:Connect", "Resource": f"{prefix}:client/{THING}", "Condition": attached},
        {"Effect": "Allow", "Action": "iot:Publish", "Resource": [f"{prefix}:topic/{topic}" for topic in publishes]},
        {"Effect": "Allow", "Action": "iot:Receive", "Resource": [f"{prefix}:topic/{topic}" for topic in listens]},
        {"Effect": "Allow", "Action": "iot:Subscribe", "Resource": [f"{prefix}:topicfilter/{topic}" for topic in listens]},
    ]


def selection(pattern: str) -> str:
    """
    Write a rule's SQL: the message with its topic beside it, as `functions/receive_uplink` takes it.
    """
    return f"SELECT topic() AS topic, * AS payload FROM '{pattern}'"  # noqa: S608 - our own topic names


@dataclass(frozen=True, slots=True)
class PhotosKept:
    """
    Days that photographs of passages are kept (D31), and copies of those that a complaint bore on, after its decision; before it they stay.
    """

    days: int
    after_decision_days: int


class Gateways(Construct):  # type: ignore[misc]  # the types of the CDK are not followed
    """
    The cloud's side of every gateway.
    """

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment, key: kms.IKey, photos_kept: PhotosKept) -> None:
        super().__init__(scope, id_)
        self.photos = self._photos(key, photos_kept)
        self.dead_letters = sqs.Queue(self, "DeadLetters", encryption_master_key=key, retention_period=KEPT, enforce_ssl=True)
        self.uplink = sqs.Queue(
            self,
            "Uplink",
            encryption_master_key=key,
            retention_period=KEPT,
            visibility_timeout=VISIBILITY,
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=TRIES, queue=self.dead_letters),
            enforce_ssl=True,
        )
        self._rules(deployment)
        self._policy(deployment)

    def _photos(self, key: kms.IKey, kept: PhotosKept) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Photos",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            lifecycle_rules=[
                s3.LifecycleRule(prefix=PASSED, expiration=Duration.days(kept.days)),
                s3.LifecycleRule(prefix=DECIDED, expiration=Duration.days(kept.after_decision_days)),
                s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(1)),
            ],
            removal_policy=RemovalPolicy.RETAIN,
        )

    def _rules(self, deployment: Deployment) -> None:
        role = iam.Role(self, "RulesRole", assumed_by=iam.ServicePrincipal("iot.amazonaws.com"))
        self.uplink.grant_send_messages(role)
        for pattern in topics.from_device("+"):
            last = pattern.rsplit("/", 1)[1].replace("-", "_")
            action = iot.CfnTopicRule.SqsActionProperty(queue_url=self.uplink.queue_url, role_arn=role.role_arn, use_base64=False)
            iot.CfnTopicRule(
                self,
                "Rule" + last.title().replace("_", ""),
                rule_name=f"queue_{deployment.stage}_{last}",
                topic_rule_payload=iot.CfnTopicRule.TopicRulePayloadProperty(
                    sql=selection(pattern), aws_iot_sql_version=SQL_VERSION, actions=[iot.CfnTopicRule.ActionProperty(sqs=action)]
                ),
            )

    def _policy(self, deployment: Deployment) -> None:
        prefix = f"arn:{Aws.PARTITION}:iot:{Stack.of(self).region}:{Stack.of(self).account}"
        document = {"Version": "2012-10-17", "Statement": statements(prefix)}
        iot.CfnPolicy(self, "Policy", policy_name=f"queue-gateway-{deployment.stage}", policy_document=document)


def _shadow(verb: str) -> str:
    return f"$aws/things/{THING}/shadow/name/{topics.SHADOW_NAME}/{verb}"
