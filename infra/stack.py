"""
The whole queue as one stack: one construct per capability.
"""

from typing import Any

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from chalicelib.jurisdictions import jurisdiction
from infra.alarms import Alarms
from infra.api import Api
from infra.deployment import Deployment
from infra.functions import Surroundings
from infra.gateways import Gateways, PhotosKept
from infra.package import Package
from infra.steps import Steps
from infra.tables import Tables
from infra.workflows import Workflows


class Queue(Stack):  # type: ignore[misc]  # the types of the CDK are not followed
    """
    Tables, API, steps, gateways, alarms, and the key that encrypts what they keep.
    """

    def __init__(self, scope: Construct, id_: str, *, deployment: Deployment, package: Package, **options: Any) -> None:
        super().__init__(scope, id_, **options)
        key = kms.Key(self, "Key", enable_key_rotation=True, removal_policy=RemovalPolicy.RETAIN, description="What the queue keeps")
        key.grant_encrypt_decrypt(iam.ServicePrincipal("cloudwatch.amazonaws.com"))  # alarms publish to an encrypted topic
        tables = Tables(self, "Tables", deployment=deployment, key=key)
        gateways = Gateways(self, "Gateways", deployment=deployment, key=key, photos_kept=photos_kept())
        around = Surroundings(
            deployment=deployment,
            package=package,
            tables=tables,
            environment={**deployment.environment(self), "QUEUE_PHOTOS_BUCKET": gateways.photos.bucket_name},
            secrets=secretsmanager.Secret.from_secret_name_v2(self, "Secrets", deployment.secret),
            photos=gateways.photos.bucket_arn,
        )
        api = Api(self, "Api", around=around)
        steps = Steps(self, "Steps", around=around, uplink=gateways.uplink)
        workflows = Workflows(self, "Workflows", functions=steps.functions)
        Alarms(self, "Alarms", key=key, api=api, steps=steps, workflows=workflows, gateways=gateways)


def photos_kept() -> PhotosKept:
    """
    Give the days that photographs of passages are kept (D31), as the jurisdiction's policies have it.
    """
    policies = jurisdiction().policies
    days, after = (max(days for _, days in policies[name].history) for name in ("crossing_photo_kept", "complaint_term"))
    return PhotosKept(days, after)
