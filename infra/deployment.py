"""
What differs between deployments of the same system, and how its things are named.
"""

from dataclasses import dataclass
from typing import Final

from aws_cdk import Fn, Stack
from aws_cdk import aws_ssm as ssm
from constructs import Construct

AUDIENCE: Final = "queue-api"
PARAMETERS: Final = {
    "QUEUE_ISSUER": "issuer",
    "QUEUE_RELAY_URL": "relay-url",
    "QUEUE_SMS_URL": "sms-url",
    "QUEUE_PUSH_URL": "push-url",
    "QUEUE_MESSENGER_URL": "messenger-url",
    "QUEUE_PAGES_URL": "pages-url",
    "QUEUE_FIRST_DAY": "first-day",
    "QUEUE_PAYEE": "payee",
    "QUEUE_PAYMENTS_KEY": "payments-publishable-key",
}
"""
Environment variables whose values the operator keeps in Parameter Store, by the last part of their name there. The stack resolves them when it is
deployed, so no function may read Parameter Store.
"""


@dataclass(frozen=True, slots=True)
class Deployment:
    """
    One deployment: `stage` is part of every name; `python` is the runtime that the package was made for.
    """

    stage: str
    python: str

    @property
    def table_prefix(self) -> str:
        """
        Start every table's name.
        """
        return f"queue-{self.stage}-"

    @property
    def secret(self) -> str:
        """
        Name the secret of keys and tokens, which the operator makes by hand, once: no template holds it.
        """
        return f"queue/{self.stage}/secrets"

    def parameter(self, name: str) -> str:
        """
        Name a value in Parameter Store.
        """
        return f"/queue/{self.stage}/{name}"

    def environment(self, scope: Construct) -> dict[str, str]:
        """
        Give the settings that every function has (`chalicelib/settings.py`), but for the bucket.
        """
        kept = {name: ssm.StringParameter.value_for_string_parameter(scope, self.parameter(last)) for name, last in PARAMETERS.items()}
        return {
            **kept,
            "QUEUE_TABLE_PREFIX": self.table_prefix,
            "QUEUE_SECRETS": self.secret,
            "QUEUE_AUDIENCE": AUDIENCE,
            "POWERTOOLS_SERVICE_NAME": "queue",
            "POWERTOOLS_LOG_LEVEL": "INFO",
        }


def arn(scope: Construct, service: str, resource: str) -> str:
    """
    Spell the ARN of something of this account and region.
    """
    return str(Stack.of(scope).format_arn(service=service, resource=resource))


def join(*parts: str) -> str:
    """
    Join strings of which some are known at deployment only.
    """
    return str(Fn.join("", list(parts)))
