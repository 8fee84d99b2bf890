"""
How every Lambda of ours is made: the one package, a role of its own that may do nothing yet, a log group that forgets.
"""

from dataclasses import dataclass
from typing import Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from chalicelib.contracts import topics
from infra.deployment import Deployment, arn
from infra.package import Package
from infra.rights import Rights
from infra.tables import Tables

LOGS_KEPT: Final = logs.RetentionDays.THREE_MONTHS
FLEET: Final = topics.thing("*")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What every function stands on.
    """

    deployment: Deployment
    package: Package
    tables: Tables
    environment: dict[str, str]
    secrets: secretsmanager.ISecret
    photos: str
    """ARN of the photographs' bucket."""

    def function(self, scope: Construct, name: str, *, handler: str, memory: int, seconds: int, rights: Rights) -> lambda_.Function:
        """
        Make a function that may do what its rights say and nothing else.
        """
        role = iam.Role(scope, f"{name}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        group = logs.LogGroup(scope, f"{name}Logs", retention=LOGS_KEPT, removal_policy=RemovalPolicy.DESTROY)
        group.grant_write(role)
        self.tables.grant(role, rights)
        self._grant_outside(role, rights)
        return lambda_.Function(
            scope,
            name,
            runtime=lambda_.Runtime(f"python{self.package.python}", lambda_.RuntimeFamily.PYTHON),
            architecture=lambda_.Architecture.X86_64,
            code=lambda_.Code.from_asset(str(self.package.archive)),
            handler=handler,
            memory_size=memory,
            timeout=Duration.seconds(seconds),
            role=role,
            log_group=group,
            environment=self.environment,
        )

    def _grant_outside(self, role: iam.Role, rights: Rights) -> None:
        if rights.secrets:
            self.secrets.grant_read(role)
        if rights.photos:
            for prefix, actions in rights.photos.items():
                role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=[f"{self.photos}/{prefix}*"]))
            role.add_to_policy(
                iam.PolicyStatement(actions=["s3:ListBucket"], resources=[self.photos])
            )  # else an absent photograph is a 403
        if rights.topics:
            published = [arn(role, "iot", f"topic/{topics.PREFIX}/{FLEET}/{last}") for last in sorted(rights.topics)]
            role.add_to_policy(iam.PolicyStatement(actions=["iot:Publish"], resources=published))
        if "admissions" in rights.topics:
            # a named shadow is written under its thing's ARN or its own, depending on who judges
            shadows = [arn(role, "iot", f"thing/{FLEET}"), arn(role, "iot", f"thing/{FLEET}/{topics.SHADOW_NAME}")]
            role.add_to_policy(iam.PolicyStatement(actions=["iot:UpdateThingShadow"], resources=shadows))
