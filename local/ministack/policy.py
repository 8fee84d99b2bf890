"""
What a gateway's certificate may do: its own client id, its own topics one by one, its own shadow. Made from the contract, so that it cannot drift.

Beside gateways there is an observer, for tests and the story: it hears everything and can say nothing.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.contracts import topics

THING: Final = "${iot:Connection.Thing.ThingName}"

SHADOW_REQUESTS: Final = ("get", "update")
SHADOW_ANSWERS: Final = ("get/accepted", "get/rejected", "update/accepted", "update/rejected", "update/delta", "update/documents")


OBSERVER: Final = "observer"


def gateway(*, region: str, account: str) -> str:
    """
    Write the IoT policy of all gateways (JSON). The thing's name comes from the certificate that connects (T16).
    """
    arn = f"arn:aws:iot:{region}:{account}"
    publishes = [*topics.from_device(THING), *(_shadow(verb) for verb in SHADOW_REQUESTS)]
    listens = [*topics.to_device(THING), *(_shadow(verb) for verb in SHADOW_ANSWERS)]
    statements: list[Mapping[str, Any]] = [
        {
            "Effect": "Allow",
            "Action": "iot:Connect",
            "Resource": f"{arn}:client/{THING}",
            "Condition": {"Bool": {"iot:Connection.Thing.IsAttached": "true"}},
        },
        {"Effect": "Allow", "Action": "iot:Publish", "Resource": [f"{arn}:topic/{topic}" for topic in publishes]},
        {"Effect": "Allow", "Action": "iot:Receive", "Resource": [f"{arn}:topic/{topic}" for topic in listens]},
        {"Effect": "Allow", "Action": "iot:Subscribe", "Resource": [f"{arn}:topicfilter/{topic}" for topic in listens]},
    ]
    return _document(statements)


def observer(*, region: str, account: str) -> str:
    """
    Write the IoT policy of observers (JSON): client ids `observer-…`, all queue topics and gateways' shadows, to hear only.
    """
    arn = f"arn:aws:iot:{region}:{account}"
    heard = [f"{topics.PREFIX}/*", f"$aws/things/*/shadow/name/{topics.SHADOW_NAME}/*"]
    return _document(
        [
            {"Effect": "Allow", "Action": "iot:Connect", "Resource": f"{arn}:client/{OBSERVER}-*"},
            {"Effect": "Allow", "Action": "iot:Receive", "Resource": [f"{arn}:topic/{topic}" for topic in heard]},
            {"Effect": "Allow", "Action": "iot:Subscribe", "Resource": [f"{arn}:topicfilter/{topic}" for topic in heard]},
        ]
    )


def _document(statements: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _shadow(verb: str) -> str:
    return f"$aws/things/{THING}/shadow/name/{topics.SHADOW_NAME}/{verb}"
