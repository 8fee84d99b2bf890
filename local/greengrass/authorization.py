"""
What a component may do is what its recipe's `accessControl` lists, as in Greengrass v2: operations and resources per service.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from local.greengrass import bus

PUBSUB: Final = "aws.greengrass.ipc.pubsub"
MQTT_PROXY: Final = "aws.greengrass.ipc.mqttproxy"
MODEL: Final = "aws.greengrass#"


@dataclass(frozen=True, slots=True)
class Policy:
    """
    One entry of `accessControl`: operations (with `aws.greengrass#`, or `*`) on resources (topics, `*` for any text).
    """

    service: str
    operations: frozenset[str]
    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Permissions:
    """
    All policies of a component. What is not listed is refused.
    """

    policies: tuple[Policy, ...] = ()

    def allow(self, *, service: str, operation: str, resource: str) -> bool:
        """
        Tell whether a policy of the service covers operation and topic.
        """
        return any(
            policy.service == service
            and (operation in policy.operations or "*" in policy.operations)
            and any(covers(pattern, resource) for pattern in policy.resources)
            for policy in self.policies
        )


def covers(pattern: str, resource: str) -> bool:
    """
    Tell whether a listed resource covers a topic: literally, by MQTT wildcard, or by `*` (Greengrass 2.6 and later).
    """
    if pattern == resource or bus.matches(pattern, resource):
        return True
    if "*" not in pattern:
        return False
    return re.fullmatch(".*".join(re.escape(piece) for piece in pattern.split("*")), resource) is not None


def permissions(access_control: Mapping[str, Any]) -> Permissions:
    """
    Read an `accessControl` object, its recipe variables already replaced.
    """
    return Permissions(
        tuple(
            Policy(service=service, operations=frozenset(map(_qualified, policy["operations"])), resources=tuple(policy["resources"]))
            for service, policies in access_control.items()
            for policy in policies.values()
        )
    )


def _qualified(operation: str) -> str:
    return operation if operation == "*" or operation.startswith(MODEL) else MODEL + operation
