"""
How gateways' messages reach our handlers: one topic rule per kind of message, into one queue, with a dead-letter queue behind it.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.contracts import topics

QUEUE: Final = "gateway-uplink"
DEAD_LETTERS: Final = "gateway-uplink-dead-letters"
ROLE: Final = "gateway-uplink"

SQL_VERSION: Final = "2016-03-23"
"""`topic()` and nested objects as AWS documents them for this version."""

TRIES: Final = 10
"""A message that failed this often is parked and alarmed."""

VISIBILITY_SECONDS: Final = 30

ATTRIBUTES: Final = {
    "VisibilityTimeout": str(VISIBILITY_SECONDS),
    "ReceiveMessageWaitTimeSeconds": "0",
    "MessageRetentionPeriod": "1209600",
}


@dataclass(frozen=True, slots=True)
class Queues:
    """
    Addresses of the uplink and of what could not be handled.
    """

    uplink: str
    dead_letters: str


def ensure_queues(sqs: Any) -> Queues:
    """
    Create both queues unless they are there.
    """
    dead = sqs.create_queue(QueueName=DEAD_LETTERS, Attributes=ATTRIBUTES)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": TRIES})
    uplink = sqs.create_queue(QueueName=QUEUE, Attributes={**ATTRIBUTES, "RedrivePolicy": redrive})["QueueUrl"]
    return Queues(uplink=uplink, dead_letters=dead)


def ensure_rules(iot: Any, iam: Any, *, queue: str) -> None:
    """
    Send every message of `topics.from_device` to the queue as `{"topic": …, "payload": <the message>}`.
    """
    role = _role(iam)
    existing = {rule["ruleName"] for rule in iot.list_topic_rules().get("rules", [])}
    for pattern in topics.from_device("+"):
        name = "uplink_" + pattern.rsplit("/", 1)[1].replace("-", "_")
        if name in existing:
            continue
        rule = {
            "sql": f"SELECT topic() AS topic, * AS payload FROM '{pattern}'",  # noqa: S608 - our own topic names
            "awsIotSqlVersion": SQL_VERSION,
            "actions": [{"sqs": {"roleArn": role, "queueUrl": queue, "useBase64": False}}],
        }
        iot.create_topic_rule(ruleName=name, topicRulePayload=rule)


def _role(iam: Any) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": "iot.amazonaws.com"}, "Action": "sts:AssumeRole"}
    grant = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": f"arn:aws:sqs:*:*:{QUEUE}"}
    try:
        role = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    except iam.exceptions.EntityAlreadyExistsException:
        role = iam.get_role(RoleName=ROLE)
    iam.put_role_policy(RoleName=ROLE, PolicyName="send", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [grant]}))
    return str(role["Role"]["Arn"])
